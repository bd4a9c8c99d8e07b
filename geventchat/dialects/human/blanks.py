"""Blank lines in what is pasted."""

from __future__ import annotations

# Nobody types a line so soon after an empty one; what is pasted or piped comes so.
PASTE_MS = 100
# More blank lines in a row are not shown: they would push others' words off the screen.
BLANK_LINES_MAX = 2


class Blanks:
    """Blank lines that are shown if words follow at once; Enter alone says nothing."""

    __slots__ = ("_at", "_count")

    def __init__(self) -> None:
        self._count = 0
        self._at = 0

    def add(self, now: int) -> None:
        """There was one, at that many milliseconds."""
        since = now - self._at
        self._count = min(self._count + 1, BLANK_LINES_MAX) if since <= PASTE_MS else 1
        self._at = now

    def before(self, text: str, now: int) -> str:
        """What is said then, with the blank lines before it."""
        count, self._count = self._count, 0
        return "\n" * count + text if now - self._at <= PASTE_MS else text
