"""From a session's command to the draft the journal is given. Nothing has changed yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from geventchat.chat import apply, events, rights
from geventchat.chat.canonical import Canon
from geventchat.chat.commands import Command
from geventchat.chat.events import Event, Form, Identity, Joined
from geventchat.chat.events_accounts import Attached
from geventchat.chat.names import fold
from geventchat.chat.rates import DEAR, Kind, Rates
from geventchat.chat.sessions import Session
from geventchat.chat.state import ChatState
from geventchat.config import Config
from geventchat.errors import Reason, Refused


class Proposals:
    """Drafts events, checks them against the state and hands them on.

    `propose` takes (number of the connection that asks, draft) and must neither
    switch nor raise; what becomes of the draft shows when it has settled.
    """

    def __init__(
        self, state: ChatState, config: Config, propose: Callable[[int, Event], None]
    ) -> None:
        self.state = state
        self.canon = Canon(state, config)
        self._propose = propose
        # Of the sessions that must not be too fast and have sent something, by number.
        self.rates: dict[int, Rates] = {}
        self._guests = 0
        self._numbers = 0

    @property
    def config(self) -> Config:
        """The settings as they are now."""
        return self.canon.config

    def new_number(self) -> int:
        """A number for a new session, which no other has ever had."""
        self._numbers = max(self._numbers, self.state.last_session) + 1
        return self._numbers

    def arrive(self, who: Identity, via: str, device: str = "") -> None:
        """Propose that a session comes in, under its nick or (without one) a free guest name.

        Raises `Refused` when the nick cannot be had. An account's name is its owner's to bear.
        """
        nick = self.canon.nick(who.nick, who.account) if who.nick else self.guest_nick()
        by = replace(who, nick=nick)
        event = events.Arrived(by, via, who.realname, device)
        apply.check(self.state, event)
        self._propose(who.session, event)

    def guest_nick(self) -> str:
        """A guest name nobody has."""
        while True:
            self._guests += 1
            nick = f"guest{self._guests}"
            if nick not in self.state.nicks:
                return nick

    def attach(self, connection: int, to: Session, device: str, via: str, address: str) -> None:
        """Propose that a connection becomes one more device of a session whose user it is.

        Raises `Refused` when the session has gone or has too many.
        """
        limit = self.config.devices_per_account
        if len(to.devices or ()) >= limit:
            raise Refused(Reason.TOO_MANY_DEVICES, nick=to.nick, limit=limit)
        by = replace(to.identity, session=connection, address=address)
        event = Attached(by, to.number, via, self.canon.device(device, via))
        apply.check(self.state, event)
        self._propose(connection, event)

    def rates_of(self, session: Session) -> Rates | None:
        """The buckets of a session: all its connections share them, so that many do no more."""
        found = (self.rates.get(connection) for connection in session.devices or ())
        return next((rates for rates in found if rates is not None), None)

    def draft(self, session: Session, command: Command, connection: int = 0) -> Event:
        """What a command would propose, checked. Raises `Refused` when the rules forbid it.

        `connection` is the session's that asks; 0 is its first one.
        """
        event = command.draft(session, self.canon)
        if connection and connection != session.number:
            event = replace(event, by=replace(event.by, session=connection))
        apply.check(self.state, event)
        return event

    def propose(self, event: Event) -> None:
        """Hand on a draft that was checked."""
        if self.rates and event.__class__ in DEAR:
            self._count(event)
        self._propose(event.by.session, event)

    def handle(self, session: Session, command: Command, connection: int = 0) -> None:
        """Propose what a command asks for. Raises `Refused` when the rules forbid it."""
        self.propose(self.draft(session, command, connection))

    def _count(self, event: Event) -> None:
        """Have a session pay for what is dear, by waiting behind it."""
        rates = self.rates.get(event.by.session)
        if rates is not None:
            rates.take(DEAR[event.__class__])
            if isinstance(event, Joined) and fold(event.room) not in self.state.rooms:
                rates.take(Kind.NEW_ROOMS)

    def say(
        self,
        session: Session,
        connection: int,
        room: str,
        text: str,
        form: Form = Form.MESSAGE,
    ) -> None:
        """Propose a line in a room as it is known: `handle` for `Say`, without its detours."""
        by = session.identity
        if by.session != connection:
            by = replace(by, session=connection)
        event = events.Said(by, room, self.canon.line(text), form)
        rights.may_say(self.state, event)
        self._propose(connection, event)

    def kill(self, connection: int, target: Session, reason: str) -> None:
        """Propose, for an operator's connection, that a session ends, on all its devices."""
        why, rooms = self.canon.reason(reason), target.rooms_knowing
        self._propose(connection, events.Left(target.identity, why, rooms, whole=True))
