"""The chat put together: state, journal, delivery, what belongs to accounts, and the dialects.

`app` has it served.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial

import gevent

from geventchat import log as logs
from geventchat.authentication import make_authentication
from geventchat.chat.apply import applier, check
from geventchat.chat.cloaks import Cloaks
from geventchat.chat.conflicts import together
from geventchat.chat.events import SERVER, Event, Restarted
from geventchat.chat.proposals import Proposals
from geventchat.chat.state import ChatState
from geventchat.config import Config
from geventchat.delivery.audience import Audience
from geventchat.dialects.human.dialect import HumanDialect
from geventchat.dialects.irc.dialect import IrcDialect
from geventchat.dialects.ports import Services
from geventchat.errors import CloseReason, Refused, StartError, StoreError
from geventchat.journal.bookmarks import Marks
from geventchat.journal.checkpoints import Checkpoints
from geventchat.journal.drafts import Rules
from geventchat.journal.history import history_of
from geventchat.journal.journal import Journal
from geventchat.journal.retention import Retention
from geventchat.journal.store import Store
from geventchat.journal.thread import StoreThread
from geventchat.net.acknowledged import progress_of
from geventchat.net.admission import Admission
from geventchat.net.flusher import Flusher
from geventchat.net.handler import Doors
from geventchat.net.service import ChatService, Connections
from geventchat.orders import Orders
from geventchat.settings import Settings
from geventchat.upkeep import Chore, drop_unused_rooms

log = logging.getLogger(__name__)


def now_ms() -> int:
    """The server's clock: milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Chat:
    """State, journal, delivery and dialects, put together."""

    def __init__(
        self, settings: Settings, store: Store, connections: Connections, admission: Admission
    ) -> None:
        config = settings.now
        self._host = Cloaks(store.secret()).cloak if config.cloak_hosts else str
        self.state = ChatState(config.lobby, config.departed_max)
        self.audience = Audience(config)
        self._store, self._thread = store, StoreThread(store.in_thread)
        self.journal = self._ordering(config)
        self.history = history_of(store, self.journal, settings, self._host)
        self.proposals = Proposals(self.state, config, self.journal.propose)
        fresh = partial(ChatState, config.lobby, config.departed_max)
        self.checkpoints = Checkpoints(store, self._thread, fresh, self.journal, settings, now_ms)
        self.passwords = make_authentication(
            self.state, store, self._thread, admission, settings, now_ms
        )
        self.marks = Marks(store, self._thread, self.audience.followed, progress_of, now_ms)
        self.chores = self._upkeep(settings)
        settings.changed.append(self._settings_changed)
        services = Services(
            self.proposals,
            self.audience,
            self.journal,
            self.history,
            settings.reload,
            logs.Sparing(log).record,
            admission.guess,
            self.passwords,
            self.marks,
        )
        self.owner_token = services.owner_token
        self.orders = Orders(store, self._thread, services, now_ms)
        self.chores.append(Chore(1, 1, self.orders.look))
        self.service = ChatService(connections, services, self._doors(admission), now_ms)

    def _ordering(self, config: Config) -> Journal:
        """The journal, with the chat's rules."""
        return Journal(
            self._store,
            self._thread,
            Rules(
                check=partial(check, self.state),
                together=partial(together, self.state),
                apply=applier(self.state, self.audience),
            ),
            refused=self._refused,
            applied=Flusher(self.audience).flush,
            clock=now_ms,
            # One batch must fit into a room's log, or those who are up to date would skip lines.
            batch_max_events=min(config.batch_max_events, config.backlog_events),
        )

    def _upkeep(self, settings: Settings) -> list[Chore]:
        """What is done now and then."""
        retention = Retention(self._store, self._thread, self.audience, settings, now_ms)
        return [
            Chore(600, 5, retention.sweep),
            Chore(1, 2, retention.erase),
            Chore(
                60, 30, lambda: drop_unused_rooms(self.state, self.journal, settings(), now_ms())
            ),
        ]

    def _doors(self, admission: Admission) -> Doors:
        """The dialects there are, and how one is made for a client."""
        return Doors(
            human=lambda address: HumanDialect(
                self.proposals, now_ms, self._host(address), address
            ),
            pipe=lambda address: HumanDialect(
                self.proposals, now_ms, self._host(address), address, piped=True
            ),
            irc=lambda address: IrcDialect(
                self.proposals, self.audience, now_ms, self._host(address), address
            ),
            limited=admission.limited,
        )

    def _refused(self, number: int, event: Event, refusal: Refused) -> None:
        """Tell the author of a draft that it came to nothing."""
        outbox = self.audience.outboxes.get(number)
        if outbox is None:
            return
        try:
            outbox.presenter.refused(event, refusal)
        except Exception:
            # Our bug, one client's trouble: the journal goes on.
            log.exception("cannot tell a refusal")
            if outbox.sink is not None:
                outbox.sink.abort(CloseReason.CRASH)

    def start(self, crashed: Callable[[], None]) -> None:
        """Restore what earlier runs left and begin to take events. Raises `StartError`.

        `crashed` is called when the journal can go on no longer.
        """
        config = self.proposals.config
        restarted = Restarted(SERVER, config.lobby, config.departed_max, config.rooms_max)
        try:
            self.journal.restore()
            self.checkpoints.restore(self.state)
            self.journal.begin(restarted)
        except StoreError as error:
            raise StartError(f"cannot use database {self._store.name}: {error}") from error
        self.journal.start(crashed)
        self.history.start()
        self.checkpoints.start()
        self._following = gevent.spawn(self.marks.run, self.audience.outboxes)

    def tick(self) -> None:
        """A second is over."""
        self.passwords.tick()
        for chore in self.chores:
            chore.tick()

    def invite_owner(self) -> list[str]:
        """What the one who starts the server is told, as long as nobody rules it."""
        if any(account.oper for account in self.state.accounts.values()):
            return []
        return [f"owner token: {self.owner_token.make()} (/register, then /owner TOKEN)"]

    def stop(self, timeout_s: float) -> None:
        """Save what is pending and close the store, within so many seconds."""
        end = time.monotonic() + timeout_s
        for chore in self.chores:
            chore.stop()
        self.history.close(timeout_s / 4)
        self.passwords.close(timeout_s / 4)
        self._following.kill()
        self.marks.save()
        self.journal.drain((end - time.monotonic()) / 2)
        self.checkpoints.stop((end - time.monotonic()) / 2)
        self.journal.stop(end - time.monotonic())

    def _settings_changed(self, config: Config) -> None:
        self.proposals.canon.config = config
        self.audience.settings_changed(config)
