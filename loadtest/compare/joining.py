"""Gets many clients into a room: non-blocking connects, a bounded number at a time."""

import select
import socket
import time
from collections import deque
from dataclasses import dataclass

from loadtest.compare.child import Child
from loadtest.compare.errors import RowFailed
from loadtest.compare.rooms import Room, Step

JOIN_SECONDS = 60.0


@dataclass
class Joiner:
    """One client on its way in."""

    sock: socket.socket
    number: int
    steps: deque[Step]
    heard: bytes = b""

    def advance(self) -> None:
        """Send what the next step says; skip the wait of a step already answered."""
        self.heard = b""
        if self.steps and self.steps[0].send:
            self.sock.sendall(self.steps[0].send.replace("{n}", str(self.number)).encode("latin-1"))

    def hear(self, data: bytes) -> bool:
        """Take what came; True once the last step is answered."""
        if not data:
            raise RowFailed(f"closed client {self.number} while it joined: {self.heard[-120:]!r}")
        self.heard += data
        while self.steps and self.steps[0].until in self.heard:
            self.steps.popleft()
            self.advance()
        return not self.steps


def join(
    child: Child, steps: tuple[Step, ...], count: int, first: int = 0, at_once: int = 100
) -> list[socket.socket]:
    """Connect `count` clients and take each through the steps. The sockets do not block."""
    inside: list[socket.socket] = []
    coming: dict[int, Joiner] = {}
    number, last = first, first + count
    deadline = time.monotonic() + JOIN_SECONDS
    with select.epoll() as poll:
        try:
            while len(inside) < count:
                while number < last and len(coming) < at_once:
                    joiner = Joiner(_connected(child), number, deque(steps))
                    coming[joiner.sock.fileno()] = joiner
                    poll.register(joiner.sock.fileno(), select.EPOLLIN)
                    joiner.advance()
                    number += 1
                for fd, _ in poll.poll(1.0, 256):
                    if coming[fd].hear(coming[fd].sock.recv(65536)):
                        poll.unregister(fd)
                        inside.append(coming.pop(fd).sock)
                _check(child, deadline, len(inside), count)
        except OSError as why:
            child.check_alive()
            raise RowFailed(f"joining: {why}") from why
        finally:
            if len(inside) < count:
                close_all(inside + [joiner.sock for joiner in coming.values()])
    return inside


def _connected(child: Child) -> socket.socket:
    sock = socket.create_connection(child.address, 10.0)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setblocking(False)
    return sock


def _check(child: Child, deadline: float, inside: int, count: int) -> None:
    child.check_alive()
    if time.monotonic() > deadline:
        raise RowFailed(f"only {inside} of {count} clients joined in {JOIN_SECONDS:.0f} s")


def close_all(socks: list[socket.socket]) -> None:
    for sock in socks:
        sock.close()


def enter(
    child: Child, room: Room, members: int, senders: int
) -> tuple[list[socket.socket], list[socket.socket]]:
    """Fill a room with this many who listen, and some who speak."""
    inside = join(child, room.member, members, at_once=room.at_once)
    try:
        return inside, join(child, room.sender, senders, first=members, at_once=room.at_once)
    except RowFailed:
        close_all(inside)
        raise
