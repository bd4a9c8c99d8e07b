"""A program in a terminal that understands escape sequences, and somebody who types there."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from types import TracebackType

import pyte

from tests.line_client import HANG_S
from tests.running import environment

ROWS, COLUMNS = 50, 100


class Window:
    """`geventchat connect` with these arguments, on a screen of 50 × 100."""

    def __init__(self, *arguments: str, **more: str) -> None:
        self._outside, inside = pty.openpty()
        self._inside = inside
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.mode = termios.tcgetattr(inside)
        self._screen = pyte.Screen(COLUMNS, ROWS)
        # So a terminal answers where its cursor is, which prompt_toolkit asks for.
        self._screen.write_process_input = self.presses
        self._stream = pyte.ByteStream(self._screen)
        self.raw = b""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "geventchat", "connect", *arguments],
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
            env=environment(TERM="xterm-256color", **more),
        )

    def presses(self, keys: str) -> None:
        os.write(self._outside, keys.encode())

    def types(self, line: str) -> None:
        self.presses(f"{line}\r")

    @property
    def lines(self) -> list[str]:
        """What can be seen, without empty rows."""
        return [line.rstrip() for line in self._screen.display if line.strip()]

    def expect(self, pattern: str) -> None:
        """Wait until a row looks like this."""
        give_up = time.monotonic() + HANG_S
        while not any(re.fullmatch(pattern, line) for line in self.lines):
            if not self._read(give_up):
                raise AssertionError(f"not shown: {pattern!r}; but {self.lines}")

    def expect_prompt(self, pattern: str) -> None:
        """Wait until the line one types in looks like this; below it nothing stands but a word
        on the connection."""
        give_up = time.monotonic() + HANG_S
        while not re.fullmatch(pattern, self._screen.display[self._screen.cursor.y].rstrip()):
            if not self._read(give_up):
                raise AssertionError(f"no prompt {pattern!r}; but {self.lines}")

    def _read(self, give_up: float) -> bool:
        wait_s = max(0.0, give_up - time.monotonic())
        ready, _, _ = select.select([self._outside], [], [], wait_s)
        try:
            data = os.read(self._outside, 65536) if ready else b""
        except OSError:
            data = b""
        self.raw += data
        self._stream.feed(data)
        return bool(data)

    def ends(self) -> int:
        """Wait for the program to end; its exit code. The terminal is as it was then."""
        give_up = time.monotonic() + HANG_S
        while self.process.poll() is None and time.monotonic() < give_up:
            self._read(min(give_up, time.monotonic() + 0.05))
        code = self.process.wait(HANG_S)
        assert termios.tcgetattr(self._inside) == self.mode
        while self._read(time.monotonic()):
            pass
        return code

    def __enter__(self) -> Window:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(HANG_S)
        os.close(self._inside)
        os.close(self._outside)
