"""500 clients that each send 64 bytes, wait for the answer, and send again.

One thread, one epoll, two system calls an answer: a C server cannot keep it busy.
"""

import gc
import select
import socket
import time
from dataclasses import dataclass, field

from .child import Child
from .errors import RowFailed
from .figures import Figure, Meter

MESSAGE = b"the quick brown fox jumps over the lazy dog, 0123456789, again.\n"
CONNECT_SECONDS = 5.0
WARM_SECONDS = 0.4


@dataclass
class Echoes:
    """The clients of one run. `answered` holds those that ever heard back."""

    expected: bytes
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
            sock.send(MESSAGE)

    def exchange(self, seconds: float) -> int:
        """Answer every echo with the next message; return how many echoes came."""
        whole, size = self.expected, len(self.expected)
        calls = {fd: (sock.recv, sock.send) for fd, sock in self.clients.items()}
        poll, clock, heard = self.poll.poll, time.monotonic, self.answered.add
        echoes = 0
        end = clock() + seconds
        while clock() < end:
            for fd, _ in poll(0.1, 1024):
                recv, send = calls[fd]
                data = recv(4096)
                if data == whole or self._complete(fd, data, size):
                    echoes += 1
                    heard(fd)
                    send(MESSAGE)
        return echoes

    def _complete(self, fd: int, data: bytes, size: int) -> bool:
        if not data:
            raise RowFailed("closed a connection in the middle of the run")
        data = self.pending.pop(fd, b"") + data
        if not self.expected.startswith(data):
            raise RowFailed(f"answered {data[:40]!r} to {MESSAGE[:40]!r}")
        if len(data) < size:
            self.pending[fd] = data
        return len(data) == size

    def close(self) -> None:
        self.poll.close()
        for sock in self.clients.values():
            sock.close()


def measure(child: Child, connections: int, seconds: float, *, upper: bool) -> Figure:
    """Echoes per second of one server, after a short warm-up."""
    load = Echoes(MESSAGE.upper() if upper else MESSAGE)
    gc.disable()  # a collection over thousands of sockets would look like a slow server
    try:
        load.connect(child.address, connections)
        load.exchange(WARM_SECONDS)
        with Meter(child) as meter:
            echoes = load.exchange(seconds)
    except OSError as why:
        child.check_alive()
        raise RowFailed(f"connection lost: {why}") from why
    finally:
        gc.enable()
        load.close()
    child.check_alive()
    if not echoes:
        raise RowFailed("no answer at all")
    return meter.figure(echoes, served=len(load.answered))
