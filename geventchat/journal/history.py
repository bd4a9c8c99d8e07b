"""Reading back what was shown, for those who may read it.

MUST: return nothing that was never shown. After a failed save a store may hold
entries that were never applied, so every read ends at the last one that was;
and what was refused or redacted since is left out, whether the store has
managed to take it out or not.
MUST: return nothing of a private talk from before the reader arrived, if it has
no account. Earlier programs numbered the sessions of each run from 1, so without
this bound session 1 could read what another session 1 was told in private.
MUST: return no host that is to be cloaked. Earlier runs may have stored addresses.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import ParamSpec, TypeVar

from geventchat.chat.events import Entry
from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.chat.names import fold
from geventchat.chat.search import Findings, Scope, SearchQuery
from geventchat.errors import StoreError
from geventchat.journal.journal import Journal
from geventchat.journal.searching import Searches
from geventchat.journal.store import Author, Reader, Store
from geventchat.journal.thread import StoreThread
from geventchat.settings import Settings

log = logging.getLogger(__name__)

_Params = ParamSpec("_Params")
_Result = TypeVar("_Result")

_WHOLE = HistoryRange()


def _as_stored(host: str) -> str:
    return host


def _nothing() -> Collection[int]:
    return ()


class History:
    """Reads a store. Every method waits, and raises `StoreError` if the store cannot be read.

    `shown` returns the number of the last entry that was applied, `hidden` those of entries
    that are still to be taken out of the store. Both are asked before a read begins: what
    comes later has a higher number, or was to be read at that moment. `cloak` returns what
    everybody is shown in place of a host that was stored. `searches` search the same store.
    `erasing` returns whose words go: the store takes them out one after the other.
    """

    def __init__(
        self,
        reader: Reader,
        thread: StoreThread,
        shown: Callable[[], int],
        hidden: Callable[[], Collection[int]] = _nothing,
        cloak: Callable[[str], str] = _as_stored,
        searches: Searches | None = None,
        erasing: Callable[[], Collection[Author]] = tuple,
    ) -> None:
        self._reader = reader
        self._thread = thread
        self._shown = shown
        self._hidden = hidden
        self._cloak = cloak
        self._searches = searches
        self._erasing = erasing
        self._told = False

    @property
    def end(self) -> int:
        """The number of the next event."""
        return self._shown() + 1

    def lines(self, room: str, before: int | None, limit: int, after: int = 0) -> list[Entry]:
        """The latest lines of a room between two event numbers, oldest first; `limit` at most."""
        latest = self.end if before is None else min(before, self.end)
        hidden = self._hidden()
        found = self._read(self._reader.lines, room, latest, limit + len(hidden), after)
        return _last(self._visible(found, hidden), limit)

    def count(self, room: str, after: int, before: int, most: int) -> int:
        """How many lines were said in a room between two event numbers; `most` at most."""
        return self._read(self._reader.count, room, after, min(before, self.end), most)

    def told(self, owner: str, after: int, before: int, limit: int) -> list[Entry]:
        """Private lines of an owner, whoever they were from or for: the first of a range."""
        hidden = self._hidden()
        most = limit + len(hidden)
        found = self._read(self._reader.told, owner, after, min(before, self.end), most)
        return self._visible(found, hidden)[:limit]

    def number_at(self, at: int) -> int:
        """The number of the last event up to a moment (milliseconds since 1970)."""
        return min(self._read(self._reader.first_since, at + 1) - 1, self._shown())

    def last_seen(self, nick: str) -> Entry | None:
        """The last arrival, departure or renaming under a nick; None if it was never shown."""
        before, hidden = self.end, self._hidden()
        while True:
            found = self._read(self._reader.last_seen, nick, before)
            if found is None or found.number not in hidden:
                return found and self._cloaked(found)
            before = found.number

    def history(self, query: HistoryQuery, owner: str, since: int) -> list[Entry]:
        """The entries a query asks for, oldest first; of private talks, those of `owner`.

        `since` is the number of the event from which on they may be read.
        """
        hidden, limit = self._hidden(), query.limit
        within = self._clamped(query.within, 0 if query.room else since)
        wider = query._replace(within=within, limit=limit + len(hidden))
        found = self._read(self._history, wider, owner)
        visible = self._visible(found, hidden)
        return _last(visible, limit) if query.latest else visible[:limit]

    def peers(
        self, within: HistoryRange, limit: int, owner: str, since: int
    ) -> list[tuple[str, int]]:
        """The nicks an owner talked with in private and when last, the latest first."""
        return self._read(self._peers, self._clamped(within, since), limit, owner)

    def event(self, number: int) -> Entry | None:
        """The entry with that number, if it was shown."""
        hidden = self._hidden()
        if not 0 < number <= self._shown() or number in hidden:
            return None
        found = self._read(self._reader.event, number)
        return next(iter(self._visible([found], hidden)), None) if found else None

    def search(self, query: SearchQuery, scope: Scope) -> Findings:
        """The lines a query asks for, of where somebody may search, the latest first."""
        if self._searches is None:
            raise StoreError("there is no search here")
        scope = scope.narrowed(query)
        within = self._read(self._numbers, self._clamped(query.within, scope.first - 1))
        if within.before <= within.after + 1:
            return Findings([], 0)

        def visible(found: list[Entry]) -> list[Entry]:
            return self._visible(found, self._hidden())

        return self._searches.run(query._replace(within=within), scope, visible)

    def start(self) -> None:
        """Begin to index what is said, for searches."""
        if self._searches is not None:
            self._searches.start(self._shown)

    def close(self, timeout_s: float) -> None:
        """End the threads in which reads wait."""
        end = time.monotonic() + timeout_s
        self._thread.join(timeout_s)
        if self._searches is not None:
            self._searches.close(max(0.0, end - time.monotonic()))

    def _visible(self, found: list[Entry], hidden: Collection[int]) -> list[Entry]:
        visible = [self._cloaked(entry) for entry in found if entry.number not in hidden]
        authors = self._erasing()
        if not authors:  # Nearly always.
            return visible
        return [entry for entry in visible if not _is_erased(entry, authors)]

    def _cloaked(self, entry: Entry) -> Entry:
        by = entry.event.by
        host = self._cloak(by.host)
        if host == by.host:
            return entry
        return entry._replace(event=replace(entry.event, by=replace(by, host=host)))

    def _clamped(self, within: HistoryRange, since: int) -> HistoryRange:
        before = min(within.before, self.end)
        return within._replace(before=before, after=max(within.after, since))

    def _read(
        self,
        function: Callable[_Params, _Result],
        *args: _Params.args,
        **kwargs: _Params.kwargs,
    ) -> _Result:
        found = self._thread.call(function, *args, **kwargs)
        if self._reader.unreadable and not self._told:
            self._told = True
            number = min(self._reader.unreadable)
            log.warning("event %d in the journal makes no sense; such are left out", number)
        return found

    def _history(self, query: HistoryQuery, owner: str) -> list[Entry]:
        return self._reader.history(query._replace(within=self._numbers(query.within)), owner)

    def _peers(self, within: HistoryRange, limit: int, owner: str) -> list[tuple[str, int]]:
        return self._reader.peers(self._numbers(within), limit, owner)

    def _numbers(self, within: HistoryRange) -> HistoryRange:
        """The same range without moments; in the thread, since it looks some up."""
        after, before, after_at, before_at = within
        if after_at > _WHOLE.after_at:
            after = max(after, self._reader.first_since(after_at + 1) - 1)
        if before_at < _WHOLE.before_at:
            before = min(before, self._reader.first_since(before_at))
        return HistoryRange(after, before)


def _is_erased(entry: Entry, authors: Collection[Author]) -> bool:
    account = fold(entry.event.by.account)
    return bool(account) and any(
        author.account == account and author.since < entry.number < author.until
        for author in authors
    )


def _last(entries: list[Entry], limit: int) -> list[Entry]:
    return entries[-limit:] if limit else []


def history_of(
    store: Store, journal: Journal, settings: Settings, cloak: Callable[[str], str]
) -> History:
    """The history that a journal writes, read and searched in threads of its own."""
    return History(
        store.reader,
        StoreThread(store.reader.in_thread, settings.now.history_reads_max),
        shown=lambda: journal.shown,
        hidden=lambda: journal.hidden,
        cloak=cloak,
        erasing=lambda: journal.erasing,
        searches=Searches(
            store.searcher, settings.now.searches_max, lambda: settings.now.search_timeout_s
        ),
    )
