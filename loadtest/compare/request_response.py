"""Requests and responses: 500 clients that each ask, wait for the answer, and ask again.

One thread, one epoll, two system calls an answer: a C server cannot keep it busy.
"""

import select
import socket
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

from loadtest.compare.child import Child
from loadtest.compare.errors import RowFailed
from loadtest.compare.figures import Figure, Meter, measuring, quietest

CONNECT_SECONDS = 5.0
WARM_SECONDS = 0.4


@dataclass(frozen=True)
class Exchange:
    """A request, and how a complete response to it is recognised.

    `response` is the usual one, compared first; `complete` decides about any other bytes, and
    raises RowFailed when they cannot become a response.
    """

    request: bytes
    response: bytes
    complete: Callable[[bytes], bool]


def echo(*, upper: bool) -> Exchange:
    """64 bytes that come back, in upper case or as they are."""
    request = b"the quick brown fox jumps over the lazy dog, 0123456789, again.\n"
    response = request.upper() if upper else request

    def complete(data: bytes) -> bool:
        if not response.startswith(data):
            raise RowFailed(f"answered {data[:40]!r} where {response[:40]!r} was due")
        return len(data) == len(response)

    return Exchange(request, response, complete)


def page() -> Exchange:
    """A small JSON document over a connection that stays open."""

    def complete(data: bytes) -> bool:
        if not b"HTTP/1.1 200 ".startswith(data[:13]):
            raise RowFailed(f"answered {data[:40]!r}")
        return data.endswith(b'"FOX"}')

    return Exchange(b"GET /fox HTTP/1.1\r\nHost: localhost\r\n\r\n", b"", complete)


@dataclass
class Requesters:
    """The clients of one run. `answered` holds those that ever got a response."""

    exchange: Exchange
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
            sock.send(self.exchange.request)

    def converse(self, seconds: float) -> int:
        """Send the request again after every response; return how many responses came."""
        request, response = self.exchange.request, self.exchange.response
        calls = {fd: (sock.recv, sock.send) for fd, sock in self.clients.items()}
        poll, clock, heard = self.poll.poll, time.monotonic, self.answered.add
        answers = 0
        end = clock() + seconds
        while clock() < end:
            for fd, _ in poll(0.1, 1024):
                recv, send = calls[fd]
                data = recv(4096)
                if data == response or self._complete(fd, data):
                    answers += 1
                    heard(fd)
                    send(request)
        return answers

    def _complete(self, fd: int, data: bytes) -> bool:
        if not data:
            raise RowFailed("closed a connection in the middle of the run")
        data = self.pending.pop(fd, b"") + data
        complete = self.exchange.complete(data)
        if not complete:
            self.pending[fd] = data
        return complete

    def close(self) -> None:
        self.poll.close()
        for sock in self.clients.values():
            sock.close()


def measure(child: Child, connections: int, seconds: float, exchange: Exchange) -> Figure:
    """Answers per second of one server, after a short warm-up."""
    load = Requesters(exchange)

    def attempt() -> Figure:
        load.converse(WARM_SECONDS)
        with Meter(child) as meter:
            answers = load.converse(seconds)
        heard = len(load.answered)
        note = "" if heard == connections else f"answered {heard} of {connections} clients"
        return meter.figure(answers, note)

    with measuring(child), closing(load):
        load.connect(child.address, connections)
        figure = quietest(attempt)
    if not figure.value:
        raise RowFailed("no answer at all")
    return figure
