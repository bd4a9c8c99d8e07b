"""The chat without sockets: state, proposals, dialects; a clock that stands until it is moved.

Drafts wait until somebody settles, as in the real journal; then they are saved
in a `MemoryStore` and applied, all in this thread and without switching.
"""

from __future__ import annotations

from typing import Any

from geventchat.chat.commands import Quit
from geventchat.chat.events import Entry, Event, Identity, Redacted, RedactedTo, Restarted
from geventchat.chat.presence import Membership, Session, Span
from geventchat.chat.proposals import Proposals
from geventchat.chat.roomlog import Cursor
from geventchat.chat.state import ChatState
from geventchat.config import Config
from geventchat.dialects.base import (
    Arrive,
    HangUp,
    Kill,
    OpenSession,
    ReadEvent,
    ReadHistory,
    ReadLines,
    ReadPeers,
    ReadSeen,
    Request,
    Settle,
    Steps,
    Warm,
)
from geventchat.dialects.human.dialect import HumanDialect
from geventchat.dialects.irc.dialect import IrcDialect
from geventchat.errors import Reason, Refused, StoreError
from geventchat.journal.memory import MemoryStore

NOON = 1_700_000_000_000 // 86_400_000 * 86_400_000 + 43_200_000  # 12:00 UTC of some day


class Harness:
    """A chat to play on. `full` makes saving fail with that reason until it is emptied."""

    def __init__(self, **settings: Any) -> None:
        self.config = Config(**settings)
        self.clock = NOON
        self.state = ChatState(self.config)
        self.proposals = Proposals(self.state, self._propose)
        self.store = MemoryStore(10_000)
        self.people: dict[Session, HumanClient] = {}
        self.applied: list[Entry] = []
        self.write_error = ""
        self.read_error = ""
        self._drafts: list[tuple[Session | None, Event]] = []
        self._number = 0
        self._propose(None, Restarted(Identity(0, "", "", "")))
        self.settle()

    def now(self) -> int:
        return self.clock

    @property
    def next_number(self) -> int:
        return self._number + 1

    def _propose(self, session: Session | None, event: Event) -> None:
        self._drafts.append((session, event))

    def settle(self) -> None:
        """Save and apply what was proposed; tell authors what came to nothing."""
        drafts, self._drafts = self._drafts, []
        for session, event in drafts:
            if self.write_error:
                self._refused(session, event, Refused(Reason.NOT_SAVED, why=self.write_error))
                continue
            self._number += 1
            entry = Entry(self._number, self.clock, event)
            self.store.append([entry], -1)
            try:
                self.state.apply(entry)
            except Refused as refusal:
                self.store.void([entry.number])
                self._refused(session, event, refusal)
            else:
                self.applied.append(entry)
                if isinstance(event, Redacted | RedactedTo):
                    self.store.redact([event.number])

    def _refused(self, session: Session | None, event: Event, refusal: Refused) -> None:
        if session is not None and session in self.people:
            session.queue(self.people[session].dialect.refused(event, refusal))

    def human(self, nick: str = "", via: str = "telnet") -> HumanClient:
        """Somebody who has come in and read the welcome."""
        person = HumanClient(self, via)
        person.come_in()
        if nick:
            person.types(f"/nick {nick}")
        for other in self.people.values():
            other.hears()
        return person

    def irc(self, nick: str, *caps: str) -> IrcClient:
        """An IRC client that has registered."""
        program = IrcClient(self, *caps)
        program.registers(nick)
        return program


