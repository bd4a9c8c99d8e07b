"""A program in a terminal's window, whose size may change."""

from __future__ import annotations

import os
import signal
import termios
from collections.abc import Callable

from tests.terminal import Emulator


class Window(Emulator):
    """Looked at where its cursor is: in the last row that is written on."""

    def __init__(self, *command: str) -> None:
        super().__init__(command, columns=80, rows=24, TERM="xterm")

    def resize(self, columns: int, rows: int) -> None:
        """Pull at the window's corner."""
        self._set_size(columns, rows)
        self.screen.resize(rows, columns)
        os.kill(self.process.pid, signal.SIGWINCH)

    def wait(self, shown: Callable[[list[str]], object]) -> list[str]:
        """Wait until the rows are as they should be."""
        self._until(lambda: shown(self.rows))
        return self.rows

    def expect(self, *last: str) -> list[str]:
        """Wait until these are the last rows."""
        self._until(lambda: self.rows[-len(last) :] == list(last), last)
        return self.rows

    @property
    def echoes(self) -> bool:
        """Whether the terminal itself shows what is typed."""
        return bool(termios.tcgetattr(self._outside)[3] & termios.ECHO)

    def rest(self) -> list[str]:
        """The rows when the program has ended."""
        self.ends()
        return self.rows
