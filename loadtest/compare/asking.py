"""500 clients that each ask, wait for the answer, and ask again.

One thread, one epoll, two system calls an answer: a C server cannot keep it busy.
"""

import gc
import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from loadtest.compare.child import Child
from loadtest.compare.errors import RowFailed
from loadtest.compare.figures import Figure, Meter, quietest

CONNECT_SECONDS = 5.0
WARM_SECONDS = 0.4


@dataclass(frozen=True)
class Question:
    """What is asked, and how a whole answer is known.

    `whole` is the usual answer, compared first; `complete` decides about any other bytes,
    and raises RowFailed when they cannot become an answer.
    """

    asked: bytes
    whole: bytes
    complete: Callable[[bytes], bool]


def echo(*, upper: bool) -> Question:
    """64 bytes that come back, in upper case or as they are."""
    asked = b"the quick brown fox jumps over the lazy dog, 0123456789, again.\n"
    whole = asked.upper() if upper else asked

    def complete(data: bytes) -> bool:
        if not whole.startswith(data):
            raise RowFailed(f"answered {data[:40]!r} where {whole[:40]!r} was due")
        return len(data) == len(whole)

    return Question(asked, whole, complete)


def page() -> Question:
    """A small JSON document over a connection that stays open."""

    def complete(data: bytes) -> bool:
        if not b"HTTP/1.1 200 ".startswith(data[:13]):
            raise RowFailed(f"answered {data[:40]!r}")
        return data.endswith(b'"FOX"}')

    return Question(b"GET /fox HTTP/1.1\r\nHost: localhost\r\n\r\n", b"", complete)


@dataclass
class Askers:
    """The clients of one run. `answered` holds those that ever heard back."""

    question: Question
    poll: select.epoll = field(default_factory=select.epoll)
    clients: dict[int, socket.socket] = field(default_factory=dict)
    pending: dict[int, bytes] = field(default_factory=dict)
    answered: set[int] = field(default_factory=set)

    def connect(self, address: tuple[str, int], count: int) -> None:
        for _ in range(count):
            sock = socket.create_connection(address, CONNECT_SECONDS)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setblocking(False)
            self.clients[sock.fileno()] = sock
            self.poll.register(sock.fileno(), select.EPOLLIN)
        for sock in self.clients.values():
            sock.send(self.question.asked)

    def converse(self, seconds: float) -> int:
        """Ask again after every answer; return how many answers came."""
        asked, whole = self.question.asked, self.question.whole
        calls = {fd: (sock.recv, sock.send) for fd, sock in self.clients.items()}
        poll, clock, heard = self.poll.poll, time.monotonic, self.answered.add
        answers = 0
        end = clock() + seconds
        while clock() < end:
            for fd, _ in poll(0.1, 1024):
                recv, send = calls[fd]
                data = recv(4096)
                if data == whole or self._complete(fd, data):
                    answers += 1
                    heard(fd)
                    send(asked)
        return answers

    def _complete(self, fd: int, data: bytes) -> bool:
        if not data:
            raise RowFailed("closed a connection in the middle of the run")
        data = self.pending.pop(fd, b"") + data
        complete = self.question.complete(data)
        if not complete:
            self.pending[fd] = data
        return complete

    def close(self) -> None:
        self.poll.close()
        for sock in self.clients.values():
            sock.close()


def measure(child: Child, connections: int, seconds: float, question: Question) -> Figure:
    """Answers per second of one server, after a short warm-up."""
    load = Askers(question)

    def attempt() -> Figure:
        load.converse(WARM_SECONDS)
        with Meter(child) as meter:
            answers = load.converse(seconds)
        heard = len(load.answered)
        note = "" if heard == connections else f"answered {heard} of {connections} clients"
        return meter.figure(answers, note)

    gc.disable()  # a collection over thousands of sockets would look like a slow server
    try:
        load.connect(child.address, connections)
        figure = quietest(attempt)
    except OSError as why:
        child.check_alive()
        raise RowFailed(f"connection lost: {why}") from why
    finally:
        gc.enable()
        load.close()
    child.check_alive()
    if not figure.value:
        raise RowFailed("no answer at all")
    return figure
