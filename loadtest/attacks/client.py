"""One connection to the server under attack: bytes out, lines in, and no wait without an end."""

import re
import select
import socket
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Self, TypeVar

HOST = "127.0.0.1"
# No answer takes this long unless the server is stuck; the attack is then told as failed.
HANG_S = 30.0
# What one write of an attacker is: as much as the server reads from a socket at once.
PACKET_BYTES = 16_384
# A welcome may name the message of the day and the last lines; this ends it for people
# (with `-- no lines` before it where there are none).
END_OF_WELCOME = "-- end of history --"
CAPABILITIES = "batch server-time message-tags draft/chathistory labeled-response echo-message"


AnyClient = TypeVar("AnyClient", bound="Client")


class Hung(Exception):
    """The server did not answer, or hung up, where an answer was due."""


class Client:
    """A socket that never blocks for ever. `lines` is what has come and nobody has asked for."""

    def __init__(self, port: int, address: str = HOST, receive_buffer: int = 0) -> None:
        self.sock = socket.socket()
        if receive_buffer:  # Bounds the window only if it is set before connecting.
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.settimeout(HANG_S)
        self.lines: list[str] = []
        self.closed = False  # by the server
        self._rest = b""
        try:
            self.sock.bind((address, 0))
            self.sock.connect((HOST, port))
        except OSError as why:
            self.sock.close()
            raise Hung(f"cannot connect: {why}") from why
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, *lines: str) -> None:
        self.send_bytes("".join(f"{line}\r\n" for line in lines).encode())

    def send_bytes(self, data: bytes) -> None:
        try:
            self.sock.sendall(data)
        except OSError as why:
            raise Hung(f"cannot send: {why}") from why

    def read(self, seconds: float, most: int = 1 << 18) -> bool:
        """Wait for bytes, so long at most, and take their lines. False when none came."""
        if self.closed or not select.select([self.sock], [], [], max(0.0, seconds))[0]:
            return False
        try:
            data = self.sock.recv(most)
        except OSError:
            data = b""  # a reset is an end too
        self.closed = not data
        *lines, self._rest = (self._rest + data).split(b"\n")
        # Telnet's requests before the welcome end in a CR, which has it written over them.
        shown = (line.removesuffix(b"\r").rpartition(b"\r")[2] for line in lines)
        self.lines += [line.decode(errors="replace") for line in shown]
        return bool(data)

    def until(self, pattern: str, seconds: float = HANG_S) -> list[str]:
        """Take the lines up to and with the first in which the pattern is found."""
        seen, deadline = 0, time.monotonic() + seconds
        while True:
            for number in range(seen, len(self.lines)):
                if re.search(pattern, self.lines[number]):
                    found = self.lines[: number + 1]
                    del self.lines[: number + 1]
                    return found
            seen, left = len(self.lines), deadline - time.monotonic()
            if self.closed or left < 0:
                state = "closed by the server" if self.closed else f"nothing in {seconds:.0f} s"
                raise Hung(f"no {pattern!r}: {state}; last: {self.lines[-2:]}")
            self.read(left)

    def during(self, seconds: float) -> list[str]:
        """Everything that comes within this time, as lines."""
        deadline = time.monotonic() + seconds
        while not self.closed and (left := deadline - time.monotonic()) > 0:
            self.read(left)
        found, self.lines = self.lines, []
        return found

    def reset(self) -> None:
        """Vanish: what the server still sends is answered with a RST, and so is this."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def close(self) -> None:
        self.sock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Person(Client):
    """Somebody at `nc`, welcomed."""

    def __init__(
        self,
        port: int,
        nick: str = "",
        address: str = HOST,
        receive_buffer: int = 0,
        *,
        welcomed: bool = True,
    ) -> None:
        super().__init__(port, address, receive_buffer)
        self.welcome: list[str] = []
        if welcomed:
            self.come_in(nick)

    def come_in(self, nick: str = "") -> None:
        """Read the welcome, which takes the server a moment of silence; take a nick."""
        self.welcome = self.until(re.escape(END_OF_WELCOME))
        if nick:
            self.ask(f"/nick {nick}")

    def ask(self, *lines: str, seconds: float = HANG_S) -> list[str]:
        """Type lines; what comes before the answer to a `/ping` behind them."""
        self.send(*lines, "/ping")
        return self.until(r"^-> pong$", seconds)[:-1]


class IrcClient(Client):
    """An IRC client, registered; in no room yet."""

    def __init__(
        self,
        port: int,
        nick: str,
        address: str = HOST,
        *,
        capabilities: str = "",
        password: str = "",
    ) -> None:
        super().__init__(port, address)
        if password:
            self.send(f"PASS {password}")
        if capabilities:
            self.send("CAP LS 302", f"CAP REQ :{capabilities}")
        self.send(f"NICK {nick}", f"USER {nick} 0 * :{nick}", *["CAP END"] * bool(capabilities))
        self.welcome = self.until(r" (376|422|432|433|464) |^ERROR ")
        self._asked = 0

    def ask(self, *lines: str, seconds: float = HANG_S) -> list[str]:
        """Send lines; what comes before the answer to a PING behind them."""
        self._asked += 1
        token = f"asked{self._asked}"
        self.send(*lines, f"PING {token}")
        return self.until(rf" PONG \S+ :?{token}$", seconds)[:-1]


def people(port: int, addresses: list[str], receive_buffer: int = 0) -> list[Person]:
    """One person from each address, all at once: each welcome takes a moment of silence."""
    those: list[Person] = []
    try:
        for address in addresses:
            those.append(Person(port, "", address, receive_buffer, welcomed=False))
        for one in those:
            one.come_in()
    except Hung:
        for one in those:
            one.close()
        raise
    return those


@contextmanager
def together(clients: Sequence[AnyClient]) -> Iterator[Sequence[AnyClient]]:
    """Close them all in the end."""
    try:
        yield clients
    finally:
        for client in clients:
            client.close()


def packet(command: bytes) -> bytes:
    """As many of the command as one read of the server takes."""
    return command * max(1, PACKET_BYTES // len(command))


def pour(clients: Sequence[Client], data: Callable[[], bytes], seconds: float, most: int) -> int:
    """Write this data over and over on all of them and read whatever comes, until the time is up.

    At most `most` bytes in all are written. Returns how many were taken. Nothing is parsed: an
    attacker that works hard takes time away from those who measure.
    """
    waiting = {client.sock: memoryview(b"") for client in clients}
    sent, deadline = 0, time.monotonic() + seconds
    for sock in waiting:
        sock.setblocking(False)
    while waiting and (left := deadline - time.monotonic()) > 0:
        writers = list(waiting) if sent < most else []
        readable, writable, _ = select.select(list(waiting), writers, [], min(left, 0.1))
        for sock in writable:
            rest = waiting[sock] or memoryview(data())
            try:
                taken = sock.send(rest)
            except BlockingIOError:
                taken = 0
            except OSError:
                del waiting[sock]
                continue
            waiting[sock], sent = rest[taken:], sent + taken
        for sock in readable:
            if sock in waiting and not _discard(sock):
                del waiting[sock]
    return sent


def _discard(sock: socket.socket) -> bool:
    try:
        return bool(sock.recv(1 << 20))
    except BlockingIOError:
        return True
    except OSError:
        return False
