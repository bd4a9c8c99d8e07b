"""A chat without clients on a store: it can be stopped or die, and be started again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from geventchat.chat.apply import applier, apply, check
from geventchat.chat.commands import Command
from geventchat.chat.conflicts import together
from geventchat.chat.events import SERVER, Entry, Event, Identity, Restarted
from geventchat.chat.outlet import Silent
from geventchat.chat.proposals import Proposals
from geventchat.chat.sessions import Session
from geventchat.chat.snapshot import dump, load
from geventchat.chat.state import ChatState
from geventchat.config import Config
from geventchat.errors import Refused
from geventchat.journal.checkpoints import Checkpoints
from geventchat.journal.drafts import Rules
from geventchat.journal.journal import Journal
from geventchat.journal.store import Store
from geventchat.journal.thread import StoreThread


class Run:
    """One run of it. Commands go the real way, through proposals and journal."""

    def __init__(self, store: Store, clock: Callable[[], int], **settings: Any) -> None:
        self.store, self.clock = store, clock
        self.config = Config(**settings)
        self.thread = StoreThread(store.in_thread)
        fresh = partial(ChatState, self.config.lobby, self.config.departed_max)
        self.state = fresh()
        self.journal = Journal(
            store,
            self.thread,
            Rules(
                partial(check, self.state),
                partial(together, self.state),
                applier(self.state, Silent()),
            ),
            refused=lambda number, event, refusal: None,
            applied=lambda: None,
            clock=clock,
            batch_max_events=500,
        )
        self.checkpoints = Checkpoints(
            store, self.thread, fresh, self.journal, lambda: self.config, clock
        )
        self.proposals = Proposals(self.state, self.config, self.journal.propose)
        self.journal.restore()
        self.checkpoints.restore(self.state)
        self.journal.begin(self.restarted)
        self.journal.start(self._crashed)

    @property
    def restarted(self) -> Event:
        config = self.config
        return Restarted(SERVER, config.lobby, config.departed_max, config.rooms_max)

    def _crashed(self) -> None:
        raise AssertionError("the journal crashed")

    def arrive(self, nick: str = "", address: str = "192.0.2.1", host: str = "") -> Session | None:
        """Somebody comes in, if the nick is free."""
        number = self.proposals.new_number()
        try:
            who = Identity(number, nick, "u", host or address, "Real", address=address)
            self.proposals.arrive(who, "irc")
        except Refused:
            return None
        self.journal.catch_up()
        return self.state.sessions.get(number)

    def attach(self, connection: int, to: Session) -> bool:
        """A connection becomes one more device of somebody; whether it was taken."""
        try:
            self.proposals.attach(connection, to, "phone", "irc", "192.0.2.9")
        except Refused:
            return False
        self.journal.catch_up()
        return True

    def does(self, session: Session, command: Command) -> bool:
        """Somebody asks for something; whether it was taken."""
        try:
            self.proposals.handle(session, command)
        except Refused:
            return False
        self.journal.catch_up()
        return True

    def after_a_restart(self) -> list[str]:
        """What the state has to be after a restart now."""
        state = load(dump(self.state))
        entry = Entry(self.journal.shown + 1, self.clock(), self.restarted)
        apply(state, entry, Silent())
        return list(dump(state))

    def dies(self) -> None:
        """End it without a word; what was saved is saved."""
        writer = self.journal._writer
        assert writer is not None
        writer.kill()
        self.checkpoints.stop(0)
        self.thread.join()
