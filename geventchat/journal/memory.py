"""A store in memory, gone when the process ends.

Every question has an index, as in a database: who reads holds the loop, and must
not walk through what others said. All indexes hold entries in the order of
their numbers, as the store does, so the oldest entries are the first of every
index they stand in, and go from all of them at once.

It is bounded by the number of entries and by their bytes, since lines may be
long. Beyond a bound a sixty-fourth goes at a time: to take the first entries
from a list moves the others.
"""

from __future__ import annotations

import os
import sys
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Collection, Sequence
from itertools import islice

from geventchat.chat.events import SERVER, Entry, Erased, Event, Said
from geventchat.chat.history import (
    WORDS,
    Private,
    ends_of,
    guest_end,
)
from geventchat.chat.names import fold
from geventchat.journal.belongings import MemoryBelongings
from geventchat.journal.indexes import Index, Key, MemoryReader, at_of, is_erased, number_of
from geventchat.journal.store import (
    NO_CORRECTIONS,
    SECRET_BYTES,
    Author,
    Corrections,
    Restored,
    with_authors,
)

# What an entry takes beside its words, its numbers and its places in indexes counted.
_ENTRY_BYTES = 400
# Entries of ended talks erased with one batch, which everybody waits for.
_FORGET_ENTRIES = 1000

# The state is the same without them.
_WORDS = frozenset(WORDS)
# Entries looked through for an author's words with one batch.
_AUTHORS_ENTRIES = 5000


def _bytes_of(event: Event) -> int:
    """About how much memory an entry of this event takes, its author not counted."""
    if isinstance(event, Said):
        return _ENTRY_BYTES + sys.getsizeof(event.text) + len(event.tags)
    words = (getattr(event, name) for name in event.__slots__)
    return _ENTRY_BYTES + sum(sys.getsizeof(word) for word in words)


