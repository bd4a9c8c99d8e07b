"""Somebody in prompt mode: an emulator's screen, and keys that are pressed."""

from __future__ import annotations

import re

import pyte

from tests.harness import Harness

IAC = b"\xff"
WILL, WONT, DO, DONT = b"\xff\xfb", b"\xff\xfc", b"\xff\xfd", b"\xff\xfe"
BINARY, ECHO, SGA, NAWS = b"\x00", b"\x01", b"\x03", b"\x1f"
AGREES = DO + ECHO + DO + SGA
REFUSES = DONT + ECHO + DONT + SGA
OFFERS = WILL + ECHO + WILL + SGA + DO + NAWS
TAKES_BACK = WONT + ECHO + WONT + SGA
_NEGOTIATION = re.compile(rb"\xff[\xfb-\xfe].", re.DOTALL)


def window(columns: int, rows: int = 24) -> bytes:
    """What a terminal says of its window's size (RFC 1073)."""
    size = columns.to_bytes(2, "big") + rows.to_bytes(2, "big")
    return b"\xff\xfa\x1f" + size.replace(IAC, IAC + IAC) + b"\xff\xf0"


class Prompter:
    """A terminal that has agreed to all that prompt mode takes, and what was typed before."""

    def __init__(
        self, harness: Harness, nick: str, *before: str, columns: int = 60, rows: int = 24
    ) -> None:
        self.client = harness.human(nick)
        self.client.types(*before)
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.sent = b""
        self.sends(WILL + BINARY)
        self.sends(b"/prompt on\r\n")
        self.sends(WILL + NAWS + window(columns, rows) + AGREES)

    def sends(self, data: bytes) -> bytes:
        """Send bytes in one piece; what comes back, which the screen shows."""
        self.client.does(data)
        return self.looks()

    def presses(self, keys: str) -> bytes:
        return self.sends(keys.encode())

    def types(self, *lines: str) -> list[str]:
        """Enter lines; the rows of the screen."""
        for line in lines:
            self.presses(f"{line}\r\0")
        return self.rows

    def looks(self) -> bytes:
        """What has come since."""
        came = self.client.receives()
        self.sent += came
        self.stream.feed(_NEGOTIATION.sub(b"", came))
        return came

    @property
    def rows(self) -> list[str]:
        """The rows of the screen down to the cursor's, without spaces at their ends."""
        self.looks()
        return [row.rstrip() for row in self.screen.display[: self.screen.cursor.y + 1]]

    @property
    def row(self) -> str:
        return self.rows[-1]
