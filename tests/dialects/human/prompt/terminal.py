"""A terminal before the prompt: an emulator's screen, and the keys that are pressed."""

from __future__ import annotations

import re

import pyte

from geventchat.dialects.human.prompt.prompt import Prompt

NAMES = ["/join", "/joke", "/who", "alice", "bob", "Bobby", "#dev"]
# All that may be sent besides printable text: see `painting`.
OURS = re.compile(r"\r\n|\r|\a|\x1b(?:\[K|\[H|\[2J|\[\?2004[hl]|\[\?7[hl]|7|8|\[[0-9;]*m)")


class Terminal:
    """What is sent to it must be printable text and the prompt's own sequences."""

    def __init__(self, columns: int = 40, max_bytes: int = 200, label: str = "#lobby> ") -> None:
        self.screen = pyte.Screen(columns, 10)
        self.stream = pyte.ByteStream(self.screen)
        self.label = label
        self.names = NAMES
        self.asked: list[tuple[str, bool]] = []
        self.lines: list[str] = []
        self.sent = b""
        self.prompt = Prompt(
            max_bytes,
            columns,
            lambda: self.label,
            self._candidates,
            self._secret_from,
            lambda line: 2 if line == "/passwd" else 0,
        )
        self.show(self.prompt.redraw())

    def _candidates(self, word: str, first: bool) -> list[str]:
        self.asked.append((word, first))
        return self.names

    def _secret_from(self, text: str) -> int | None:
        return len("/oper root ") if text.startswith("/oper root ") else None

    def press(self, *pieces: str | bytes) -> bytes:
        """Press keys, let the screen show them; return what was sent for the last piece."""
        sent = b""
        for piece in pieces:
            data = piece if isinstance(piece, bytes) else piece.encode()
            self.lines += [line.decode() for line in self.prompt.feed(data)]
            sent = self.prompt.typed()
            self.show(sent)
        return sent

    def show(self, sent: bytes) -> None:
        rest = OURS.sub("", sent.decode())
        assert not any(char < " " or "\x7f" <= char < "\xa0" for char in rest), sent
        self.sent += sent
        self.stream.feed(sent)

    @property
    def rows(self) -> list[str]:
        """What is on the screen, down to the row of the cursor."""
        return [row.rstrip() for row in self.screen.display[: self.screen.cursor.y + 1]]

    @property
    def row(self) -> str:
        return self.rows[-1]

    @property
    def column(self) -> int:
        return int(self.screen.cursor.x)
