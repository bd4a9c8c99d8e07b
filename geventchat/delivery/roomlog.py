"""The log of a room: appended once, read by every member from its own place."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from geventchat.chat.events import Entry, Event
from geventchat.delivery.encoder import Encoder

# Different formats of one room's lines that are kept encoded. Beyond it the
# cache starts afresh: slower, never wrong.
ENCODERS_PER_LOG = 16
# Encoded entries are let go in bulk, like the entries themselves.
_ENCODED_EXCESS = 256


class Cursor(NamedTuple):
    """A place in a log, between two entries.

    position  how many entries were ever appended before it
    shown     how many of those a person is shown, so that a gap can be told exactly

    Members that were sent the same share one cursor object; comparing cursors
    by identity is what makes the common case of the fan-out one comparison.
    """

    position: int
    shown: int


class RoomLog:
    """The latest entries of a room.

    At least `bound` entries stay readable; a quarter more are kept before the
    oldest are let go, because trimming in bulk is cheaper than one by one.

    end      how many entries were ever appended
    shared   position of the latest entry that stands in other rooms' logs too, or -1
    flushed  the head when everyone was last sent what there was
    """

    __slots__ = (
        "_encoded",
        "_head",
        "_shown",
        "_shown_before",
        "bound",
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
        self._encoded: dict[Encoder, _Encoded] = {}

    def append(self, entry: Entry, shown: bool = True) -> None:
        """Add an entry; `shown` says whether people get to see it."""
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
            self._encoded.clear()

    @property
    def head(self) -> Cursor:
        """The cursor behind the latest entry: the same object until another is appended.

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
        """The cursor before the entry at `position`, which must still be in the log."""
        if position == self.end:
            return self.head
        return Cursor(position, self._shown_before[position - self.first])

    def between(self, start: int, end: int) -> list[Entry]:
        """Entries from position `start` up to (not including) `end`."""
        return self.entries[start - self.first : end - self.first]

    def encoded(self, encoder: Encoder, start: int, end: int) -> list[bytes]:
        """The bytes of each entry from `start` up to `end`: made once per encoder, not per reader.

        The list is the caller's own.
        """
        found = self._encoded.get(encoder)
        if found is None:
            if len(self._encoded) >= ENCODERS_PER_LOG:
                self._encoded.clear()
            found = self._encoded[encoder] = _Encoded(encoder, start)
        return found.between(self, start, end)


class _Encoded:
    """The entries of one log, each encoded once by one encoder, lazily and in order."""

    __slots__ = ("_encoder", "_pieces", "_start")

    def __init__(self, encoder: Encoder, start: int) -> None:
        self._encoder = encoder
        self._start = start
        self._pieces: list[bytes] = []

    def between(self, log: RoomLog, start: int, end: int) -> list[bytes]:
        pieces = self._pieces
        if start < self._start or start > self._start + len(pieces):
            pieces.clear()
            self._start = start
        have = self._start + len(pieces)
        if have < end:
            encode, frame = self._encoder.encode, self._encoder.frame
            pieces += [frame(encode(entry)) for entry in log.between(have, end)]
        excess = log.first - self._start
        if excess > _ENCODED_EXCESS:
            del pieces[:excess]
            self._start = log.first
        return pieces[start - self._start : end - self._start]
