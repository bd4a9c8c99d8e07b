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

import heapq
import os
import sys
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter

from geventchat.chat import events
from geventchat.chat.events import SERVER, Entry, Erased, Event, RedactedTo, Said, TaggedTo, Told
from geventchat.chat.history import HistoryQuery, HistoryRange, Recollection
from geventchat.chat.names import fold
from geventchat.journal.store import (
    LIVES_MAX,
    NO_CORRECTIONS,
    SECRET_BYTES,
    Corrections,
    Restored,
    founding_from,
)

# What an entry takes beside its words, its numbers and its places in indexes counted.
_ENTRY_BYTES = 400
# Entries of ended talks erased with one batch, which everybody waits for.
_FORGET_ENTRIES = 1000

# A room's or a nick's key, and the class of the events.
_Key = tuple[str, type[Event]]
_Index = dict[_Key, list[Entry]]

_number = attrgetter("number")
_at = attrgetter("at")
_SEEN = (events.Arrived, events.Left, events.Renamed)
_PRIVATE = (Told, TaggedTo, RedactedTo)


class Founded(events.Joined):
    """Stands in keys for the arrivals that founded a room's life, among all the others."""


def _peer(event: Told | TaggedTo | RedactedTo, session: int) -> str:
    """The nick that a session talked with."""
    return event.nick if event.by.session == session else event.by.nick


def _bytes_of(event: Event) -> int:
    """About how much memory an entry of this event takes, its author not counted."""
    if isinstance(event, Said):
        return _ENTRY_BYTES + sys.getsizeof(event.text) + len(event.tags)
    words = (getattr(event, name) for name in event.__slots__)
    return _ENTRY_BYTES + sum(sys.getsizeof(word) for word in words)