class MemoryStore(MemoryBelongings, MemoryReader):
    """Keeps the latest entries: at most `bound` of them, and at most `bytes_max`."""

    name = "none (memory only)"
    in_thread = False

    def __init__(self, bound: int, bytes_max: int = 1 << 62) -> None:
        super().__init__()
        self._bound, self._bytes_max = bound, bytes_max
        self._bytes = 0
        self._secret = os.urandom(SECRET_BYTES)
        # What was said in talks of which one end is gone.
        self._ended: deque[Entry] = deque()
        # Accounts whose words are to be erased, and up to where that was done.
        self._erasing: dict[Author, int] = {}

    @property
    def reader(self) -> MemoryStore:
        """It reads what it keeps."""
        return self

    @property
    def searcher(self) -> MemoryStore:
        """It finds it too."""
        return self

    def secret(self) -> bytes:
        """Others after each start."""
        return self._secret

    def restore(self) -> Restored:
        """The last entry's number and time."""
        return Restored(*self._entries[-1][:2]) if self._entries else Restored(0, 0)

    def append(self, entries: Sequence[Entry], corrections: Corrections = NO_CORRECTIONS) -> None:
        """Make corrections, then keep entries; the oldest go when there are too many."""
        self._correct(with_authors(corrections, entries))
        self._forget()
        if self._erasing:
            self._forget_authors()
        self._entries += entries
        size, room, lines = 0, "", []
        for entry in entries:
            event = entry.event
            if event.__class__ is Said:  # All but a few, and nearly all in the room before.
                if event.room is not room:
                    room = event.room
                    lines = self._rooms.setdefault((fold(room), Said), [])
                lines.append(entry)
                size += _ENTRY_BYTES + sys.getsizeof(event.text) + len(event.tags)
            else:
                size += _bytes_of(event)
                for index, key in self.places(event, opening=True):
                    index.setdefault(key, []).append(entry)
        self._bytes += size
        if len(self._entries) > self._bound or self._bytes > self._bytes_max:
            self._trim()

    def correct(self, corrections: Corrections) -> None:
        """Make corrections."""
        self._correct(corrections)
        self._forget_authors()

    def _correct(self, corrections: Corrections) -> None:
        after, void, redact, ended, authors = corrections
        if after is not None:
            place = bisect_right(self._entries, after, key=number_of)
            for entry in self._entries[place:]:
                self._erase(entry)
            self._bytes -= sum(_bytes_of(entry.event) for entry in self._entries[place:])
            del self._entries[place:]
        for number in (*void, *redact):
            found = self.event(number)
            if found is not None:
                self._erase(found)
        for session in ended:
            for talk in self._talks.pop(guest_end(session), {}).values():
                self._ended += talk
        for author in authors:
            self._erasing[author] = author.since

    def changes(self, after: int, limit: int) -> list[Entry]:
        """Entries after a number whose kind changes the state, in order; `limit` at most."""
        entries = self._entries
        place = bisect_right(entries, after, key=number_of)
        later = (entries[n] for n in range(place, len(entries)))
        unsaid = (e for e in later if e.event.__class__ not in _WORDS and not is_erased(e))
        return list(islice(unsaid, limit))

    def forget_lines(
        self, before_at: int, room: str | None, limit: int, but: Collection[str] = ()
    ) -> int:
        """Forget words from before a moment, of a room or of all but some; how many."""
        indexes = [self._rooms] if room is not None else [self._rooms, *self._talks.values()]
        gone: dict[int, Entry] = {}
        for index in indexes:
            for (key, kind), entries in index.items():
                if kind in _WORDS and room in (None, key) and key not in but:
                    old = islice(entries, bisect_left(entries, before_at, key=at_of))
                    gone |= {entry.number: entry for entry in islice(old, limit - len(gone))}
        for entry in gone.values():
            self._erase(entry)
        return len(gone)

    def erasing(self) -> list[Author]:
        """Whose words are still to be erased."""
        return [author._replace(since=after) for author, after in self._erasing.items()]

    def erase_more(self) -> bool:
        """Erase some more of the words of accounts that asked for it; whether there may be more."""
        self._forget_authors()
        return bool(self._erasing)

    def close(self) -> None:
        """Forget everything."""
        self._entries.clear()
        for index in (self._rooms, self._seen, self._talks, self._ended):
            index.clear()

    def _trim(self) -> None:
        """Let the oldest entries go, from the store and from all indexes."""
        bound, bytes_max = (most - most // 64 for most in (self._bound, self._bytes_max))
        count, room = 0, ""
        touched: dict[int, tuple[Index, Key]] = {}
        for entry in self._entries:
            if len(self._entries) - count <= bound and self._bytes <= bytes_max:
                break
            event = entry.event
            count += 1
            self._bytes -= _bytes_of(event)
            if event.__class__ is Said and event.room is room:
                continue
            room = getattr(event, "room", "")
            for index, key in self.places(event):
                if key in index:
                    touched[id(index[key])] = index, key
        last = self._entries[count - 1].number
        del self._entries[:count]
        for index, key in touched.values():
            entries = index[key]
            del entries[: bisect_right(entries, last, key=number_of)]
            if not entries:
                del index[key]

    def _erase(self, entry: Entry) -> None:
        """Put `Erased` in an entry's place; no index has it any more."""
        for index, key in self.places(entry.event):
            entries = index.get(key, [])
            place = bisect_left(entries, entry.number, key=number_of)
            if place < len(entries) and entries[place].number == entry.number:
                del entries[place]
            if not entries:
                index.pop(key, None)
        place = bisect_left(self._entries, entry.number, key=number_of)
        if place < len(self._entries) and self._entries[place].number == entry.number:
            erased = Erased(SERVER, "")
            self._bytes += _bytes_of(erased) - _bytes_of(entry.event)
            self._entries[place] = Entry(entry.number, entry.at, erased)

    def _forget(self) -> None:
        """Erase some of what was said in private between two who are gone."""
        for _ in range(min(len(self._ended), _FORGET_ENTRIES)):
            entry = self._ended.popleft()
            event = entry.event
            assert isinstance(event, Private)
            if self._talks.keys().isdisjoint(ends_of(event)):
                self._erase(entry)

    def _forget_authors(self) -> None:
        """Erase some of the words of accounts that asked for it."""
        for author, after in [*self._erasing.items()]:
            place = bisect_right(self._entries, after, key=number_of)
            end = bisect_left(self._entries, author.until, key=number_of)
            some = self._entries[place : min(end, place + _AUTHORS_ENTRIES)]
            for entry in some:
                event = entry.event
                if event.__class__ in _WORDS and fold(event.by.account) == author.account:
                    self._erase(entry)
            if len(some) < _AUTHORS_ENTRIES:
                del self._erasing[author]
            else:
                self._erasing[author] = some[-1].number
