"""A hundred who write, each in a room of its own, in one loop that does as little as it can.

A line is acknowledged when the server shows it to its author (IRC's echo-message): by then it is
committed. As each writer is alone in its room, every line that comes is an acknowledgement.
"""

import select
import socket
import time
from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from loadtest.attacks.client import IrcClient
from loadtest.storage.errors import Stuck

# Longer than any commit takes that is not stuck.
PATIENCE_S = 60.0
# With its command and number a line is 64 bytes.
WORDS = b"the quick brown fox jumps over the"


@dataclass
class Taken:
    """What was measured: of every acknowledged line how long it took, in microseconds."""

    sent: int = 0
    acknowledged: int = 0
    in_time: int = 0  # acknowledged before the time was up
    micros: "array[int]" = field(default_factory=lambda: array("l"))

    def percentile_ms(self, share: float) -> float:
        ordered = sorted(self.micros)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] / 1000


class Writer:
    """One of them. `due` are the times at which its unanswered lines were due."""

    __slots__ = ("_client", "due", "head", "sock")

    def __init__(self, port: int, number: int) -> None:
        room = f"#room{number}"
        self._client = IrcClient(port, f"writer{number}", capabilities="echo-message")
        self._client.ask(f"JOIN {room}")
        self._client.lines.clear()
        self.sock: socket.socket = self._client.sock
        self.sock.setblocking(False)
        self.head = b"PRIVMSG %s :" % room.encode()
        self.due: deque[float] = deque()

    def say(self, number: int, count: int, at: float) -> None:
        """Say so many lines, due at that time. Raises Stuck when the server takes no more."""
        data = b"".join(
            b"%s%d %s\r\n" % (self.head, one, WORDS) for one in range(number, number + count)
        )
        try:
            if self.sock.send(data) != len(data):
                raise Stuck("the server reads too slowly for this many unanswered lines")
        except OSError as why:
            raise Stuck(f"cannot send: {why}") from why
        self.due.extend([at] * count)

    def close(self) -> None:
        self._client.close()


@contextmanager
def writers(port: int, count: int) -> Iterator[list[Writer]]:
    """So many, each in its room."""
    those: list[Writer] = []
    try:
        for number in range(count):
            those.append(Writer(port, number))
        yield those
    finally:
        for one in those:
            one.close()


class Desk:
    """Where all of them are waited for."""

    def __init__(self, those: Sequence[Writer]) -> None:
        self.taken = Taken()
        self._writers = those
        self._by_number = {one.sock.fileno(): one for one in those}
        self._poll = select.epoll()
        for number in self._by_number:
            self._poll.register(number, select.EPOLLIN)

    def as_fast_as_can_be(self, seconds: float, window: int) -> None:
        """Every writer has so many unanswered lines, all the time."""
        for one in self._writers:
            self._say(one, window, time.perf_counter())
        end = time.perf_counter() + seconds
        while (now := time.perf_counter()) < end:
            for one, answered in self._hear(end - now):
                self._say(one, answered, time.perf_counter())
        self.taken.in_time = self.taken.acknowledged

    def at_rate(self, seconds: float, per_second: float) -> None:
        """So many lines a second in all, whatever the server does: a late answer delays none."""
        start = time.perf_counter()
        due = 0
        while (now := time.perf_counter() - start) < seconds:
            while due < now * per_second:
                self._say(self._writers[due % len(self._writers)], 1, start + due / per_second)
                due += 1
            for _ in self._hear(due / per_second - now):
                pass
        self.taken.in_time = self.taken.acknowledged

    def rest(self) -> None:
        """Wait for every answer that is still to come."""
        end = time.perf_counter() + PATIENCE_S
        while any(one.due for one in self._writers):
            if time.perf_counter() > end:
                raise Stuck("some lines have no answer")
            for _ in self._hear(0.1):
                pass

    def _say(self, one: Writer, count: int, at: float) -> None:
        one.say(self.taken.sent, count, at)
        self.taken.sent += count

    def _hear(self, seconds: float) -> Iterator[tuple[Writer, int]]:
        for number, _ in self._poll.poll(max(0.0, seconds)):
            one = self._by_number[number]
            data = one.sock.recv(1 << 18)
            if not data:
                raise Stuck("the server hung up")
            now = time.perf_counter()
            count = data.count(b"\n")
            self.taken.acknowledged += count
            due = one.due
            self.taken.micros.extend(int((now - due.popleft()) * 1e6) for _ in range(count))
            yield one, count

    def close(self) -> None:
        self._poll.close()
