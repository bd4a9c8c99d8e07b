"""Reading back what was shown, for those who may read it.

MUST: return nothing that was never shown. After a failed save a store may hold
entries that were never applied, so every read ends at the last one that was.
MUST: return nothing of a private talk from before the reader arrived. Every
start numbers sessions from 1 again, so without this bound session 1 could read
what session 1 of an earlier run was told in private.
"""

from __future__ import annotations

from collections.abc import Callable

from geventchat.chat.events import Entry
from geventchat.chat.history import HistoryQuery, HistoryRange, Recollection
from geventchat.journal.store import Store
from geventchat.journal.thread import StoreThread


class History:
    """Reads a store. Every method waits, and raises `StoreError` if the store cannot be read.

    `shown` returns the number of the last entry that was applied.
    """

    def __init__(self, store: Store, thread: StoreThread, shown: Callable[[], int]) -> None:
        self._store = store
        self._thread = thread
        self._shown = shown

    @property
    def end(self) -> int:
        """The number of the next event."""
        return self._shown() + 1

    def lines(self, room: str, before: int | None, limit: int, after: int = 0) -> list[Entry]:
        """The latest `limit` lines of a room between two event numbers, oldest first."""
        latest = self.end if before is None else min(before, self.end)
        return self._thread.call(self._store.lines, room, latest, limit, after)

    def recall(self, room: str, limit: int) -> Recollection:
        """What a room nobody is in takes up again, and the latest `limit` lines of it."""
        return self._thread.call(self._store.recall, room, self.end, limit)

    def last_seen(self, nick: str) -> Entry | None:
        """The last arrival, departure or renaming under a nick; None if it was never shown."""
        return self._thread.call(self._store.last_seen, nick, self._shown() + 1)

    def history(self, query: HistoryQuery, session: int, since: int) -> list[Entry]:
        """The entries a query asks for, oldest first; of private talks, those of `session`.

        `since` is the number of the event with which the session arrived.
        """
        within = self._clamped(query.within, 0 if query.room else since)
        return self._thread.call(self._store.history, query._replace(within=within), session)

    def peers(
        self, within: HistoryRange, limit: int, session: int, since: int
    ) -> list[tuple[str, int]]:
        """The nicks a session talked with in private and when last, the latest first."""
        return self._thread.call(self._store.peers, self._clamped(within, since), limit, session)

    def event(self, number: int) -> Entry | None:
        """The entry with that number, if it was shown."""
        if not 0 < number <= self._shown():
            return None
        return self._thread.call(self._store.event, number)

    def _clamped(self, within: HistoryRange, since: int) -> HistoryRange:
        before = min(within.before, self._shown() + 1)
        return within._replace(before=before, after=max(within.after, since))
