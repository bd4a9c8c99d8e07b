"""Searches, step by step: each is a part of the history that is looked through in bounded time.

All searches share one thread, apart from those of commits and history. They take turns by
steps, so a search for common words in a quiet room holds nobody up. One that takes longer
than it may ends with what it has found, and says how far it came.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

import gevent

from geventchat.chat.events import Entry
from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.chat.search import Findings, Scope, SearchQuery, finder
from geventchat.journal.store import Reader
from geventchat.journal.thread import StoreThread

_EVENTS_A_STEP = 2000
BUSY = "too many people are searching; try again"


class Searcher(Protocol):
    """Finds lines in a store.

    `in_thread` says that the methods block, and so must be called in a native thread. Ranges
    are event numbers. Methods raise `StoreError` with a text for users.
    """

    in_thread: bool

    def search(self, query: SearchQuery, scope: Scope) -> Findings:
        """Look through a part of the range, the latest first: one step, of bounded cost.

        `reached` is where the next step goes on; 0 at the end. If as many were found as were
        wanted, it is the number of the last of them.
        """

    def index(self, shown: int) -> int:
        """Index some more of the entries up to that number; how many are left.

        Called in another thread than `search`, at the same time.
        """


class PlainSearcher:
    """Looks through what was said, without an index."""

    def __init__(self, reader: Reader) -> None:
        self.in_thread = reader.in_thread
        self._reader = reader

    def search(self, query: SearchQuery, scope: Scope) -> Findings:
        """Look through the lines of some thousand events, the latest first."""
        before = query.within.before
        after = max(query.within.after, before - 1 - _EVENTS_A_STEP)
        wanted = finder(query, scope)
        found: list[Entry] = []
        within = HistoryRange(after, before)
        for room in scope.rooms:
            lines = self._reader.history(HistoryQuery(within, _EVENTS_A_STEP, True, room), "")
            found += filter(wanted, lines)
        found = sorted(found, reverse=True)[: query.limit]
        if len(found) == query.limit:
            return Findings(found, found[-1].number)
        return Findings(found, after + 1 if after > query.within.after else 0)

    def index(self, shown: int) -> int:
        """There is none."""
        return 0


class Searches:
    """Searches a store.

    waiting_max  how many searches may be open at a time; one more is refused
    timeout_s    gives the seconds that one search may take
    clock        gives seconds
    """

    def __init__(
        self,
        searcher: Searcher,
        waiting_max: int,
        timeout_s: Callable[[], float],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._searcher = searcher
        self._thread = StoreThread(searcher.in_thread, waiting_max, BUSY)
        self._timeout_s = timeout_s
        self._clock = clock

    def run(
        self, query: SearchQuery, scope: Scope, visible: Callable[[list[Entry]], list[Entry]]
    ) -> Findings:
        """Step until there is enough, or nothing is left, or time is up.

        `visible` leaves out what may not be shown as it is found.
        """
        found: list[Entry] = []
        end = self._clock() + self._timeout_s()
        before = query.within.before
        while True:
            within = query.within._replace(before=before)
            left = query.limit - len(found)
            step = self._thread.call(
                self._searcher.search, query._replace(within=within, limit=left), scope
            )
            found += visible(step.entries)
            before = step.reached
            if len(found) >= query.limit or not before or self._clock() >= end:
                return Findings(found, before)
            gevent.sleep(0)  # A store that needs no thread is searched on the loop of everybody.

    def close(self, timeout_s: float) -> None:
        """End the thread."""
        self._thread.join(timeout_s)
