"""A journal that lasts as long as the process."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from geventchat.chat.events import (
    Arrived,
    Entry,
    Erased,
    Event,
    Identity,
    Joined,
    Kicked,
    Left,
    ModesSet,
    Parted,
    Renamed,
    Said,
    Tagged,
    TaggedTo,
    Told,
    TopicSet,
)
from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.chat.names import fold
from geventchat.journal.store import Restored

_EVENTS = Joined | Parted | Kicked | ModesSet | TopicSet | Tagged


def _peer(event: Told | TaggedTo, session: int) -> str:
    """Whom a session talked with, or nothing when it had no part in it."""
    if event.by.session == session:
        return fold(event.nick)
    return fold(event.by.nick) if event.to == session else ""


class MemoryStore:
    """Keeps the latest `bound` entries, and of them the lines by room."""

    in_thread = False

    def __init__(self, bound: int) -> None:
        self._entries: deque[Entry] = deque(maxlen=bound)
        self._void: set[int] = set()

    def restore(self, rooms_max: int) -> Restored:
        return Restored(0, 0, [], [])

    def append(self, entries: Sequence[Entry], after: int) -> None:
        self._entries.extend(entries)

    def void(self, numbers: Sequence[int]) -> None:
        self._void.update(numbers)
        if self._entries:
            oldest = self._entries[0].number
            self._void = {number for number in self._void if number >= oldest}

    def lines(self, room: str, before: int, limit: int) -> list[Entry]:
        found = (
            entry
            for entry in reversed(self._entries)
            if isinstance(entry.event, Said)
            and fold(entry.event.room) == room
            and entry.number < before
            and entry.number not in self._void
        )
        return list(islice(found, limit))[::-1]

    def redact(self, numbers: Sequence[int]) -> None:
        gone = set(numbers)
        # Rare enough to look at everything; the words must not stay in memory.
        for place, entry in enumerate(self._entries):
            if entry.number in gone:
                nothing: Any = Erased(Identity(0, "", "", ""), "")
                self._entries[place] = Entry(entry.number, entry.at, nothing)

    def history(self, wanted: HistoryQuery, session: int) -> list[Entry]:
        def fits(event: Event) -> bool:
            if not wanted.room:
                kinds = Told | TaggedTo if wanted.include_events else Told
                return isinstance(event, kinds) and _peer(event, session) == wanted.peer
            if not isinstance(event, Said) and not (
                wanted.include_events and isinstance(event, _EVENTS)
            ):
                return False
            return fold(event.room) == wanted.room

        entries = reversed(self._entries) if wanted.latest else iter(self._entries)
        found = (e for e in self._within(entries, wanted.reach) if fits(e.event))
        taken = list(islice(found, wanted.limit))
        return taken[::-1] if wanted.latest else taken

    def peers(self, reach: HistoryRange, limit: int, session: int) -> list[tuple[str, int]]:
        found: dict[str, tuple[str, int]] = {}
        for entry in self._within(reversed(self._entries), reach):
            event = entry.event
            if isinstance(event, Told) and (key := _peer(event, session)):
                nick = event.nick if event.by.session == session else event.by.nick
                found.setdefault(key, (nick, entry.at))
        return list(found.values())[:limit]

    def event(self, number: int) -> Entry | None:
        if not self._entries or number in self._void:
            return None
        place = bisect_left(self._entries, number, key=lambda entry: entry.number)
        if place == len(self._entries) or self._entries[place].number != number:
            return None
        entry = self._entries[place]
        kind: Any = entry.event.__class__
        return None if kind is Erased else entry

    def _within(self, entries: Iterator[Entry], reach: HistoryRange) -> Iterator[Entry]:
        return (
            entry
            for entry in entries
            if reach.after < entry.number < reach.before
            and reach.after_at < entry.at < reach.before_at
            and entry.number not in self._void
        )

    def last_seen(self, nick: str) -> Entry | None:
        key = fold(nick)
        for entry in reversed(self._entries):
            event = entry.event
            if (
                isinstance(event, Arrived | Left | Renamed)
                and fold(event.by.nick) == key
                and entry.number not in self._void
            ):
                return entry
        return None

    def close(self) -> None:
        self._entries.clear()
