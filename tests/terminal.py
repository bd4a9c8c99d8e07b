"""A program in a terminal of its own, and somebody who types there."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shutil
import struct
import subprocess
import termios
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import NoReturn, Self, TypeVar

import pyte
import pytest

from tests.line_client import HANG_S
from tests.running import environment

Found = TypeVar("Found")


def installed(program: str) -> str:
    """Where a program is."""
    return shutil.which(program) or missing(program)


def missing(program: str) -> NoReturn:
    """Skip the test without a program; but not where all must be tested."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{program} is not installed")


class Terminal(ABC):
    """A terminal with a program in it, which ends with the `with` block.

    `sent` is all that the program sent there, and `mode` how the terminal was set before.
    Without a size the terminal does not know its own, as on a serial line.
    """

    def __init__(
        self, command: Sequence[str], columns: int = 0, rows: int = 0, **variables: str
    ) -> None:
        self._outside, inside = pty.openpty()
        self._set_size(columns, rows)
        self.mode = termios.tcgetattr(self._outside)
        self.sent = b""
        self.process = subprocess.Popen(
            command,
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
            env=environment(**variables),
        )
        os.close(inside)

    def _set_size(self, columns: int, rows: int) -> None:
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self._outside, termios.TIOCSWINSZ, size)

    def presses(self, keys: str) -> None:
        os.write(self._outside, keys.encode())

    def types(self, *lines: str) -> None:
        for line in lines:
            self.presses(f"{line}\r")

    @abstractmethod
    def _show(self, more: bytes) -> None:
        """Take what the program has sent."""

    @property
    @abstractmethod
    def _visible(self) -> object:
        """What a test that waits in vain is told."""

    def _until(self, found: Callable[[], Found], wanted: object = "what is due") -> Found:
        """Wait until something is found in what is shown."""
        give_up = time.monotonic() + HANG_S
        while not (what := found()):
            if not self._read(give_up):
                raise AssertionError(f"not shown: {wanted!r}; but {self._visible!r}")
        return what

    def _read(self, give_up: float) -> bool:
        """Take what comes, unless nothing comes any more."""
        ready, _, _ = select.select([self._outside], [], [], max(0.0, give_up - time.monotonic()))
        try:
            more = os.read(self._outside, 65536) if ready else b""
        except OSError:
            more = b""  # So a terminal says that the last program in it has ended.
        self.sent += more
        self._show(more)
        return bool(more)

    def ends(self) -> int:
        """Wait for the program to end, and show all it sent; its exit code."""
        give_up = time.monotonic() + HANG_S
        while self._read(give_up):
            pass
        return self.process.wait(HANG_S)

    def __enter__(self) -> Self:
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
        os.close(self._outside)


class Emulator(Terminal):
    """A terminal on whose screen escape sequences do what they say."""

    def __init__(self, command: Sequence[str], columns: int, rows: int, **variables: str) -> None:
        self.screen = pyte.Screen(columns, rows)
        # So a terminal answers where its cursor is, which prompt_toolkit asks for.
        self.screen.write_process_input = self.presses
        self._stream = pyte.ByteStream(self.screen)
        super().__init__(command, columns, rows, **variables)

    def _show(self, more: bytes) -> None:
        self._stream.feed(more)

    @property
    def rows(self) -> list[str]:
        """The rows down to the cursor's, without spaces at their ends."""
        return [row.rstrip() for row in self.screen.display[: self.screen.cursor.y + 1]]

    @property
    def lines(self) -> list[str]:
        """What can be seen, without empty rows."""
        return [row.rstrip() for row in self.screen.display if row.strip()]

    _visible = lines
