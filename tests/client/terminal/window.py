"""`geventchat connect` in a terminal that understands escape sequences."""

from __future__ import annotations

import re
import sys
import termios

from tests.terminal import Emulator


class Window(Emulator):
    """`geventchat connect` with these arguments, on a screen of 50 × 100."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "geventchat", "connect", *arguments]
        super().__init__(command, columns=100, rows=50, TERM="xterm-256color")

    def expect(self, pattern: str) -> None:
        """Wait until a row looks like this."""
        self._until(lambda: any(re.fullmatch(pattern, line) for line in self.lines), pattern)

    def expect_prompt(self, pattern: str) -> None:
        """Wait until the line one types in looks like this; below it nothing stands but a word
        on the connection."""
        self._until(lambda: re.fullmatch(pattern, self.rows[-1]), pattern)

    def ends(self) -> int:
        """Wait for the program to end; its exit code. The terminal is as it was then."""
        code = super().ends()
        assert termios.tcgetattr(self._outside) == self.mode
        return code
