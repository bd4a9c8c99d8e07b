"""The lines a person has entered, to be called back with Up and Down."""

from __future__ import annotations

LINES_MAX, TEXT_MAX_BYTES = 50, 4096


class Recall:
    """Lines from the oldest to the newest, and where among them one is.

    MUST: hold no more than `LINES_MAX` lines, and of all but the newest no more than
    `TEXT_MAX_BYTES`. What was being typed is kept while one looks among them.
    """

    __slots__ = ("_bytes", "_draft", "_lines", "_place")

    def __init__(self) -> None:
        self._lines: list[str] | None = None  # Most connections never need it.
        self._bytes = 0
        self._place: int | None = None
        self._draft = ""

    def add(self, line: str) -> None:
        """Keep an entered line; the same twice in a row is kept once."""
        self.leave()
        if self._lines is None:
            self._lines = []
        if self._lines and self._lines[-1] == line:
            return
        self._lines.append(line)
        self._bytes += len(line.encode())
        while len(self._lines) > LINES_MAX or (
            self._bytes > TEXT_MAX_BYTES and len(self._lines) > 1
        ):
            self._bytes -= len(self._lines.pop(0).encode())

    def leave(self) -> None:
        """Look no longer among them: a line was entered or dropped."""
        self._place = None
        self._draft = ""

    def older(self, text: str) -> str | None:
        """The line before the one that is shown, if there is one; `text` is shown now."""
        place = len(self._lines or ()) if self._place is None else self._place
        if place == 0 or self._lines is None:
            return None
        if self._place is None:
            self._draft = text
        self._place = place - 1
        return self._lines[self._place]

    def newer(self) -> str | None:
        """The line after the one that is shown, at last the draft; if there is one."""
        if self._place is None or self._lines is None:
            return None
        self._place += 1
        if self._place < len(self._lines):
            return self._lines[self._place]
        draft = self._draft
        self.leave()
        return draft
