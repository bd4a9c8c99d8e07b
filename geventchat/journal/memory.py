"""A journal that lasts as long as the process."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice

from geventchat.chat.events import Arrived, Entry, Left, Renamed, Said
from geventchat.chat.names import fold
from geventchat.journal.store import Restored


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
