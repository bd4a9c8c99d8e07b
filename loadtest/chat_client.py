"""A member of a chat room: says its lines when they are due, and notes whatever it hears."""

import time
from array import array
from collections.abc import Iterator
from threading import Event

from loadtest.blocking_socket import NAP_NS, BlockingSocket
from loadtest.client import Client
from loadtest.errors import ClientFailure, ErrorKind
from loadtest.human_lines import NOTICE, KnownLines, LineSplitter, Meaning, Notice, read_notice
from loadtest.options import Options
from loadtest.pace import NS, Pace
from loadtest.payload import Payload
from loadtest.witness import Witness

PING = b"/ping\r\n"
PONG_NS = 10 * NS


class ChatClient(Client):
    """While it talks it also listens: the thread waits for the next line due or to be read.

    Without a rate, each line is followed by `/ping`. A session's answers keep their place, so the
    pong says that this line is settled and that all before it has been read: the client then
    says the next. Nobody is ahead of what it can read, and the room goes as fast as its slowest.
    """

    def __init__(
        self,
        options: Options,
        witness: Witness,
        payload: Payload,
        known: KnownLines,
        zero_ns: int,
    ) -> None:
        super().__init__(options, witness)
        self._payload = payload
        self._known = known
        self._zero_ns = zero_ns  # the run's origin: what due times in lines count from
        self._lines = LineSplitter()
        self._pongs = 0
        # What the last line was counted as: before the server hangs up, that is why it does.
        self._last_reply: ErrorKind | None = None
        # When bytes came, and how many lines were in them: a clock reading for each line would
        # cost more than the line.
        self._arrivals_ns: array[int] = array("q")
        self._arrival_sizes: array[int] = array("I")

    def enter(self) -> None:
        self._socket = BlockingSocket(self.options.host, self.options.port)
        self.socket.send(PING)
        welcome = [n for n in self._until_pong() if n.meaning is Meaning.WELCOME]
        lobby = welcome[0].room if welcome and welcome[0].room else b"#lobby"
        room = self.options.room_of(self.witness.room).encode()
        if room != lobby:
            self.socket.send(b"/join %s\r\n/part %s\r\n%s" % (room, lobby, PING))
            if Meaning.IN_ROOM not in {notice.meaning for notice in self._until_pong()}:
                raise ClientFailure(ErrorKind.NOT_JOINED)

    def _until_pong(self) -> list[Notice]:
        """All that comes before the pong. The welcome has no end of its own to wait for."""
        notices: list[Notice] = []
        deadline_ns = time.monotonic_ns() + PONG_NS
        try:
            while Meaning.PONG not in {notice.meaning for notice in notices}:
                lines = self._lines.feed(self.socket.read_by(deadline_ns))
                notices += [read_notice(line, self._payload.tag) for line in lines]
        except ClientFailure:
            if any(notice.meaning is Meaning.FULL for notice in notices):
                raise ClientFailure(ErrorKind.SERVER_FULL) from None
            raise
        return notices

    def talk(self, pace: Pace, over: Event) -> None:
        sender, number = self.witness.sender, 0
        due_ns = pace.due_ns(sender, number)
        while not over.is_set():
            now_ns = time.monotonic_ns()
            if due_ns >= pace.end_ns or now_ns >= pace.last_ns:
                return
            awaits_pong = pace.rate is None and self._pongs < number
            if not awaits_pong and due_ns <= now_ns:
                self._say(number, now_ns if pace.rate is None else due_ns, pace.rate is None)
                number += 1
                due_ns = pace.due_ns(sender, number)
            self._hear_until(pace.last_ns if awaits_pong else due_ns)

    def _say(self, number: int, due_ns: int, ping: bool) -> None:
        witness = self.witness
        due_us = (due_ns - self._zero_ns) // 1000
        text = self._payload.text(witness.sender, number, due_us)
        witness.sent += 1
        self.socket.send(text + b"\r\n" + (PING if ping else b""))

    def linger(self, home: Event) -> None:
        while not home.is_set() and (self.owed is None or self.heard < self.owed):
            self._hear_until(time.monotonic_ns() + NAP_NS)

    def leave(self) -> None:
        self.socket.send(b"/quit\r\n")
        self.drop()

    def _hear_until(self, until_ns: int) -> None:
        """Wait for bytes until then, and note the lines in them."""
        wait_ns = until_ns - time.monotonic_ns()
        if 0 < wait_ns < 1_000_000:
            time.sleep(wait_ns / NS)  # finer than the milliseconds of poll(2)
            wait_ns = 0
        data = self.socket.read(wait_ns)
        now_ns = time.monotonic_ns()
        lines = self._lines.feed(data) if data else []
        if not lines:
            return
        found = [self._known[line] for line in lines]
        if min(found) != NOTICE:
            self._last_reply = None
        else:
            found = self._without_notices(lines, found)
        self.witness.received.extend(found)
        self._arrivals_ns.append(now_ns)
        self._arrival_sizes.append(len(found))

    def _without_notices(self, lines: list[bytes], found: list[int]) -> list[int]:
        heard: list[int] = []
        for line, line_id in zip(lines, found, strict=True):
            self._last_reply = None
            if line_id == NOTICE:
                self._heed(line, len(heard))
            else:
                heard.append(line_id)
        return heard

    def _heed(self, line: bytes, heard_with_it: int) -> None:
        witness, notice = self.witness, read_notice(line, self._payload.tag)
        match notice.meaning:
            case Meaning.PONG:
                self._pongs += 1
            case Meaning.GAP:
                witness.gaps.append((len(witness.received) + heard_with_it, notice.count))
            case Meaning.REFUSAL | Meaning.REPLY:
                self._last_reply = notice.kind or ErrorKind.UNEXPECTED_REPLY
                witness.refused += 1
                witness.errors[self._last_reply] += 1
            case Meaning.BROKEN:
                witness.altered = witness.altered or line
                witness.errors[ErrorKind.MISMATCH] += 1

    def failed(self) -> None:
        super().failed()
        if self._last_reply is not None:
            self.witness.refused -= 1
            self.witness.errors[self._last_reply] -= 1
            self._last_reply = None

    @property
    def heard(self) -> int:
        return len(self.witness.received)

    @property
    def last_heard_ns(self) -> int:
        return self._arrivals_ns[-1] if self._arrivals_ns else 0

    def latencies_us(self) -> Iterator[int]:
        due_us, place = self._known.due_us, 0
        for arrival_ns, size in zip(self._arrivals_ns, self._arrival_sizes, strict=False):
            arrival_us = (arrival_ns - self._zero_ns) // 1000
            for line in self.witness.received[place : place + size]:
                yield arrival_us - due_us[line]
            place += size
