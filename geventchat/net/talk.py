"""One chat connection's conversation, from the first byte to the last.

The dialect says what it needs; this drives it, in the connection's greenlet,
which is the one place that may wait.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

from geventchat.chat.commands import Quit
from geventchat.chat.events import Entry
from geventchat.chat.presence import Session
from geventchat.chat.proposals import Proposals
from geventchat.dialects.base import (
    Arrive,
    Dialect,
    HangUp,
    ReadLines,
    ReadSeen,
    Request,
    Settle,
    Steps,
    Warm,
)
from geventchat.errors import CloseReason, Refused, StoreError
from geventchat.net.backlog import Reader
from geventchat.net.connection import Connection
from geventchat.net.flusher import Flusher


class Order(Protocol):
    """What a conversation needs of the journal. Reading may raise `StoreError`."""

    def settle(self, session: Session) -> None:
        """Wait until every draft of the session is applied or refused."""

    def lines(self, room: str, before: int | None, limit: int) -> list[Entry]:
        """History, oldest first."""

    def last_seen(self, nick: str) -> Entry | None:
        """When a nick was last heard of."""


class Host(NamedTuple):
    """What all conversations share."""

    proposals: Proposals
    order: Order
    flusher: Flusher


class Talk:
    """Drives one dialect over one connection."""

    __slots__ = ("_connection", "_dialect", "_host", "_session")

    def __init__(self, host: Host, connection: Connection, dialect: Dialect) -> None:
        self._host = host
        self._connection = connection
        self._dialect = dialect
        self._session: Session | None = None

    def run(self) -> HangUp:
        """Talk until one side ends it; return why."""
        connection = self._connection
        end = self._drive(self._dialect.opened())
        while end is None:
            data = connection.read()
            if not data:
                return HangUp(connection.closed or connection.dismissed or CloseReason.EOF)
            end = self._drive(self._dialect.received(data))
        return end

    def finish(self, end: HangUp) -> None:
        """Take the session out of the chat and close in good order."""
        session, connection = self._session, self._connection
        connection.deliver()
        if session is not None:
            session.link = None
            if session.identity.session in self._host.proposals.state.sessions:
                self._leave(session, end)
        connection.hang_up(self._dialect.farewell(end.reason))
        connection.reader = None

    def _leave(self, session: Session, end: HangUp) -> None:
        reason = end.message or ("" if end.reason is CloseReason.QUIT else end.reason.value)
        try:
            self._host.proposals.handle(session, Quit(reason))
        except Refused:
            pass  # It was removed a moment ago.
        session.outbox.clear()

    def _drive(self, steps: Steps) -> HangUp | None:
        """Carry out what the dialect asks until it is done; then its drafts settle."""
        answer: Any = None
        try:
            while True:
                request = steps.send(answer)
                if isinstance(request, HangUp):
                    self._settle()
                    return request
                answer = self._perform(request)
        except StopIteration:
            pass
        self._settle()
        return None

    def _settle(self) -> None:
        """Wait for this session's drafts, then let its replies out before more is read."""
        session = self._session
        if session is None:
            return
        if session.unsettled:
            self._host.order.settle(session)
        if session.outbox:
            self._connection.deliver()
            if session.outbox:
                self._connection.wait_drained()

    def _perform(self, request: Request) -> Any:
        order = self._host.order
        try:
            match request:
                case Settle():
                    self._settle()
                case Arrive(via, user):
                    return self._arrive(via, user)
                case Warm(room):
                    self._warm(room)
                case ReadLines(room, before, limit):
                    return order.lines(room, before, limit)
                case ReadSeen(nick):
                    return order.last_seen(nick)
        except StoreError as error:
            return error
        return None

    def _arrive(self, via: str, user: str) -> Session | None:
        session = self._host.proposals.arrive(via, user, self._connection.address)
        session.link = self._connection
        self._connection.reader = Reader(
            session, self._dialect, self._host.proposals.state.config.outbox_max_items
        )
        self._host.order.settle(session)
        if session.identity.session not in self._host.proposals.state.sessions:
            self._host.proposals.state.expected.pop(session.identity.session, None)
            self._connection.deliver()
            return None
        self._session = session
        self._connection.deliver()
        return session

    def _warm(self, key: str) -> None:
        """Have a room's last lines at hand, so that nothing waits when it is joined."""
        state = self._host.proposals.state
        room = state.rooms.get(key)
        if room is not None and room.earlier is not None:
            return
        lines = tuple(self._host.order.lines(key, None, state.config.history_on_join_lines))
        room = state.rooms.get(key)
        if room is None:
            state.warmed[key] = lines
        elif room.earlier is None:
            room.earlier = lines
