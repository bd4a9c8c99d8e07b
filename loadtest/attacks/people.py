"""The people who are there: they come in, enter their rooms, and read what they are sent.

A process of its own, so that its reading is not in the way of those who measure. It says "ready"
when all are in, and ends with its standard input.

    python -m loadtest.attacks.people PORT PEOPLE SHARED OWN
"""

import os
import select
import socket
import sys
import time

from loadtest.attacks.client import END_OF_WELCOME, HOST, Hung

PEOPLE_PER_ADDRESS = 6
AT_ONCE = 60
# To come in and enter all rooms; 100 people in 100 rooms are 10,000 joins.
COME_IN_S = 180.0
NICER = 5


def address(number: int) -> str:
    """Where the n-th of them lives: few at each address, as the limits want it."""
    house = number // PEOPLE_PER_ADDRESS
    return f"127.0.{2 + house // 250}.{1 + house % 250}"


def connect(port: int, number: int) -> socket.socket:
    sock = socket.socket()
    sock.bind((address(number), 0))
    sock.connect((HOST, port))
    sock.setblocking(False)
    return sock


class People:
    """All of them, in one loop."""

    def __init__(self, port: int, people: int, shared: int, own: int) -> None:
        self._port = port
        self._people = people
        self._shared = shared
        self._own = own
        self._poll = select.epoll()
        self._heard: dict[int, bytes] = {}
        self._steps: dict[int, list[tuple[bytes, bytes]]] = {}  # still to be heard, then sent
        self._socks: dict[int, socket.socket] = {}
        self.inside = 0

    def come_in(self) -> None:
        """Bring all in. Raises `Hung` when that does not work."""
        deadline, come = time.monotonic() + COME_IN_S, 0
        while self.inside < self._people:
            while come < self._people and come - self.inside < AT_ONCE:
                self._connect(come)
                come += 1
            self.read(1.0)
            if time.monotonic() > deadline:
                raise Hung(f"only {self.inside} of {self._people} people came in")

    def _connect(self, number: int) -> None:
        sock = connect(self._port, number)
        self._socks[sock.fileno()] = sock
        self._heard[sock.fileno()] = b""
        rooms = [f"#shared{room}" for room in range(self._shared)]
        rooms += [f"#own{number}-{room}" for room in range(self._own)]
        joins = "".join(f"/join {room}\n" for room in rooms) + "/ping\n"
        self._steps[sock.fileno()] = [(END_OF_WELCOME.encode(), joins.encode()), (b"-> pong", b"")]
        self._poll.register(sock.fileno(), select.EPOLLIN)

    def read(self, seconds: float) -> None:
        """Take what has come; go on with whoever is still on the way in."""
        for number, _ in self._poll.poll(seconds, 512):
            try:
                data = self._socks[number].recv(1 << 16)
            except OSError:
                data = b""
            if not data:
                self._gone(number)
            elif number in self._steps:
                self._step(number, data)

    def _step(self, number: int, data: bytes) -> None:
        heard = self._heard[number] + data
        self._heard[number] = heard[-200:]
        wanted, then = self._steps[number][0]
        if wanted not in heard:
            return
        self._heard[number] = b""
        del self._steps[number][0]
        if then:
            self._socks[number].setblocking(True)
            self._socks[number].sendall(then)
            self._socks[number].setblocking(False)
        else:
            del self._steps[number]
            self.inside += 1

    def _gone(self, number: int) -> None:
        if number in self._steps:
            raise Hung(f"someone was not let in: {self._heard[number][-200:]!r}")
        self._poll.unregister(number)
        self._socks.pop(number).close()


def main(port: int, people: int, shared: int, own: int) -> None:
    """Come in, say so, read until standard input ends."""
    os.nice(NICER)
    crowd = People(port, people, shared, own)
    try:
        crowd.come_in()
    except (Hung, OSError) as why:
        print(why, flush=True)
        return
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], 0)[0]:
        crowd.read(0.2)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
