"""The prompt's row on the screen: a label, and of the text what there is room for.

It is one row, whatever is typed, so that `ERASE` always clears it. It leaves the last
column free, where terminals differ in when they go to the next row. Other clients' idea
of a cluster's width may differ: the terminal keeps the cursor's place itself (DECSC and
DECRC), and does not wrap while more than ASCII is painted (DECAWM off).
"""

from __future__ import annotations

from geventchat.chat.text import clean_for_terminal
from geventchat.dialects.human.prompt.cells import cells_of, fitting, fitting_before
from geventchat.dialects.human.prompt.wrapping import SGR, plain

ERASE = "\r\x1b[K"
CLEAR_SCREEN = "\x1b[H\x1b[2J"
# Terminals tell pastes from keys when asked to.
PASTE_ON, PASTE_OFF = "\x1b[?2004h", "\x1b[?2004l"
_WRAP_OFF, _WRAP_ON = "\x1b[?7l", "\x1b[?7h"
_SAVE, _RESTORE = "\x1b7", "\x1b8"
_RESET = "\x1b[0m"
# Where text is hidden.
_LEFT, _RIGHT = "<", ">"

_COLUMNS_LEAST, _COLUMNS_MOST, _COLUMNS_UNKNOWN = 20, 500, 80
_COLUMNS_LIE = 65535


def columns_from(told: int) -> int:
    """The width to go by when a terminal has told `told`: it may not know, or lie."""
    if not 0 < told < _COLUMNS_LIE:
        return _COLUMNS_UNKNOWN
    return min(max(told, _COLUMNS_LEAST), _COLUMNS_MOST)


class Row:
    """Which part of the text is seen, and what is free behind it.

    free   cells for text that is appended to what is on the screen; 0 where it must be painted
    """

    __slots__ = ("_start", "columns", "free")

    def __init__(self, columns: int) -> None:
        self.columns = columns_from(columns)
        self._start = 0
        self.free = 0

    def paint(self, label: str, text: str, cursor: int) -> str:
        """The row as the terminal is to be sent it, with the cursor where it belongs."""
        label = label_for(label, self.columns // 2)
        room = self.columns - 1 - cells_of(plain(label))
        start, end = self._window(text, cursor, room)
        mark = _LEFT if start else ""
        head, tail = mark + text[start:cursor], text[cursor:end]
        if end < len(text):
            tail += _RIGHT
        self.free = 0 if tail else room - cells_of(head)
        painted = label + head + (f"{_SAVE}{tail}\x1b[K{_RESTORE}" if tail else "\x1b[K")
        if not painted.isascii():
            painted = _WRAP_OFF + painted + _WRAP_ON
        return "\r" + painted

    def _window(self, text: str, cursor: int, room: int) -> tuple[int, int]:
        """From where to where the text is seen: what is hidden takes a cell for its mark."""
        if fitting(text, 0, room) == len(text):
            self._start = 0
            return 0, len(text)
        start, inside = self._start, room - 1 - (cursor < len(text))
        if cursor <= start or fitting(text, start, inside) < cursor:
            start = fitting_before(text, cursor, inside * 2 // 3)
        self._start = start
        left = room - bool(start) - cells_of(text[start:cursor])
        end = fitting(text, cursor, left)
        return start, end if end == len(text) else fitting(text, cursor, left - 1)


def label_for(label: str, most: int) -> str:
    """The label in no more than `most` cells; one that is cut loses its colours."""
    if not label.isprintable():
        parts, styles = SGR.split(label), SGR.findall(label)
        label = clean_for_terminal(parts[0])
        for style, part in zip(styles, parts[1:], strict=True):
            label += style + clean_for_terminal(part)
        label += _RESET if styles else ""
    bare = plain(label)
    return label if cells_of(bare) <= most else bare[: fitting(bare, 0, most - 1)] + " "
