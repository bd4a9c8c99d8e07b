"""Lines as the terminal's window shows them: broken at words, in colours, one's own among them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from geventchat.chat.events import Entry, Event, Said
from geventchat.chat.names import fold
from geventchat.chat.sessions import Session
from geventchat.delivery.encoder import crlf
from geventchat.dialects.human.encoder import Look
from geventchat.dialects.human.highlights import BELL, PersonalEncoder, coloured
from geventchat.dialects.human.prompt.cells import cells_of
from geventchat.dialects.human.prompt.wrapping import plain, wrapped
from geventchat.dialects.human.unread import Unread

# What stands before what was said: the time or the day, the room, who said it to whom. What
# does not fit into one row goes on under what was said, as talkers have it.
_START = re.compile(
    r"(?:-> |\*\*\* |-- | +)?(?:\[[0-9: -]{5,16}\] )?(?:#\S+ )?"
    r"(?:<\S+> |\* \S+ |-\S+- |\[[^]]*\] )?"
)
# With `/set screenreader on` nothing is known to stand before what was said. No row of that
# may begin like a line of ours, `*** ` or `-> `.
_INDENT_LEAST = 2


class WindowEncoder(PersonalEncoder):
    """The encoder of one session in prompt mode.

    columns  of its window now
    unread   counts what is said in its rooms
    wants    whether it is to see an entry at all
    """

    def __init__(
        self,
        look: Look,
        here: bool,
        me: Session,
        columns: Callable[[], int],
        unread: Unread,
        wants: Callable[[Entry], bool],
    ) -> None:
        super().__init__(look, here, me)
        self._columns = columns
        self._unread = unread
        self._wants = wants

    def encode(self, entry: Entry) -> list[str]:
        lines = super().encode(entry)
        event = entry.event
        if (
            isinstance(event, Said)
            and not self._me.is_author(event.by)
            and lines
            and self._wants(entry)
        ):
            self._unread.said(fold(event.room), entry.number, len(lines))
        return lines

    def echoes(self, event: Event) -> bool:
        """What was typed is gone from the row: its author sees it as everybody does."""
        return True

    def frame(self, lines: Sequence[str]) -> bytes:
        # The last column stays free: terminals differ in what comes after it.
        columns = self._columns() - 1
        return crlf([row for line in lines for row in broken(line, columns)])

    def _named(self, nick: str) -> str | None:
        return coloured(nick) if self.look.colour else None


def broken(line: str, columns: int) -> list[str]:
    """A line as rows of at most so many cells, which go on under what was said."""
    if len(line) <= columns and line.isascii():
        return [line]
    *rows, last = _rows(line.removesuffix(BELL), columns)
    return [*rows, last + BELL if line.endswith(BELL) else last]


# A long line takes a millisecond, and in a full room hundreds are to see the same one.
@lru_cache(maxsize=256)
def _rows(line: str, columns: int) -> tuple[str, ...]:
    start = _START.match(plain(line))
    assert start is not None  # Nothing is a start, too.
    return tuple(wrapped(line, columns, max(_INDENT_LEAST, cells_of(start[0]))))
