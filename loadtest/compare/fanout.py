"""Lines into a room of 500, with a set number of them in flight, the same for every server.

A line is in flight from its sending until the room has had it. The pace is kept over the
sum of deliveries: `lines sent x members - deliveries` never exceeds `window x members`.
Deliveries are counted by content, a marker byte that ends each line, and a member picked
as witness has its whole stream checked afterwards: every line, once, in each sender's order.
"""

import re
import select
import socket
import time
from dataclasses import dataclass, field

from loadtest.compare.child import Child
from loadtest.compare.errors import RowFailed
from loadtest.compare.figures import Figure, Meter, measuring, quietest
from loadtest.compare.joining import close_all
from loadtest.compare.rooms import MARKER, Room

WARM_SECONDS = 0.4
QUIET_SECONDS = 0.3
STALL_SECONDS = 5.0
READ_BYTES = 16384
NUMBER = re.compile(rb"(\d+)\. the quick")


@dataclass
class Fanout:
    """Members, senders, and the count of what went between them."""

    room: Room
    members: list[socket.socket]
    senders: list[socket.socket]
    sent: int = 0
    delivered: int = 0
    witness: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.poll = select.epoll()
        for sock in self.members + self.senders:
            self.poll.register(sock.fileno(), select.EPOLLIN)
        self.recv = {sock.fileno(): sock.recv for sock in self.members}
        self.drain = {sock.fileno(): sock.recv for sock in self.senders}
        self.witness_fd = self.members[0].fileno()

    def send(self, lines: int) -> None:
        """Share the lines out among the senders: number n is said by sender n modulo count."""
        count, stop = len(self.senders), self.sent + lines
        for number in range(self.sent, min(stop, self.sent + count)):
            data = b"".join(map(self.room.line, range(number, stop, count)))
            if self.senders[number % count].send(data) != len(data):
                raise RowFailed("does not read what a sender sends")
        self.sent = stop

    def receive(self, timeout: float) -> int:
        """Read whatever has come; return how many deliveries that was."""
        delivered = 0
        # A server that fans out well gives hundreds of members the same bytes.
        last, last_count = b"", 0
        recv, drain = self.recv, self.drain
        for fd, _ in self.poll.poll(timeout, 1024):
            if fd in recv:
                data = recv[fd](READ_BYTES)
                if data != last:
                    last, last_count = data, data.count(MARKER)
                delivered += last_count
                if fd == self.witness_fd:
                    self.witness.append(data)
            else:
                data = drain[fd](READ_BYTES)
            if not data:
                raise RowFailed("closed a connection in the middle of the run")
        self.delivered += delivered
        return delivered

    def settle(self) -> None:
        """Read until nothing has come for a while: the joins of the others are over."""
        quiet = time.monotonic() + QUIET_SECONDS
        while time.monotonic() < quiet:
            before = len(self.witness)
            self.receive(0.05)
            if len(self.witness) > before:
                quiet = time.monotonic() + QUIET_SECONDS
        self.delivered = 0
        self.witness.clear()

    def flow(self, window: int, seconds: float) -> int:
        """Keep `window` lines in flight for that long; return the deliveries meanwhile."""
        members, clock = len(self.members), time.monotonic
        before = self.delivered
        end = clock() + seconds
        while clock() < end:
            outstanding = self.sent * members - self.delivered
            room = window - -(-outstanding // members)
            if room > 0:
                self.send(room)
            self.receive(0.1)
        return self.delivered - before

    def finish(self) -> None:
        """Wait for what is still in flight, then hold the server to what it delivered."""
        due = self.sent * len(self.members)
        progress = time.monotonic()
        while self.delivered < due and time.monotonic() - progress < STALL_SECONDS:
            if self.receive(0.1):
                progress = time.monotonic()
        if self.delivered != due:
            raise RowFailed(f"{self.delivered} of {due} deliveries came")
        self._check_witness()

    def _check_witness(self) -> None:
        seen = [int(number) for number in NUMBER.findall(b"".join(self.witness))]
        if sorted(seen) != list(range(self.sent)):
            raise RowFailed("a member did not get every line exactly once")
        count = len(self.senders)
        for sender in range(count):
            own = [number for number in seen if number % count == sender]
            if own != sorted(own):
                raise RowFailed("a sender's lines came out of order")

    def close(self) -> None:
        self.poll.close()
        close_all(self.members + self.senders)


def measure(child: Child, fanout: Fanout, window: int, seconds: float) -> Figure:
    """Deliveries per second with that many lines in flight, after a short warm-up."""

    def attempt() -> Figure:
        fanout.flow(window, WARM_SECONDS)
        with Meter(child) as meter:
            deliveries = fanout.flow(window, seconds)
        return meter.figure(deliveries)

    with measuring(child):
        figure = quietest(attempt)
        fanout.finish()
    return figure
