"""Entries in memory, and the indexes by which they are found.

All indexes hold entries in the order of their numbers, so a part of one is
found by halving, and what lies beside it is never looked at.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import islice
from operator import attrgetter

from geventchat.chat import events
from geventchat.chat.events import Entry, Erased, Event, Said, Told
from geventchat.chat.history import HistoryQuery, HistoryRange, Private, ends_of
from geventchat.chat.names import fold
from geventchat.chat.search import Findings, Scope, SearchQuery, finder

# A room's or a nick's key, and the class of the events.
Key = tuple[str, type[Event]]
Index = dict[Key, list[Entry]]

number_of = attrgetter("number")
at_of = attrgetter("at")
# So many entries are looked through at a time: 1 to 3 ms, on the loop of everybody.
_LOOKED_A_STEP = 500
_SEEN = (events.Arrived, events.Left, events.Renamed)


class MemoryReader:
    """Reads entries back. Whoever derives from it puts them in."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[Entry] = []
        self._rooms: Index = {}
        self._seen: Index = {}
        # By owners: those who take part in private talk; of the guests, who are here.
        self._talks: dict[str, Index] = {}
        self.unreadable: set[int] = set()

    def lines(self, room: str, before: int, limit: int, after: int = 0) -> list[Entry]:
        """The latest lines of a room between two numbers, oldest first; `limit` at most."""
        lines = self._rooms.get((room, Said), [])
        return list(islice(between(lines, after, before, latest=True), limit))[::-1]

    def history(self, query: HistoryQuery, owner: str) -> list[Entry]:
        """The entries a query asks for, oldest first; of private talks, those of `owner`."""
        after, before = query.within.after, query.within.before
        index = self._rooms if query.room else self._talks.get(owner, {})
        found = (index.get((query.room or query.peer, kind), []) for kind in query.kinds)
        parts = [between(entries, after, before, query.latest) for entries in found]
        merged = heapq.merge(*parts, key=number_of, reverse=query.latest)
        taken = list(islice(merged, query.limit))
        return taken[::-1] if query.latest else taken

    def search(self, query: SearchQuery, scope: Scope) -> Findings:
        """Look through some of the lines that may be found, the latest first."""
        after, before = query.within.after, query.within.before
        wanted = finder(query, scope)
        lines = [self._rooms.get((key, Said), []) for key in scope.rooms]
        talks = self._talks.get(scope.owner, {})
        lines += [talk for (peer, kind), talk in talks.items() if kind is Told]
        parts = [between(entries, after, before, latest=True) for entries in lines]
        found: list[Entry] = []
        for looked, entry in enumerate(heapq.merge(*parts, key=number_of, reverse=True), 1):
            if wanted(entry):
                found.append(entry)
            if len(found) == query.limit or looked == _LOOKED_A_STEP:
                return Findings(found, entry.number)
        return Findings(found, 0)

    def index(self, shown: int) -> int:
        """All stands in indexes already, but words; of those there are few enough."""
        return 0

    def peers(self, within: HistoryRange, limit: int, owner: str) -> list[tuple[str, int]]:
        """The nicks an owner talked with in private and when last, the latest first."""
        last: list[tuple[int, str, int]] = []
        for (peer, kind), talk in self._talks.get(owner, {}).items():
            if kind is Told:
                for entry in islice(between(talk, within.after, within.before, latest=True), 1):
                    assert isinstance(entry.event, Told)
                    nick, by = entry.event.nick, entry.event.by.nick
                    last.append((entry.number, nick if fold(nick) == peer else by, entry.at))
        last.sort(reverse=True)
        return [(nick, at) for _, nick, at in last[:limit]]

    def count(self, room: str, after: int, before: int, most: int) -> int:
        """How many lines were said in a room between two numbers; `most` at most."""
        lines = self._rooms.get((room, Said), [])
        low = bisect_right(lines, after, key=number_of)
        return max(0, min(most, bisect_left(lines, before, key=number_of) - low))

    def told(self, owner: str, after: int, before: int, limit: int) -> list[Entry]:
        """An owner's private lines with anybody between two numbers: the first, oldest first."""
        talks = self._talks.get(owner, {})
        parts = [
            between(talk, after, before, latest=False)
            for (_, kind), talk in talks.items()
            if kind is Told
        ]
        return list(islice(heapq.merge(*parts, key=number_of), limit))

    def event(self, number: int) -> Entry | None:
        """The entry with that number, unless it was voided or redacted."""
        place = bisect_left(self._entries, number, key=number_of)
        if place == len(self._entries) or self._entries[place].number != number:
            return None
        entry = self._entries[place]
        return None if is_erased(entry) else entry

    def last_seen(self, nick: str, before: int) -> Entry | None:
        """The last arrival, departure or renaming under that nick, before an event number."""
        found = [
            entry
            for kind in _SEEN
            for entry in islice(
                between(self._seen.get((fold(nick), kind), []), 0, before, latest=True), 1
            )
        ]
        return max(found, key=number_of, default=None)

    def first_since(self, at: int) -> int:
        """The number of the first event at that time or later; one more than all, if none is."""
        place = bisect_left(self._entries, at, key=at_of)
        if place < len(self._entries):
            return self._entries[place].number
        return self._entries[-1].number + 1 if self._entries else 1

    def places(self, event: Event, opening: bool = False) -> Iterator[tuple[Index, Key]]:
        """Where an event stands; `opening` says that it is new, and its talk may be."""
        kind = event.__class__
        room = getattr(event, "room", "")
        if room:
            yield self._rooms, (fold(room), kind)
        elif isinstance(event, Private):
            for owner, peer in ends_of(event).items():
                if opening or owner in self._talks:
                    yield self._talks.setdefault(owner, {}), (peer, kind)
        elif isinstance(event, _SEEN):
            yield self._seen, (fold(event.by.nick), kind)
            for room in getattr(event, "rooms", ()):
                yield self._rooms, (room, kind)


def is_erased(entry: Entry) -> bool:
    return isinstance(entry.event, Erased)


def between(entries: list[Entry], after: int, before: int, latest: bool) -> Iterator[Entry]:
    """Entries between two numbers: the latest first, or the first first."""
    low = bisect_right(entries, after, key=number_of)
    high = bisect_left(entries, before, key=number_of)
    places = range(high - 1, low - 1, -1) if latest else range(low, high)
    return (entries[place] for place in places)
