"""One chat connection's conversation, from the first byte to the last.

The dialect says what it needs; this drives it, in the connection's greenlet,
which is the one place that may wait.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from geventchat.chat.commands import Quit
from geventchat.chat.events import Entry
from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.chat.presence import Session
from geventchat.chat.proposals import Proposals
from geventchat.dialects.base import (
    Arrive,
    Barrier,
    Dialect,
    HangUp,
    Kill,
    OpenSession,
    ReadEvent,
    ReadHistory,
    ReadLines,
    ReadPeers,
    ReadSeen,
    Reload,
    Request,
    Settle,
    Steps,
    Warm,
)
from geventchat.errors import CloseReason, Refused, StoreError
from geventchat.net.backlog import Reader
from geventchat.net.connection import Connection
from geventchat.net.detection import Protocol as Protocol_
from geventchat.net.detection import listen, listen_late
from geventchat.net.flusher import Flusher


class JournalPort(Protocol):
    """What a conversation needs of the journal. Reading may raise `StoreError`."""

    def settle(self, session: Session) -> None:
        """Wait until every draft of the session is applied or refused."""

    def catch_up(self) -> None:
        """Wait until every draft proposed so far is applied or refused."""

    def lines(self, room: str, before: int | None, limit: int) -> list[Entry]:
        """History, oldest first."""

    def last_seen(self, nick: str) -> Entry | None:
        """When a nick was last heard of."""

    def history(self, wanted: HistoryQuery, session: int, since: int) -> list[Entry]:
        """A stretch of history; private talks of that session, from event number `since` on."""

    def peers(
        self, reach: HistoryRange, limit: int, session: int, since: int
    ) -> list[tuple[str, int]]:
        """With whom that session talked in a reach, and when last."""

    def event(self, number: int) -> Entry | None:
        """The event of that number."""


class Services(NamedTuple):
    """What all conversations share.

    `person` and `program` make the dialects of people and of IRC clients;
    `reload` reads the settings again and tells in a line what came of it.
    """

    proposals: Proposals
    order: JournalPort
    flusher: Flusher
    person: Callable[[], Dialect]
    program: Callable[[], Dialect]
    reload: Callable[[], str]


class ChatHandler:
    """Drives one dialect over one connection."""

    __slots__ = ("_connection", "_dialect", "_host", "_session")

    def __init__(self, host: Services, connection: Connection) -> None:
        self._host = host
        self._connection = connection
        self._dialect: Dialect | None = None
        self._session: Session | None = None

    def run(self) -> HangUp:
        """ChatHandler until one side ends it; return why."""
        connection = self._connection
        end = self._begin() or self._await_arrival()
        dialect = self._dialect
        while end is None and dialect is not None:
            data = connection.read()
            if not data:
                return self._ended()
            end = self._drive(dialect.received(data))
        return end or self._ended()

    def _await_arrival(self) -> HangUp | None:
        """Listen to an IRC client until it has said who it is, but not for ever."""
        state = self._host.proposals.state
        until = time.monotonic() + state.config.registration_timeout_s
        session, dialect = self._session, self._dialect
        while session is not None and session.identity.session not in state.sessions:
            data = self._connection.read_within(max(0.0, until - time.monotonic()))
            if data is None:
                return HangUp(CloseReason.NOT_REGISTERED)
            if not data or dialect is None:
                return self._ended()
            end = self._drive(dialect.received(data))
            if end is not None:
                return end
        return None

    def _ended(self) -> HangUp:
        connection = self._connection
        return HangUp(connection.closed or connection.close_requested or CloseReason.EOF)

    def _begin(self) -> HangUp | None:
        """Find out who speaks, and take in the first words."""
        config = self._host.proposals.state.config
        connection = self._connection
        who, data = listen(connection, config.detection_silence_s, config.first_line_timeout_s)
        if who is Protocol_.UNKNOWN:
            end = self._meet(self._host.person())
            if end is not None:
                return end
            who, data = listen_late(connection)
            if who is Protocol_.IRC:
                self._part()
                end = self._meet(self._host.program())
        elif not data:
            return self._ended()
        elif who is Protocol_.HTTP:
            return HangUp(CloseReason.HTTP)
        else:
            make = self._host.program if who is Protocol_.IRC else self._host.person
            end = self._meet(make())
        if end is not None or self._dialect is None:
            return end
        return self._drive(self._dialect.received(data)) if data else self._ended()

    def _meet(self, dialect: Dialect) -> HangUp | None:
        self._dialect = dialect
        return self._drive(dialect.opened())

    def _part(self) -> None:
        """End a person's session; the connection goes on as something else."""
        session = self._session
        if session is not None:
            self._leave(session, HangUp(CloseReason.QUIT))
            self._host.order.settle(session)
            session.link = None
        self._session = self._connection.reader = None

    def finish(self, end: HangUp) -> None:
        """Take the session out of the chat and close in good order."""
        session, connection = self._session, self._connection
        connection.deliver()
        if session is not None:
            session.link = None
            self._leave(session, end)
            # Who is told that the connection ends is gone for everybody else too.
            self._host.order.settle(session)
        last_words = b"" if self._dialect is None else self._dialect.farewell(end.reason)
        connection.close(last_words)
        connection.reader = None

    def _leave(self, session: Session, end: HangUp) -> None:
        if session.identity.session not in self._host.proposals.state.sessions:
            return  # It never came in, or was put out.
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
                case Barrier():
                    order.catch_up()
                case OpenSession(via, user):
                    return self._introduce(via, user)
                case Arrive():
                    return self._arrive()
                case Warm(room):
                    self._warm(room)
                case ReadLines(room, before, limit):
                    return order.lines(room, before, limit)
                case ReadSeen(nick):
                    return order.last_seen(nick)
                case ReadHistory(wanted):
                    me = self._me
                    return order.history(wanted, me.identity.session, me.arrived)
                case ReadPeers(reach, limit):
                    me = self._me
                    return order.peers(reach, limit, me.identity.session, me.arrived)
                case ReadEvent(number):
                    return order.event(number)
                case Kill(target, reason):
                    self._kill(target, reason)
                case Reload():
                    return self._host.reload()
        except StoreError as error:
            return error
        return None

    @property
    def _me(self) -> Session:
        assert self._session is not None
        return self._session

    def _introduce(self, via: str, user: str) -> Session:
        proposals, connection = self._host.proposals, self._connection
        session = proposals.expect(via, user, connection.address)
        session.link = connection
        assert self._dialect is not None
        most = proposals.state.config.outbox_max_items
        connection.reader = Reader(session, self._dialect, most)
        self._session = session
        return session

    def _arrive(self) -> bool:
        proposals, session = self._host.proposals, self._me
        number = session.identity.session
        try:
            proposals.arrive(session)
        except Refused as refusal:
            assert self._dialect is not None
            session.queue(self._dialect.refused(None, refusal))
        self._host.order.settle(session)
        proposals.state.expected.pop(number, None)
        self._connection.deliver()
        return number in proposals.state.sessions

    def _kill(self, target: Session, reason: str) -> None:
        link: Connection | None = target.link
        if link is not None and link.reader is not None:
            target.queue(link.reader.dialect.killed(reason))
        self._host.proposals.kill(self._me, target, reason)
        self._settle()
        if link is not None:
            link.request_close(CloseReason.KILLED)

    def _warm(self, key: str) -> None:
        """Have a room's last lines at hand, so that nothing waits when it is joined."""
        state = self._host.proposals.state
        room = state.rooms.get(key)
        if room is not None and room.earlier is not None:
            return
        lines = tuple(self._host.order.lines(key, None, state.config.history_on_join_lines))
        room = state.rooms.get(key)
        if room is None:
            if lines:  # Else there is nothing to keep, whatever names are tried.
                state.warmed[key] = lines
        elif room.earlier is None:
            room.earlier = lines
