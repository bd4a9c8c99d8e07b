"""A program in a terminal's window: an emulated screen, and somebody who types."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable

import pyte

from tests.line_client import HANG_S


class Window:
    """A pseudo-terminal of some size, and what it shows."""

    def __init__(self, *command: str, columns: int = 80, rows: int = 24) -> None:
        self._outside, inside = pty.openpty()
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.sent = b""
        self._set_size(columns, rows)
        self.process = subprocess.Popen(
            command,
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm"},
        )
        self._inside = inside

    def _set_size(self, columns: int, rows: int) -> None:
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self._outside, termios.TIOCSWINSZ, size)

    def resize(self, columns: int, rows: int) -> None:
        """Pull at the window's corner."""
        self._set_size(columns, rows)
        self.screen.resize(rows, columns)
        os.kill(self.process.pid, signal.SIGWINCH)

    def presses(self, keys: str) -> None:
        os.write(self._outside, keys.encode())

    def types(self, *lines: str) -> None:
        for line in lines:
            self.presses(f"{line}\r")

    @property
    def rows(self) -> list[str]:
        """The rows down to the cursor's, without spaces at their ends."""
        return [row.rstrip() for row in self.screen.display[: self.screen.cursor.y + 1]]

    def wait(self, shown: Callable[[list[str]], object]) -> list[str]:
        """Wait until the rows are as they should be."""
        give_up = time.monotonic() + HANG_S
        while not shown(self.rows):
            if not self._read(give_up):
                raise AssertionError("not shown; but\n" + "\n".join(self.rows))
        return self.rows

    def expect(self, *last: str) -> list[str]:
        """Wait until these are the last rows."""
        return self.wait(lambda rows: rows[-len(last) :] == list(last))

    def _read(self, give_up: float) -> bool:
        ready, _, _ = select.select([self._outside], [], [], max(0.0, give_up - time.monotonic()))
        try:
            more = os.read(self._outside, 65536) if ready else b""
        except OSError:
            more = b""
        self.sent += more
        self._stream.feed(more)
        return bool(more)

    @property
    def echoes(self) -> bool:
        """Whether the terminal itself shows what is typed."""
        return bool(termios.tcgetattr(self._inside)[3] & termios.ECHO)

    def rest(self) -> list[str]:
        """The rows when the program has ended."""
        os.close(self._inside)
        self._inside = -1
        give_up = time.monotonic() + HANG_S
        while self._read(give_up):
            pass
        assert self.process.wait(HANG_S) is not None
        return self.rows

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(HANG_S)
        for end in {self._inside, self._outside} - {-1}:
            os.close(end)
