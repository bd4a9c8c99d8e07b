"""A store in memory, gone when the process ends."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice

from geventchat.chat import events
from geventchat.chat.events import SERVER, Entry, Erased, Event, Said, TaggedTo, Told
from geventchat.chat.history import HistoryQuery, HistoryRange, Recollection
from geventchat.chat.names import fold
from geventchat.chat.rooms import FOUNDING_KINDS, founding_of
from geventchat.journal.store import Restored


def _peer(event: Told | TaggedTo, session: int) -> str:
    """The key of the nick that a session talked with; empty if it took no part."""
    if event.by.session == session:
        return fold(event.nick)
    return fold(event.by.nick) if event.to == session else ""


class MemoryStore:
    """Keeps the latest `bound` entries."""

    name = "none (memory only)"
    in_thread = False

    def __init__(self, bound: int) -> None:
        self._entries: deque[Entry] = deque(maxlen=bound)
        self._void: set[int] = set()

    def restore(self, rooms_max: int) -> Restored:
        """Nothing: no earlier run left anything."""
        return Restored(0, 0, [])

    def append(self, entries: Sequence[Entry], truncate_after: int | None = None) -> None:
        """Keep entries; the oldest go when there are too many."""
        self._entries.extend(entries)

    def void(self, numbers: Sequence[int]) -> None:
        """Never read these entries again."""
        self._void.update(numbers)
        if self._entries:
            oldest = self._entries[0].number
            self._void = {number for number in self._void if number >= oldest}

    def lines(self, room: str, before: int, limit: int, after: int = 0) -> list[Entry]:
        """The latest `limit` lines of a room with numbers between those two, oldest first."""
        found = (
            entry
            for entry in reversed(self._entries)
            if isinstance(entry.event, Said)
            and fold(entry.event.room) == room
            and after < entry.number < before
            and entry.number not in self._void
        )
        return list(islice(found, limit))[::-1]

    def recall(self, room: str, end: int, limit: int) -> Recollection:
        """What a room nobody is in takes up again, and its last lines."""
        known = [
            entry
            for entry in self._entries
            if isinstance(entry.event, FOUNDING_KINDS)
            and fold(entry.event.room) == room
            and entry.number not in self._void
        ]
        founding = founding_of(known, end)
        return Recollection(founding, self.lines(room, end, limit, founding.reads_from - 1))

    def redact(self, numbers: Sequence[int]) -> None:
        """Put `Erased` in place of these entries."""
        gone = set(numbers)
        # Rare enough to search all entries; the words must not stay in memory.
        for place, entry in enumerate(self._entries):
            if entry.number in gone:
                self._entries[place] = Entry(entry.number, entry.at, Erased(SERVER, ""))

    def history(self, query: HistoryQuery, session: int) -> list[Entry]:
        """The entries a query asks for, oldest first; of private talks, those of `session`."""

        def fits(event: Event) -> bool:
            if not isinstance(event, query.kinds):
                return False
            if query.room:
                return fold(getattr(event, "room", "")) == query.room
            return isinstance(event, Told | TaggedTo) and _peer(event, session) == query.peer

        entries = reversed(self._entries) if query.latest else iter(self._entries)
        found = (e for e in self._within(entries, query.within) if fits(e.event))
        taken = list(islice(found, query.limit))
        return taken[::-1] if query.latest else taken

    def peers(self, within: HistoryRange, limit: int, session: int) -> list[tuple[str, int]]:
        """The nicks a session talked with in private and when last, the latest first."""
        found: dict[str, tuple[str, int]] = {}
        for entry in self._within(reversed(self._entries), within):
            event = entry.event
            if isinstance(event, Told) and (key := _peer(event, session)):
                nick = event.nick if event.by.session == session else event.by.nick
                found.setdefault(key, (nick, entry.at))
        return list(found.values())[:limit]

    def event(self, number: int) -> Entry | None:
        """The entry with that number, unless it was voided or redacted."""
        if not self._entries or number in self._void:
            return None
        place = bisect_left(self._entries, number, key=lambda entry: entry.number)
        if place == len(self._entries) or self._entries[place].number != number:
            return None
        entry = self._entries[place]
        return None if isinstance(entry.event, Erased) else entry

    def _within(self, entries: Iterator[Entry], within: HistoryRange) -> Iterator[Entry]:
        return (
            entry
            for entry in entries
            if within.after < entry.number < within.before
            and within.after_at < entry.at < within.before_at
            and entry.number not in self._void
        )

    def last_seen(self, nick: str, before: int) -> Entry | None:
        """The last arrival, departure or renaming under that nick, before an event number."""
        key = fold(nick)
        for entry in reversed(self._entries):
            event = entry.event
            if (
                isinstance(event, events.Arrived | events.Left | events.Renamed)
                and fold(event.by.nick) == key
                and entry.number < before
                and entry.number not in self._void
            ):
                return entry
        return None

    def close(self) -> None:
        """Forget everything."""
        self._entries.clear()