class HumanClient:
    """Somebody at a terminal: types bytes, hears lines."""

    def __init__(self, harness: Harness, via: str = "telnet") -> None:
        self.harness = harness
        self.dialect: Any = HumanDialect(harness.proposals, harness.now, via)
        self._arriving: Session | None = None
        self._sent = b""
        self.end: HangUp | None = None

    @property
    def session(self) -> Session:
        session: Session = self.dialect.session
        assert session is not None
        return session

    def come_in(self) -> list[str]:
        """Connect; the lines of the welcome."""
        self._drive(self.dialect.opened())
        return self.hears()

    def types(self, *lines: str) -> list[str]:
        """Type lines; what the screen shows then."""
        return self.sends("".join(f"{line}\r\n" for line in lines).encode())

    def sends(self, data: bytes) -> list[str]:
        """Send bytes in one piece; what the screen shows then."""
        self._drive(self.dialect.received(data))
        return self.hears()

    def answer_to(self, data: bytes) -> bytes:
        """Send bytes in one piece; the bytes that come back."""
        self._drive(self.dialect.received(data))
        return self.receives()

    def leaves(self, reason: str = "") -> None:
        """Be gone, as the host does it when the connection has ended."""
        self.harness.proposals.handle(self.session, Quit(reason))
        self.harness.settle()

    def hears(self) -> list[str]:
        """The lines that have come since last asked."""
        *lines, rest = self.receives().decode().split("\r\n")
        assert rest == "", f"an unfinished line: {rest!r}"
        return lines

    def receives(self) -> bytes:
        """The bytes that have come since last asked."""
        sent, self._sent = self._sent + self._waiting(), b""
        return sent

    def _waiting(self) -> bytes:
        """What is to be sent now: the outbox, then what is new in the rooms."""
        session = self._arriving
        if session is None:
            return b""
        raw = b""
        waiting = list(session.outbox)
        session.outbox.clear()
        for item in waiting:
            if isinstance(item, Span):
                raw += self._stretch(item.membership, item.start, item.end)
            else:
                raw += item if isinstance(item, bytes) else self.dialect.direct(item)
        for membership in session.memberships.values():
            start, membership.cursor = membership.cursor, membership.room.log.head
            raw += self._stretch(membership, start, membership.cursor)
        return raw

    def _stretch(self, membership: Membership, start: Cursor, end: Cursor) -> bytes:
        """A room's lines as the dialect wants them, one by one and without any cache."""
        if start.position == end.position:
            return b""
        dialect = self.dialect
        encoder = membership.encoder = membership.encoder or dialect.encoder_in(membership)
        me = membership.session.identity.session
        return b"".join(
            encoder.encode(entry)
            for entry in membership.room.log.between(start.position, end.position)
            if dialect.wants(membership, entry)
            and (entry.event.by.session != me or dialect.returns(encoder, entry))
        )

    def _drive(self, steps: Steps) -> None:
        answer: Any = None
        try:
            while self.end is None:
                request = steps.send(answer)
                if isinstance(request, HangUp):
                    self.end = request
                else:
                    answer = self._perform(request)
        except StopIteration:
            pass
        self.harness.settle()

    def _perform(self, request: Request) -> Any:
        harness = self.harness
        if isinstance(request, Settle):
            harness.settle()
        elif isinstance(request, OpenSession):
            return self._meet(request)
        elif isinstance(request, Arrive):
            return self._arrive()
        elif isinstance(request, Kill):
            harness.proposals.kill(self.session, request.session, request.reason)
            harness.settle()
        elif isinstance(request, Warm):
            room = harness.state.rooms.get(request.room)
            if room is None or room.earlier is None:
                harness.state.warmed[request.room] = ()
        elif harness.read_error:
            return StoreError(harness.read_error)
        elif isinstance(request, ReadLines):
            before = harness.next_number if request.before is None else request.before
            return harness.store.lines(request.room, before, request.limit)
        elif isinstance(request, ReadSeen):
            return harness.store.last_seen(request.nick)
        elif isinstance(request, ReadEvent):
            return harness.store.event(request.number)
        elif isinstance(request, ReadHistory):
            return harness.store.history(request.wanted, self.session.identity.session)
        elif isinstance(request, ReadPeers):
            me = self.session.identity.session
            return harness.store.peers(request.reach, request.limit, me)
        return None

    def _meet(self, request: OpenSession) -> Session:
        session = self.harness.proposals.expect(request.via, request.user, "192.0.2.7")
        self._arriving = session
        self.harness.people[session] = self
        return session

    def _arrive(self) -> bool:
        session = self.session
        try:
            self.harness.proposals.arrive(session)
        except Refused as refusal:
            session.queue(self.dialect.refused(None, refusal))
        self.harness.settle()
        return session.identity.session in self.harness.state.sessions


class IrcClient(HumanClient):
    """An IRC client: sends lines, gets lines."""

    def __init__(self, harness: Harness, *caps: str) -> None:
        super().__init__(harness)
        self.dialect = IrcDialect(harness.proposals, harness.now)
        self.caps = caps

    def _perform(self, request: Request) -> Any:
        answer = super()._perform(request)
        if isinstance(request, Settle):
            self._sent += self._waiting()  # The host lets everything out.
        return answer

    def registers(self, nick: str) -> list[str]:
        """Connect and register with the capabilities asked for; what is said to a newcomer."""
        self.come_in()
        if self.caps:
            self.types(f"CAP REQ :{' '.join(self.caps)}")
        return self.types(f"NICK {nick}", f"USER {nick} 0 * :{nick.title()} Realname", "CAP END")
