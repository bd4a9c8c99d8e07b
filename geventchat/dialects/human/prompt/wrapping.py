"""Lines of the chat, broken at words to a window's width.

Own code, since `wcwidth.wrap` takes 60 ms for a word of 4,096 letters, and all wait for it.
"""

from __future__ import annotations

import re

from geventchat.dialects.human.prompt.cells import after, cells_of, fitting

# Colours and styles (ECMA-48, 8.3.117), the only sequences in what the server writes.
SGR = re.compile(r"\x1b\[[0-9;]*m")
# A style in the middle of a word does not part it.
_WORD_OR_SPACES = re.compile(r"(?:\x1b\[[0-9;]*m|[^ \x1b])+| +")
_STYLE_OR_TEXT = re.compile(r"\x1b\[[0-9;]*m|[^\x1b]+")


def plain(line: str) -> str:
    """The line without its styles."""
    return SGR.sub("", line) if "\x1b" in line else line


def wrapped(line: str, columns: int, indent: int = 0) -> list[str]:
    """Break a line into rows of at most `columns` cells, all but the first indented.

    Words longer than a row are broken between clusters. Styles go on over the break, as
    they do on the terminal. Where a single cluster is wider than the window, it stands
    alone in its row.
    """
    if len(line) <= columns and line.isascii():
        return [line]
    if cells_of(plain(line)) <= columns:
        return [line]
    rows = _Rows(columns, indent)
    for token in _WORD_OR_SPACES.findall(line):
        if token[0] == " ":
            rows.space(token)
        else:
            rows.word(token)
    return rows.finished()


class _Rows:
    """The rows of one line, while they are filled.

    used   cells taken in the last row
    gap    spaces before the next word, which the end of a row swallows
    """

    __slots__ = ("columns", "done", "gap", "indent", "row", "used")

    def __init__(self, columns: int, indent: int) -> None:
        self.columns = max(1, columns)
        # A character of two cells must have room behind it.
        self.indent = min(indent, self.columns // 2) if self.columns > 3 else 0
        self.done: list[str] = []
        self.row: list[str] = []
        self.used = 0
        self.gap = ""

    def space(self, spaces: str) -> None:
        self.gap = spaces

    def word(self, word: str) -> None:
        width = cells_of(plain(word))
        if self.used + len(self.gap) + width <= self.columns:
            self._add(self.gap + word, len(self.gap) + width)
        elif self.indent + width <= self.columns:
            self._break()
            self._add(word, width)
        else:
            self._long(word)
        self.gap = ""

    def _long(self, word: str) -> None:
        if self.used + len(self.gap) < self.columns:
            self._add(self.gap, len(self.gap))
        elif self.used:
            self._break()
        for part in _STYLE_OR_TEXT.findall(word):
            if part[0] == "\x1b":
                self._add(part, 0)
                continue
            start = 0
            while start < len(part):
                end = fitting(part, start, self.columns - self.used)
                if end == start and self.used > (self.indent if self.done else 0):
                    self._break()
                    continue
                end = end if end > start else after(part, start)
                self._add(part[start:end], cells_of(part[start:end]))
                start = end

    def _add(self, text: str, width: int) -> None:
        self.row.append(text)
        self.used += width

    def _break(self) -> None:
        self.done.append("".join(self.row))
        self.row = [" " * self.indent]
        self.used = self.indent

    def finished(self) -> list[str]:
        return [*self.done, "".join(self.row)]
