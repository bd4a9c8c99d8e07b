"""The one who measures: others who ping and talk while somebody attacks.

Pings and lines are due at times that do not depend on the answers, every 20 to 50 ms, so a server
that stands still is measured from each moment at which somebody would have asked. They come from
many sessions at many addresses in turn, each below the server's limits of rate. The lines are said
in a room of their own: to tell 300 people of each would be load, and the figure of nobody.
"""

import gc
import itertools
import random
import select
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from loadtest.attacks.client import Client, Hung, people, together

ROOM = "#watch"
SESSIONS = 30
SESSIONS_PER_ADDRESS = 6
APART_S = (0.020, 0.050)
# An answer that takes longer is told as having taken this long.
GIVE_UP_S = 60.0


@dataclass(frozen=True)
class Took:
    """One measurement: when it began, and how long it took, in seconds."""

    at: float
    seconds: float


@dataclass
class Phase:
    """What was measured in one stretch of time."""

    trips: list[Took] = field(default_factory=list)  # /ping and its answer
    lines: list[Took] = field(default_factory=list)  # a line said, and heard by another
    lost: int = 0  # pings and lines nobody answered or heard

    @property
    def worst(self) -> Took:
        return max(self.trips, key=lambda one: one.seconds, default=Took(0.0, 0.0))

    @property
    def worst_line(self) -> Took:
        return max(self.lines, key=lambda one: one.seconds, default=Took(0.0, 0.0))

    @property
    def median(self) -> float:
        return median(one.seconds for one in self.trips) if self.trips else 0.0


class Watcher:
    """Sessions that ping, sessions that talk, and one that listens."""

    def __init__(
        self, pingers: Sequence[Client], talkers: Sequence[Client], listener: Client
    ) -> None:
        self._pingers = itertools.cycle(pingers)
        self._talkers = itertools.cycle(talkers)
        self._listener = listener
        self._said: dict[int, float] = {}
        self._number = itertools.count()
        self._rests: dict[socket.socket, bytes] = {}
        self._asked: dict[socket.socket, deque[float]] = {one.sock: deque() for one in pingers}
        self._poll = select.epoll()
        self._socks = {one.sock.fileno(): one.sock for one in [*pingers, *talkers, listener]}
        for number, sock in self._socks.items():
            sock.setblocking(False)
            self._poll.register(number, select.EPOLLIN)
            self._rests[sock] = b""

    def watch(self, over: Callable[[], bool]) -> Phase:
        """Measure until `over`, and then until everything asked for has come."""
        phase = Phase()
        now = time.monotonic()
        ping_at = line_at = now
        gc.disable()
        try:
            while not over():
                now = time.monotonic()
                if now >= ping_at:
                    self._ping(now)
                    ping_at = now + random.uniform(*APART_S)
                if now >= line_at:
                    self._talk(now)
                    line_at = now + random.uniform(*APART_S)
                self._hear(phase, min(ping_at, line_at))
            self._wait_for_the_rest(phase)
        finally:
            gc.enable()
        return phase

    def _wait_for_the_rest(self, phase: Phase) -> None:
        deadline = time.monotonic() + GIVE_UP_S
        while self._outstanding() and time.monotonic() < deadline and self._socks:
            self._hear(phase, time.monotonic() + 0.1)
        now = time.monotonic()
        for asked in self._asked.values():
            phase.trips += [Took(at, now - at) for at in asked]
            phase.lost += len(asked)
            asked.clear()
        phase.lines += [Took(at, now - at) for at in self._said.values()]
        phase.lost += len(self._said)
        self._said.clear()

    def _outstanding(self) -> bool:
        return bool(self._said) or any(self._asked.values())

    def _ping(self, now: float) -> None:
        sock = next(self._pingers).sock
        self._asked[sock].append(now)
        self._send(sock, b"/ping\n")

    def _talk(self, now: float) -> None:
        number = next(self._number)
        self._said[number] = now
        self._send(next(self._talkers).sock, b"line %d\n" % number)

    @staticmethod
    def _send(sock: socket.socket, data: bytes) -> None:
        try:
            sock.send(data)
        except OSError:
            pass  # Gone, or its buffer is full: it goes down as lost.

    def _hear(self, phase: Phase, until: float) -> None:
        # At the time it is due the next one is sent, so never wait beyond; epoll rounds up to 1 ms.
        wait = max(0.0, until - time.monotonic())
        for number, _ in self._poll.poll(wait, 64):
            sock = self._socks[number]
            try:
                data = sock.recv(1 << 16)
            except BlockingIOError:
                continue
            except OSError:
                data = b""
            now = time.monotonic()
            if not data:
                self._poll.unregister(number)
                del self._socks[number]
                continue
            *lines, self._rests[sock] = (self._rests[sock] + data).split(b"\n")
            self._take(phase, sock, lines, now)

    def _take(self, phase: Phase, sock: socket.socket, lines: list[bytes], now: float) -> None:
        asked = self._asked.get(sock)
        for line in lines:
            if asked and line.startswith(b"-> pong"):
                at = asked.popleft()
                phase.trips.append(Took(at, now - at))
            elif sock is self._listener.sock and b"> line " in line:
                number = int(line.rpartition(b" ")[2])
                if (said := self._said.pop(number, None)) is not None:
                    phase.lines.append(Took(said, now - said))

    def close(self) -> None:
        self._poll.close()


@contextmanager
def watching(port: int, sessions: int = SESSIONS) -> Iterator[Watcher]:
    """Bring in those who measure. Raises `Hung` when they do not get in."""
    houses = [1 + number // SESSIONS_PER_ADDRESS for number in range(2 * sessions + 1)]
    with together(people(port, [f"127.0.1.{house}" for house in houses])) as those:
        for person in those[sessions:]:
            answer = person.ask(f"/join {ROOM}")
            if not any(line.startswith(f"-> You are in {ROOM}") for line in answer):
                raise Hung(f"nobody gets into {ROOM}: {answer[-1:]}")
        watcher = Watcher(those[:sessions], those[sessions:-1], those[-1])
        try:
            yield watcher
        finally:
            watcher.close()
