"""Snapshots while the server runs: made behind its back, a little at a time.

What is written down is not the state that is in use, which would have to stand still,
but one that follows it: the latest snapshot and the events since, read back in the
journal's own thread. Between slices of a few milliseconds commits have their turn, and
within them the interpreter is given up whenever the hub wants it. The second state is
let go of when it is written: most of the time there is only one.

A snapshot that could not be saved is no loss, nor one that a crash cut short: the one
before it is there, and more events are replayed.
"""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import gevent
from gevent import monkey

from geventchat.chat.snapshot import dump
from geventchat.chat.state import ChatState
from geventchat.config import Config
from geventchat.errors import StoreError
from geventchat.journal.journal import Journal
from geventchat.journal.replay import Replay
from geventchat.journal.store import Snapshot, Store
from geventchat.journal.thread import StoreThread
from geventchat.journal.trouble import Trouble

log = logging.getLogger(__name__)

_LOOK_S = 5.0
# A slice holds up commits for so long; a commit itself takes about as much.
_SLICE_S = 0.003
_LINES_A_STEP = 32
# Not gevent's: that would give the thread a loop of its own, to be taken down while the
# process ends. Of no time at all, the thread would often have the interpreter again at once.
_sleep = monkey.get_original("time", "sleep")
_YIELD_S = 0.00005
# After one that took long there is none for so many times as long.
_REST_TIMES = 10


class Checkpoints:
    """Restores the state, and saves it from time to time.

    fresh     makes a state in which nothing has happened yet
    settings  returns the settings as they are now
    clock     returns milliseconds since 1970
    """

    def __init__(
        self,
        store: Store,
        thread: StoreThread,
        fresh: Callable[[], ChatState],
        journal: Journal,
        settings: Callable[[], Config],
        clock: Callable[[], int],
    ) -> None:
        self._store = store
        self._thread = thread
        self._fresh = fresh
        self._journal = journal
        self._settings = settings
        # How many changes there had been at the latest snapshot; before this run, less than none.
        self._saved = 0
        self._trouble = Trouble("no snapshot of the state was saved", clock)
        self._looking: gevent.Greenlet | None = None

    def restore(self, state: ChatState) -> None:
        """Have a state be as it was after the last event. Raises `StoreError`."""
        replay = Replay(self._store, self._fresh)
        self._thread.call(replay.run, self._journal.shown)
        replay.report()
        state.become(replay.state)
        self._saved = -replay.taken

    def start(self) -> None:
        """Begin to save snapshots when they are due."""
        self._looking = gevent.spawn(self._look_forever)

    def stop(self, timeout_s: float) -> None:
        """Save a last one, if there is anything new and that can be done in so many seconds."""
        if self._looking is not None:
            self._looking.kill()
        with gevent.Timeout(max(0.0, timeout_s), False):
            if self._due(1):
                self.save()

    def look(self) -> None:
        """Save one if it is due."""
        if self._due(self._settings().snapshot_events):
            self.save()

    def _due(self, changes: int) -> bool:
        """Whether so many have been made since the latest, and it would outlive the process."""
        lasts = self._settings().database != "none"
        return lasts and self._journal.changes - self._saved >= changes

    def save(self) -> None:
        """Save one, of the state as it is now; others go on meanwhile."""
        number, changes = self._journal.shown, self._journal.changes
        steps = self._steps(number)
        try:
            with _no_collections():
                while self._thread.call(_slice, steps):
                    pass
        except StoreError as error:
            self._trouble.failed(str(error))
        except Exception:
            # Our bug: it costs a longer replay, and neither the next one nor a clean stop.
            log.exception("no snapshot of the state could be made")
        else:
            self._trouble.over()
            self._saved = changes

    def _look_forever(self) -> None:
        while True:
            began = time.monotonic()
            self.look()
            took = time.monotonic() - began
            gevent.sleep(max(_LOOK_S, took * _REST_TIMES))

    def _steps(self, number: int) -> Iterator[None]:
        """Follow the events up to one, and write down what the state was then."""
        replay = Replay(self._store, self._fresh)
        yield from replay.steps(number)
        lines = []
        for nth, line in enumerate(dump(replay.state)):
            lines.append(line)
            if nth % _LINES_A_STEP == 0:
                yield
        self._store.save_snapshot(Snapshot(number, "\n".join(lines).encode()))
        yield from _let_go(replay.state)


def _let_go(state: ChatState) -> Iterator[None]:
    """Free a state a little at a time; all at once would take as long as all else together."""
    every: tuple[dict[Any, Any], ...] = (
        state.rooms,
        state.sessions,
        state.nicks,
        state.accounts,
    )
    for things in every:
        while things:
            for _ in range(min(len(things), _LINES_A_STEP)):
                things.popitem()
            yield


@contextmanager
def _no_collections() -> Iterator[None]:
    """Have the garbage collector not look through a second state, which would hold the hub.

    There are no circles in it: it goes without its help.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _slice(steps: Iterator[None]) -> bool:
    """Work for some milliseconds; whether there is more to do. In the native thread."""
    until = time.perf_counter() + _SLICE_S
    for _ in steps:
        _sleep(_YIELD_S)  # The interpreter is the hub's if it wants it.
        if time.perf_counter() > until:
            return True
    return False