class MemoryStore:
    """Keeps the latest entries: at most `bound` of them, and at most `bytes_max`."""

    name = "none (memory only)"
    in_thread = False

    def __init__(self, bound: int, bytes_max: int = 1 << 62) -> None:
        self._bound, self._bytes_max = bound, bytes_max
        self._bytes = 0
        self._trimmed = False
        self._secret = os.urandom(SECRET_BYTES)
        self._entries: list[Entry] = []
        self._rooms: _Index = {}
        self._seen: _Index = {}
        # By sessions: those that take part in private talk and are here.
        self._talks: dict[int, _Index] = {}
        # What was said in talks of which one end is gone.
        self._ended: deque[Entry] = deque()
        self.unreadable: set[int] = set()

    @property
    def reader(self) -> MemoryStore:
        """It reads what it keeps."""
        return self

    def secret(self) -> bytes:
        """Others after each start."""
        return self._secret

    def restore(self, rooms_max: int) -> Restored:
        """Nothing: no earlier run left anything."""
        return Restored(0, 0, [])

    def append(self, entries: Sequence[Entry], corrections: Corrections = NO_CORRECTIONS) -> None:
        """Make corrections, then keep entries; the oldest go when there are too many."""
        self._correct(corrections)
        self._forget()
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
                for index, key in self._places(event, opening=True):
                    index.setdefault(key, []).append(entry)
        self._bytes += size
        if len(self._entries) > self._bound or self._bytes > self._bytes_max:
            self._trim()

    def correct(self, corrections: Corrections) -> None:
        """Make corrections."""
        self._correct(corrections)

    def _correct(self, corrections: Corrections) -> None:
        after, void, redact, ended = corrections
        if after is not None:
            place = bisect_right(self._entries, after, key=_number)
            for entry in self._entries[place:]:
                self._erase(entry)
            self._bytes -= sum(_bytes_of(entry.event) for entry in self._entries[place:])
            del self._entries[place:]
        for number in (*void, *redact):
            found = self.event(number)
            if found is not None:
                self._erase(found)
        for session in ended:
            for talk in self._talks.pop(session, {}).values():
                self._ended += talk

    def lines(self, room: str, before: int, limit: int, after: int = 0) -> list[Entry]:
        """The latest lines of a room between two numbers, oldest first; `limit` at most."""
        lines = self._rooms.get((room, Said), [])
        return list(islice(_between(lines, after, before, latest=True), limit))[::-1]

    def recall(self, room: str, end: int, limit: int) -> Recollection:
        """What a room nobody is in takes up again, and its last lines."""
        lives = self._latest(room, (Founded, events.ModesSet), end, LIVES_MAX)
        topic = self._latest(room, (events.TopicSet,), end, 1)
        # The oldest went first, and with them maybe what guarded the lines that are left.
        known = not self._trimmed or any(isinstance(entry.event, events.Joined) for entry in lives)
        founding = founding_from(lives, known, topic, end)
        return Recollection(founding, self.lines(room, end, limit, founding.reads_from - 1))

    def _latest(self, room: str, kinds: Iterable[type[Event]], end: int, limit: int) -> list[Entry]:
        """The latest entries of some kinds in a room, oldest first."""
        query = HistoryQuery(HistoryRange(before=end), limit, True, room, kinds=tuple(kinds))
        return self.history(query, 0)

    def history(self, query: HistoryQuery, session: int) -> list[Entry]:
        """The entries a query asks for, oldest first; of private talks, those of `session`."""
        after, before = query.within.after, query.within.before
        index = self._rooms if query.room else self._talks.get(session, {})
        found = (index.get((query.room or query.peer, kind), []) for kind in query.kinds)
        parts = [_between(entries, after, before, query.latest) for entries in found]
        merged = heapq.merge(*parts, key=_number, reverse=query.latest)
        taken = list(islice(merged, query.limit))
        return taken[::-1] if query.latest else taken

    def peers(self, within: HistoryRange, limit: int, session: int) -> list[tuple[str, int]]:
        """The nicks a session talked with in private and when last, the latest first."""
        last: list[Entry] = []
        for (_, kind), talk in self._talks.get(session, {}).items():
            if kind is Told:
                last += islice(_between(talk, within.after, within.before, latest=True), 1)
        last.sort(key=_number, reverse=True)
        return [
            (_peer(entry.event, session), entry.at)
            for entry in last[:limit]
            if isinstance(entry.event, Told)
        ]

    def event(self, number: int) -> Entry | None:
        """The entry with that number, unless it was voided or redacted."""
        place = bisect_left(self._entries, number, key=_number)
        if place == len(self._entries) or self._entries[place].number != number:
            return None
        entry = self._entries[place]
        return None if isinstance(entry.event, Erased) else entry

    def last_seen(self, nick: str, before: int) -> Entry | None:
        """The last arrival, departure or renaming under that nick, before an event number."""
        found = [
            entry
            for kind in _SEEN
            for entry in islice(
                _between(self._seen.get((fold(nick), kind), []), 0, before, latest=True), 1
            )
        ]
        return max(found, key=_number, default=None)

    def first_since(self, at: int) -> int:
        """The number of the first event at that time or later; one more than all, if none is."""
        place = bisect_left(self._entries, at, key=_at)
        if place < len(self._entries):
            return self._entries[place].number
        return self._entries[-1].number + 1 if self._entries else 1

    def close(self) -> None:
        """Forget everything."""
        self._entries.clear()
        for index in (self._rooms, self._seen, self._talks, self._ended):
            index.clear()

    def _places(self, event: Event, opening: bool = False) -> Iterator[tuple[_Index, _Key]]:
        """Where an event stands; `opening` says that it is new, and its talk may be."""
        kind = event.__class__
        room = getattr(event, "room", "")
        if room:
            yield self._rooms, (fold(room), kind)
            if isinstance(event, events.Joined) and event.founding is not None:
                yield self._rooms, (fold(room), Founded)
        elif isinstance(event, _PRIVATE):
            for session in {event.by.session, event.to}:
                if opening or session in self._talks:
                    talks = self._talks.setdefault(session, {})
                    yield talks, (fold(_peer(event, session)), kind)
        elif isinstance(event, _SEEN):
            yield self._seen, (fold(event.by.nick), kind)

    def _trim(self) -> None:
        """Let the oldest entries go, from the store and from all indexes."""
        self._trimmed = True
        bound, bytes_max = (most - most // 64 for most in (self._bound, self._bytes_max))
        count, room = 0, ""
        touched: dict[int, tuple[_Index, _Key]] = {}
        for entry in self._entries:
            if len(self._entries) - count <= bound and self._bytes <= bytes_max:
                break
            event = entry.event
            count += 1
            self._bytes -= _bytes_of(event)
            if event.__class__ is Said and event.room is room:
                continue
            room = getattr(event, "room", "")
            for index, key in self._places(event):
                if key in index:
                    touched[id(index[key])] = index, key
        last = self._entries[count - 1].number
        del self._entries[:count]
        for index, key in touched.values():
            entries = index[key]
            del entries[: bisect_right(entries, last, key=_number)]
            if not entries:
                del index[key]

    def _erase(self, entry: Entry) -> None:
        """Put `Erased` in an entry's place; no index has it any more."""
        for index, key in self._places(entry.event):
            entries = index.get(key, [])
            place = bisect_left(entries, entry.number, key=_number)
            if place < len(entries) and entries[place].number == entry.number:
                del entries[place]
            if not entries:
                index.pop(key, None)
        place = bisect_left(self._entries, entry.number, key=_number)
        if place < len(self._entries) and self._entries[place].number == entry.number:
            erased = Erased(SERVER, "")
            self._bytes += _bytes_of(erased) - _bytes_of(entry.event)
            self._entries[place] = Entry(entry.number, entry.at, erased)

    def _forget(self) -> None:
        """Erase some of what was said in private between two who are gone."""
        for _ in range(min(len(self._ended), _FORGET_ENTRIES)):
            entry = self._ended.popleft()
            event = entry.event
            assert isinstance(event, _PRIVATE)
            if event.by.session not in self._talks and event.to not in self._talks:
                self._erase(entry)


def _between(entries: list[Entry], after: int, before: int, latest: bool) -> Iterator[Entry]:
    """Entries between two numbers: the latest first, or the first first."""
    low = bisect_right(entries, after, key=_number)
    high = bisect_left(entries, before, key=_number)
    places = range(high - 1, low - 1, -1) if latest else range(low, high)
    return (entries[place] for place in places)
