"""Searches, step by step: each is a part of the history that is looked through in bounded time.

All searches share one thread, apart from those of commits and history. They take turns by
steps, so a search for common words in a quiet room holds nobody up. One that takes longer
than it may ends with what it has found, and says how far it came.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import gevent

from geventchat.chat.events import Entry
from geventchat.chat.search import Findings, Scope, SearchQuery
from geventchat.journal.indexing import Indexing
from geventchat.journal.store import Searcher
from geventchat.journal.thread import StoreThread

BUSY = "too many people are searching; try again"


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
        self._indexing: Indexing | None = None

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

    def start(self, shown: Callable[[], int]) -> None:
        """Begin to index what was said, up to the event whose number `shown` gives."""
        self._indexing = Indexing(self._searcher, shown)
        self._indexing.start()

    def close(self, timeout_s: float) -> None:
        """End the threads, that of the index too."""
        end = time.monotonic() + timeout_s
        if self._indexing is not None:
            self._indexing.stop(timeout_s)
        self._thread.join(max(0.0, end - time.monotonic()))
