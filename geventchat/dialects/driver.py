"""Drives one dialect: carries out what it asks for, in order, until it is done.

Sans-I/O: what may wait is behind `Services` and `Line`. In a server they switch
greenlets, in tests they may not have to; the driver is the same.

MUST: hold the loop for no longer than a slice of time, however much a client
asked for in one packet, and carry out nothing more for one that has gone.
MUST: before a session runs anything that does not flow, and before its next
bytes are taken, its own drafts have settled and its replies are out. So a reply
never overtakes what came before it, and whoever floods slows only itself.
"""

from __future__ import annotations

from typing import Any

from geventchat.chat.commands import Appear, Quit
from geventchat.chat.events import Entry, Identity, Joined
from geventchat.chat.names import fold
from geventchat.chat.sessions import Session
from geventchat.delivery.outbox import Outbox
from geventchat.dialects import absence, base, missed
from geventchat.dialects.ending import end_session
from geventchat.dialects.past import read
from geventchat.dialects.ports import Line, Services
from geventchat.errors import CloseReason, Refused, StoreError

# Rooms' logs that are looked through, some 50 µs each, before the others have their turn.
_FEEDS_A_TURN = 32


class Driver:
    """One dialect's conversation. Every method returns why it ends, once it does."""

    __slots__ = ("_dialect", "_line", "_outbox", "_services")

    def __init__(self, services: Services, line: Line, dialect: base.Dialect) -> None:
        self._services = services
        self._line = line
        self._dialect = dialect
        self._outbox: Outbox | None = None

    @property
    def arrived(self) -> bool:
        """Whether the session has come into the chat."""
        return self._dialect.session is not None

    @property
    def hidden(self) -> bool:
        """Whether it has come in and the others have yet to be told."""
        session = self._dialect.session
        return session is not None and not session.appeared

    def announce(self) -> None:
        """Have the others told that it is here."""
        try:
            self._services.proposals.handle(self._me, Appear(), self._number)
        except Refused:
            pass  # They know, or it is in no room any more.
        self._settle()

    def opened(self) -> base.HangUp | None:
        """The connection is there."""
        return self._drive(self._dialect.opened())

    def received(self, data: bytes) -> base.HangUp | None:
        """Bytes came in."""
        return self._drive(self._dialect.received(data))

    def ended(self) -> base.HangUp | None:
        """No more bytes will come, though the client may still read."""
        return self._drive(self._dialect.ended())

    def finish(self, end: base.HangUp) -> bytes:
        """Take the session out of the chat; what is to be sent before the connection closes."""
        outbox, rest = self._outbox, b""
        try:
            try:
                self._line.deliver()
                if outbox is not None:
                    # While it is in its rooms and has its connection: what it was given is known.
                    self._services.marks.end(outbox, end.reason is CloseReason.QUIT)
            finally:
                self._depart(end)
            if outbox is not None:
                # What others said until the departure was saved belongs to this session too.
                self._line.deliver()
                rest = outbox.rest()
        finally:
            if outbox is not None:
                self._close(outbox)
        return rest + self._dialect.encoder.frame(self._dialect.farewell(end.reason))

    def leave(self, end: base.HangUp) -> None:
        """Take the session out of the chat; the connection goes on without it."""
        outbox = self._outbox
        if outbox is not None:
            self._services.marks.end(outbox, goodbye=False)
            self._line.attach(None)
            outbox.sink = None
            self._depart(end)
            self._close(outbox)

    def _close(self, outbox: Outbox) -> None:
        self._line.attach(None)
        outbox.sink = None
        self._services.audience.close(outbox)
        self._outbox = None

    def _depart(self, end: base.HangUp) -> None:
        outbox = self._outbox
        if outbox is None:
            return
        session = self._services.proposals.state.sessions.get(outbox.number)
        if session is not None:
            chosen = end.reason is CloseReason.QUIT
            reason = end.message or ("" if chosen else end.reason.value)
            try:
                self._services.proposals.handle(session, Quit(reason, chosen), outbox.number)
            except Refused:
                pass  # It was removed a moment ago.
        # Whoever is told that the connection ends is gone for everybody else too.
        self._services.journal.settle(outbox.number)

    def _drive(self, steps: base.Steps) -> base.HangUp | None:
        answer: Any = None
        try:
            while True:
                request = steps.send(answer)
                if isinstance(request, base.HangUp):
                    self._say_what_was_captured()
                    self._settle()
                    return request
                answer = self._perform(request)
                reason = self._line.go_on()
                if reason is not None:
                    steps.close()
                    return base.HangUp(reason)
        except StopIteration:
            pass
        self._settle()
        return None

    def _say_what_was_captured(self) -> None:
        """An answer that was still being gathered will not be ended any more."""
        outbox = self._outbox
        if outbox is not None and outbox.captured is not None:
            for item in outbox.release():
                outbox.put(item)

    def _settle(self) -> None:
        """Wait for this session's drafts, then let its replies out before more is done."""
        outbox = self._outbox
        if outbox is None:
            return
        self._services.journal.settle(outbox.number)
        self._let_out()

    def _let_out(self) -> None:
        """Send what is queued and what was typed; wait if what is queued is not read."""
        outbox = self._outbox
        if outbox is not None and (outbox.items or self._dialect.screen is not None):
            self._line.deliver()
            if outbox.items:
                self._line.wait_drained()

    def _perform(self, request: base.Request) -> Any:
        try:
            match request:
                case base.Settle():
                    self._settle()
                case base.Pause():
                    self._let_out()
                case base.Barrier():
                    self._services.journal.catch_up()
                case base.OpenSession():
                    return self._open()
                case base.Arrive(who, via, device):
                    return self._arrive(who, via, device)
                case base.Attach(session, device):
                    return self._attach(session, device)
                case base.Enter(draft):
                    return self._enter(draft)
                case base.Kill(target, reason):
                    end_session(self._services, self._number, target, reason, self._settle)
                case base.EraseShown(account):
                    self._erase_shown(account)
                case base.Record(what, failed):
                    self._services.record(what, failed)
                case base.Reload():
                    return self._services.reload()
                case _ if isinstance(request, base.Proof):
                    return self._prove(request)
                case _:
                    return self._answer(request)
        except StoreError as error:
            return error
        return None

    def _erase_shown(self, account: str) -> None:
        for nth, feed in enumerate(list(self._services.audience.feeds.values())):
            feed.forget_by(account)
            if nth % _FEEDS_A_TURN == 0:
                self._line.go_on()
        self._services.marks.forget(account)

    def _prove(self, request: base.Proof) -> Any:
        """Look at a password or a token, or make one."""
        passwords, owner_token = self._services.passwords, self._services.owner_token
        match request:
            case base.Guess(address, right):
                return self._services.guess(address, right)
            case base.TakeToken(token):
                return owner_token.take(token)
            case base.PutTokenBack():
                owner_token.put_back()
            case base.CheckPassword(account, password, address):
                return passwords.check(account, password, address)
            case base.MakeCredential(password, address, registers):
                return passwords.make(password, address, registers)
            case base.DropCredential(account, credential):
                passwords.drop(account, credential)
            case base.KnowOwner(account, address):
                passwords.known(account, address)
        return None

    def _answer(self, request: Any) -> Any:
        """What was asked about the past."""
        if isinstance(request, absence.QUESTIONS):
            me = self._dialect.session
            return missed.perform(self._services, me, self._number, request)
        return read(self._services, self._me, request)

    @property
    def _me(self) -> Session:
        assert self._dialect.session is not None
        return self._dialect.session

    @property
    def _number(self) -> int:
        """The number of this connection."""
        assert self._outbox is not None
        return self._outbox.number

    def _open(self) -> Outbox:
        number = self._services.proposals.new_number()
        outbox = self._outbox = self._services.audience.open(number, self._dialect)
        outbox.sink = self._line
        self._line.attach(outbox)
        return outbox

    def _arrive(self, who: Identity, via: str, device: str) -> Session | None:
        proposals = self._services.proposals
        try:
            proposals.arrive(who, via, device)
        except Refused as refusal:
            self._dialect.refused(None, refusal)
        self._services.journal.settle(who.session)
        self._line.deliver()
        return proposals.state.sessions.get(who.session)

    def _attach(self, to: Session, device: str) -> bool:
        proposals, number = self._services.proposals, self._number
        self._settle()  # What it did by itself comes first.
        try:
            proposals.attach(number, to, device, *self._dialect.door)
        except Refused as refusal:
            self._dialect.refused(None, refusal)
        self._settle()
        return proposals.state.sessions.get(number) is to

    def _enter(self, draft: Joined) -> bool:
        services, me = self._services, self._me
        key = fold(draft.room)
        if services.audience.lacks_earlier(key):
            self._have_earlier(key)
        services.proposals.propose(draft)
        self._settle()
        services.audience.unprepare(self._number)
        return key in me.rooms

    def _have_earlier(self, key: str) -> None:
        """Have the last lines of a room at hand, as far as whoever comes in now may read them."""
        services = self._services
        room = services.proposals.state.rooms.get(key)
        lines: list[Entry] = []
        if room is not None:
            most, after = services.audience.earlier_max, room.reads_from - 1
            try:
                lines = services.history.lines(key, None, most, after)
            except StoreError:
                return  # The room can be entered all the same.
        services.audience.prepare(self._number, lines)
