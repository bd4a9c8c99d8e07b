"""A person at `nc`: a blocking socket, and lines to wait for."""

from __future__ import annotations

import re
import socket
import struct
import time

# A guard against hanging, far beyond what anything here takes.
HANG_S = 30.0
# What ends the welcome to a room.
WELCOMED = "-- (?:no lines -- )?end of history --"
# What a person is sent before the first line: IAC DO BINARY, and back to the line's beginning.
OPENING = b"\xff\xfd\x00\r"


class LineClient:
    """Sends lines, reads lines. Every line that came stands in `heard`, without its end."""

    def __init__(self, port: int, receive_buffer: int = 0) -> None:
        self.sock = socket.socket()
        if receive_buffer:  # Must be set before connecting to bound the window.
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.settimeout(HANG_S)
        try:
            self.sock.connect(("127.0.0.1", port))
        except OSError:
            self.sock.close()
            raise
        self.heard: list[str] = []
        self._rest = b""
        self._lines: list[str] = []

    def send(self, *lines: str) -> None:
        """Type lines."""
        self.send_raw("".join(f"{line}\n" for line in lines).encode())

    def send_raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.sock.sendall(data)

    def line(self) -> str:
        """The next line. Raises `EOFError` when the server has closed."""
        give_up = time.monotonic() + HANG_S
        while not self._lines:
            if time.monotonic() > give_up:
                raise TimeoutError(f"no line end; so far {self._rest[-200:]!r}")
            data = self.sock.recv(65536)
            if not data:
                raise EOFError(f"closed; heard last: {self.heard[-5:]}")
            data = self._rest + data
            if not self.heard:
                data = data.removeprefix(OPENING)
            *done, self._rest = data.split(b"\n")
            self._lines += [line.decode().removesuffix("\r") for line in done]
        line = self._lines.pop(0)
        self.heard.append(line)
        return line

    def expect(self, pattern: str) -> re.Match[str]:
        """Read up to a line that matches `pattern` from its beginning to its end."""
        seen: list[str] = []
        try:
            while True:
                line = self.line()
                seen.append(line)
                if found := re.fullmatch(pattern, line):
                    return found
        except (OSError, EOFError) as error:
            raise AssertionError(f"no line {pattern!r}: {error}; seen {seen[-10:]}") from error

    def ask(self, *lines: str) -> list[str]:
        """Type lines and then `/ping`; the lines that came before its answer.

        By the session's own order all answers stand before the `pong`, and by
        the room's order so does everything that anyone was shown before.
        """
        self.send(*lines, "/ping")
        before = len(self.heard)
        self.expect("-> pong")
        return self.heard[before:-1]

    def rest(self) -> list[str]:
        """Everything up to the server's end of the connection, reset or not."""
        before = len(self.heard)
        try:
            while True:
                self.line()
        except (EOFError, ConnectionResetError):
            return self.heard[before:]

    def rest_or_welcome(self) -> list[str]:
        """What a newcomer reads: up to the end of the welcome, or of the connection."""
        before = len(self.heard)
        try:
            while not re.fullmatch(WELCOMED, self.line()):
                pass
        except (EOFError, ConnectionResetError):
            pass  # Not let in.
        return self.heard[before:]

    def come_in(self, nick: str = "") -> LineClient:
        """Read the welcome; take a nick, and with it be announced to the others."""
        self.expect(WELCOMED)
        if nick:
            self.send(f"/nick {nick}", "/ping")
            self.expect(rf"\*\*\* \S+ is now known as {re.escape(nick)}\.")
            self.expect("-> pong")
        return self

    def finish_sending(self) -> None:
        """Tell the server that no more will come (`nc -N`)."""
        self.sock.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Go away rudely: the server gets a RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def close(self) -> None:
        """Go away."""
        self.sock.close()
