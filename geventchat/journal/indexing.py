"""Has a store index what was said, behind the commits and in a thread of its own.

It works in small steps and rests between them: as long as the step took, and nine times as long
while much is said, since what the step does in Python the loop of everybody waits for.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import gevent

from geventchat.errors import StoreError
from geventchat.journal.store import Searcher
from geventchat.journal.thread import StoreThread
from geventchat.journal.trouble import Trouble

log = logging.getLogger(__name__)

_IDLE_S, _TROUBLE_S, _TELL_S = 1.0, 10.0, 60.0
# So many new events a second are much.
_MUCH_PER_S = 200
_REST, _REST_WHEN_MUCH = 1.0, 9.0
# So much left is worth telling the operator of.
_LONG = 20_000


class Indexing:
    """Indexes what was said up to the event whose number `shown` gives."""

    def __init__(self, searcher: Searcher, shown: Callable[[], int]) -> None:
        self._searcher = searcher
        self._shown = shown
        self._thread = StoreThread(searcher.in_thread)
        self._trouble = Trouble("not indexed for searches", _now_ms)
        self._greenlet: gevent.Greenlet | None = None
        self._told_at = 0.0
        self._telling = False

    def start(self) -> None:
        """Begin to index."""
        if self._searcher.in_thread:
            self._greenlet = gevent.spawn(self._run)

    def stop(self, timeout_s: float) -> None:
        """End it; a step that has begun is waited for so long."""
        if self._greenlet is not None:
            self._greenlet.kill()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        last, began = self._shown(), time.monotonic()
        while True:
            try:
                left = self._thread.call(self._searcher.index, self._shown())
            except StoreError as error:
                self._trouble.failed(str(error))
                gevent.sleep(_TROUBLE_S)
                continue
            self._trouble.over()
            now, shown = time.monotonic(), self._shown()
            much = shown - last > _MUCH_PER_S * (now - began)
            self._tell(left, shown, now)
            rest = (now - began) * (_REST_WHEN_MUCH if much else _REST) if left else _IDLE_S
            gevent.sleep(max(0.001, rest))
            last, began = shown, time.monotonic()

    def _tell(self, left: int, shown: int, now: float) -> None:
        """Once a minute, how far it is, if there is much to do."""
        if left > _LONG and now - self._told_at > _TELL_S:
            self._told_at, self._telling = now, True
            log.info("indexing for searches: %d of %d events are left", left, shown)
        elif not left and self._telling:
            self._telling = False
            log.info("indexing for searches: done")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
