"""Reading back: what was shown, to whoever may read it.

MUST: give out nothing that was never shown. After a failed save a store may
hold more than the journal has handed on, so every read ends at the last number
that was.
MUST: give out nothing of a private talk from before the reader's own arrival.
Sessions are numbered from 1 again at every start, so without that bound the
first to come would read what the first of an earlier run was told in private.
"""

from __future__ import annotations

from collections.abc import Callable

from geventchat.chat.events import Entry
from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.journal.store import Store
from geventchat.journal.thread import StoreThread


class History:
    """Reads a store. Every method waits, and raises `StoreError` when it cannot be read.

    `shown` gives the number of the last entry that was handed on.
    """

    def __init__(self, store: Store, thread: StoreThread, shown: Callable[[], int]) -> None:
        self._store = store
        self._thread = thread
        self._shown = shown

    def lines(self, room: str, before: int | None, limit: int) -> list[Entry]:
        """Lines said in a room, oldest first, the latest before event number `before`."""
        end = self._shown() + 1
        latest = end if before is None else min(before, end)
        return self._thread.call(self._store.lines, room, latest, limit)

    def last_seen(self, nick: str) -> Entry | None:
        """When a nick was last heard of."""
        found = self._thread.call(self._store.last_seen, nick)
        return found if found is None or found.number <= self._shown() else None

    def history(self, query: HistoryQuery, session: int, since: int) -> list[Entry]:
        """What a query asks for, oldest first; private talks are the session's own.

        `since` is the number of the event that brought the session.
        """
        within = self._clamped(query.within, 0 if query.room else since)
        return self._thread.call(self._store.history, query._replace(within=within), session)

    def peers(
        self, within: HistoryRange, limit: int, session: int, since: int
    ) -> list[tuple[str, int]]:
        """With whom a session talked then, and when last, the latest first."""
        return self._thread.call(self._store.peers, self._clamped(within, since), limit, session)

    def event(self, number: int) -> Entry | None:
        """The event of that number, if it was shown."""
        if not 0 < number <= self._shown():
            return None
        return self._thread.call(self._store.event, number)

    def _clamped(self, within: HistoryRange, since: int) -> HistoryRange:
        before = min(within.before, self._shown() + 1)
        return within._replace(before=before, after=max(within.after, since))
