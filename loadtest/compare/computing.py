"""One client has the server compute, again and again; what do the others notice?

The others ask for little and at an even pace, each once a second, so that no queue of their own
making is measured: the time from each request to its answer is what one of them notices at
a moment taken at random. A request that is not answered by the end counts with its age.
"""

import math
import select
import socket
import time
from collections import deque
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace

from loadtest.compare.child import Child
from loadtest.compare.errors import RowFailed
from loadtest.compare.figures import Figure, Meter, measuring
from loadtest.compare.rounds import Measured

CONNECT_SECONDS = 5.0
EVERY_SECONDS = 1.0
REQUEST = b"the quick brown fox jumps over the lazy dog, 0123456789, again.\n"
ANSWER = REQUEST.upper()

BEFORE, HALF, MOST, WORST = "ms p99 before", "ms p50", "ms p99", "ms worst"
COMPUTED = "computed/s"
COLUMNS = [BEFORE, HALF, MOST, WORST, COMPUTED]


@dataclass(frozen=True)
class Task:
    """How many others there are, for how long each phase lasts, and what is computed."""

    others: int
    seconds: float
    compute_ms: int
    pause_ms: int  # between an answer to the one who computes and its next request


@dataclass
class Asker:
    """One of the others. A request that was counted before its answer came is None."""

    sock: socket.socket
    pending: deque[float | None] = field(default_factory=deque)
    unread: int = 0  # bytes of an answer whose rest is to come
    heard: bool = False
    waits: list[float] = field(default_factory=list)

    def ask(self, now: float) -> None:
        self.sock.send(REQUEST)
        self.pending.append(now)

    def answered(self, data: bytes, now: float) -> None:
        """Take bytes of answers, which come in order, in pieces or several in one."""
        owed = ANSWER * len(self.pending)
        if not data or not owed.startswith(data, self.unread):
            raise RowFailed(f"answered {data[:40]!r}" if data else "closed a connection")
        whole, self.unread = divmod(self.unread + len(data), len(ANSWER))
        for _ in range(whole):
            self.heard = True
            if (asked := self.pending.popleft()) is not None:
                self.waits.append(now - asked)

    def count_unanswered(self, now: float) -> None:
        self.waits += [now - asked for asked in self.pending if asked is not None]
        self.pending = deque([None] * len(self.pending))


class Company:
    """All clients of one run: the one that has the server compute, and the others."""

    def __init__(self, address: tuple[str, int], task: Task) -> None:
        self.task = task
        # First, so that a server which serves some and lets the others wait serves this one.
        self.computing = socket.create_connection(address, CONNECT_SECONDS)
        self.work = b"compute %d\n" % task.compute_ms
        self.unread = 0
        self.computed = 0
        self.next_work = math.inf
        self.poll = select.epoll()
        self.poll.register(self.computing, select.EPOLLIN)
        self.askers: dict[int, Asker] = {}
        for _ in range(task.others):
            sock = socket.create_connection(address, CONNECT_SECONDS)
            self.askers[sock.fileno()] = Asker(sock)
            self.poll.register(sock, select.EPOLLIN)
        for sock in self.sockets():
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setblocking(False)

    def sockets(self) -> Iterable[socket.socket]:
        yield self.computing
        yield from (asker.sock for asker in self.askers.values())

    def phase(self, seconds: float) -> None:
        """The others ask in turn, evenly spread, each at least twice."""
        clock, askers = time.monotonic, list(self.askers.values())
        gap = min(EVERY_SECONDS, seconds / 2) / len(askers)
        start, asked = clock(), 0
        while (now := clock()) < start + seconds:
            while start + asked * gap <= now:
                askers[asked % len(askers)].ask(clock())
                asked += 1
            if self.next_work <= now:
                self.compute()
            due = min(start + asked * gap, self.next_work)
            for fd, _ in self.poll.poll(max(0.0, due - clock())):
                self.read(fd)
        for asker in askers:
            asker.count_unanswered(clock())

    def read(self, fd: int) -> None:
        if fd in self.askers:
            self.askers[fd].answered(self.askers[fd].sock.recv(4096), time.monotonic())
            return
        data = self.computing.recv(4096)
        if not self.work.upper().startswith(data, self.unread) or not data:
            raise RowFailed(f"answered {data[:40]!r} to {self.work!r}")
        self.unread += len(data)
        if self.unread == len(self.work):
            self.computed += 1
            self.next_work = time.monotonic() + self.task.pause_ms / 1000

    def compute(self) -> None:
        self.unread = 0
        self.next_work = math.inf
        self.computing.send(self.work)

    def waits_ms(self) -> list[float]:
        """What the others waited in the last phase, sorted: those who are ever answered."""
        askers = self.askers.values()
        served = [asker for asker in askers if asker.heard and asker.waits] or askers
        waits = sorted(1000 * wait for asker in served for wait in asker.waits)
        for asker in askers:
            asker.waits = []
        return waits

    def close(self) -> None:
        self.poll.close()
        for sock in self.sockets():
            sock.close()


def measure(child: Child, task: Task) -> Measured:
    """The others alone, then beside one whose requests compute."""
    with measuring(child), closing(Company(child.address, task)) as company:
        yield from _measured(child, company, task)


def _measured(child: Child, company: Company, task: Task) -> Measured:
    company.phase(task.seconds / 4)  # Threads are started, and the like.
    company.waits_ms()
    with Meter(child) as meter:
        company.phase(task.seconds)
    before = company.waits_ms()
    yield BEFORE, replace(meter.figure(0), value=share(before, 0.99))
    company.compute()
    with Meter(child) as meter:
        company.phase(task.seconds)
    waits = company.waits_ms()
    heard = sum(asker.heard for asker in company.askers.values())
    note = "" if heard == task.others else f"answered {heard} of {task.others} clients"
    figure: Figure = meter.figure(company.computed)
    yield HALF, replace(figure, value=share(waits, 0.5), note=note)
    yield MOST, replace(figure, value=share(waits, 0.99))
    yield WORST, replace(figure, value=waits[-1])
    yield COMPUTED, figure


def share(waits: list[float], part: float) -> float:
    """The wait that this part of the sorted ones did not exceed."""
    return waits[min(len(waits) - 1, int(part * len(waits)))]
