"""The log of a room: appended once, read by every member from its own place."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any, NamedTuple

from geventchat.chat.events import Entry, Event


class Cursor(NamedTuple):
    """A place in a log, between two entries.

    position  how many entries were ever appended before it
    shown     how many of those a human is shown, so that a gap can be told exactly

    Members that were sent the same share one mark object; comparing marks by
    identity is what makes the common case of the fan-out one comparison.
    """

    position: int
    shown: int


class RoomLog:
    """The latest entries of a room, appended once, read by every member from its own mark.

    At least `bound` entries stay readable; a quarter more are kept before the
    oldest are let go, because trimming in bulk is cheaper than one by one.

    end        how many entries were ever appended
    shared     position of the latest entry that stands in other rooms' logs too, or -1
    flushed    the head when everyone was last sent what there was
    encodings  what whoever delivers has encoded of it; never looked into here
    """

    __slots__ = (
        "_head",
        "_shown",
        "_shown_before",
        "bound",
        "encodings",
        "end",
        "entries",
        "first",
        "flushed",
        "shared",
    )

    def __init__(self, bound: int) -> None:
        self.bound = bound
        self.entries: list[Entry] = []
        self._shown_before: list[int] = []
        self.first = 0
        self.end = 0
        self._shown = 0
        self._head: Cursor | None = None
        self.flushed = self.head
        self.shared = -1
        self.encodings: dict[Any, Any] = {}

    def append(self, entry: Entry, shown: bool = True) -> None:
        """Add an entry; `shown` says whether humans get to see it."""
        if len(entry.rooms) > 1:
            self.shared = self.end
        self.entries.append(entry)
        self._shown_before.append(self._shown)
        self._shown += shown
        self.end += 1
        self._head = None
        if len(self.entries) > self.bound + self.bound // 4:
            excess = len(self.entries) - self.bound
            del self.entries[:excess]
            del self._shown_before[:excess]
            self.first += excess

    def replace(self, number: int, event: Event) -> None:
        """Put another event in the place of the one of that number, if it is still here."""
        place = bisect_left(self.entries, number, key=lambda entry: entry.number)
        if place < len(self.entries) and self.entries[place].number == number:
            self.entries[place] = Entry(number, self.entries[place].at, event)
            self.encodings.clear()

    @property
    def head(self) -> Cursor:
        """The mark behind the latest entry: the same object until another is appended.

        Made when it is asked for, which is once a batch and not once a line.
        """
        if self._head is None:
            self._head = Cursor(self.end, self._shown)
        return self._head

    @property
    def readable_from(self) -> int:
        """Position of the oldest entry a member may still be sent."""
        return max(self.first, self.end - self.bound)

    def cursor_at(self, position: int) -> Cursor:
        """The mark before the entry at `position`, which must still be in the log."""
        if position == self.end:
            return self.head
        return Cursor(position, self._shown_before[position - self.first])

    def at(self, position: int) -> Entry:
        """The entry at `position`, which must still be in the log."""
        return self.entries[position - self.first]

    def between(self, start: int, end: int) -> list[Entry]:
        """Entries from position `start` up to (not including) `end`."""
        return self.entries[start - self.first : end - self.first]
