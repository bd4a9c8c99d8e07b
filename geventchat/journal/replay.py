"""What the state was: its latest snapshot, and the events since, applied as when they happened.

There is no other way to it. A snapshot that is damaged, or of another version, is no
loss: the one before it will do, or none, and more events are read.

An event that is refused was refused then too, and voided, unless the process died before
that; or it is of a version that knew less of what it needs. It changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Protocol

from geventchat.chat import snapshot
from geventchat.chat.apply import applier
from geventchat.chat.events import Entry
from geventchat.chat.outlet import Silent
from geventchat.chat.state import ChatState
from geventchat.errors import Refused
from geventchat.journal.store import Snapshot

log = logging.getLogger(__name__)

# So much between two steps takes about a millisecond.
_LINES_A_STEP = 64
_ENTRIES_A_STEP = 64
_ENTRIES_A_READ = 128


class Saved(Protocol):
    """What is read of a store; see `Store`."""

    def snapshots(self) -> list[Snapshot]:
        """The snapshots that are intact, the latest first."""

    def changes(self, after: int, limit: int) -> list[Entry]:
        """Entries after a number whose kind changes the state, in order."""


class Replay:
    """A state that follows the events of a store.

    fresh     makes a state in which nothing has happened yet
    number    of the last event that is in the state
    taken     how many events since the snapshot were applied, and how many of them were
    refused   refused or made no sense, and how many snapshots were
    damaged
    """

    def __init__(self, store: Saved, fresh: Callable[[], ChatState]) -> None:
        self._store = store
        self._fresh = fresh
        self.state = fresh()
        self.number = self.taken = self.refused = self.damaged = 0

    def run(self, last: int) -> None:
        """Follow all events up to one, in one go."""
        for _ in self.steps(last):
            pass

    def steps(self, last: int) -> Iterator[None]:
        """Follow all events up to one, in steps of about a millisecond."""
        yield from self._begin(last)
        apply = applier(self.state, Silent())
        while entries := self._store.changes(self.number, _ENTRIES_A_READ):
            for nth, entry in enumerate(entries):
                if entry.number > last:
                    break
                self.number = entry.number
                self.taken += 1
                try:
                    apply(entry)
                except Refused:
                    self.refused += 1
                except Exception:  # Another program wrote it.
                    self.refused += 1
                    log.debug("event %d makes no sense", entry.number, exc_info=True)
                if nth % _ENTRIES_A_STEP == 0:
                    yield
            if entries[-1].number >= last:
                break
        self.number = last

    def _begin(self, last: int) -> Iterator[None]:
        """Take up the latest snapshot that is one."""
        for number, body in self._store.snapshots():
            loading = snapshot.Loading()
            try:
                if number > last:
                    raise snapshot.Damaged("it is of later than the last event")
                for nth, line in enumerate(body.decode().splitlines()):
                    loading.take(line)
                    if nth % _LINES_A_STEP == 0:
                        yield
                self.state, self.number = loading.state, number
            except (snapshot.Damaged, UnicodeDecodeError):
                self.damaged += 1
            else:
                return
        self.state, self.number = self._fresh(), 0

    def report(self) -> None:
        """Tell the log what there is to tell; to be called where it may be written."""
        if self.damaged:
            log.warning(
                "snapshots that could not be read: %d; events were read instead", self.damaged
            )
        log.debug("%d events read, of which %d changed nothing", self.taken, self.refused)
