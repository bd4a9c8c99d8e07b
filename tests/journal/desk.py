"""A journal on a disk that fails when it is told to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import gevent

from geventchat.chat.events import Entry, Event, Identity, Said
from geventchat.errors import Reason, Refused, StoreError
from geventchat.journal.drafts import Rules
from geventchat.journal.history import History
from geventchat.journal.journal import Journal
from geventchat.journal.memory import MemoryStore
from geventchat.journal.store import NO_CORRECTIONS, Corrections
from geventchat.journal.thread import StoreThread

HANG_S = 20.0
ALICE, BOB = 1, 2


class Disk(MemoryStore):
    """A store that can be told to fail (before or after having stored)."""

    def __init__(self) -> None:
        super().__init__(10_000)
        self.fails = ""
        self.keeps_what_failed = False
        # So many corrections fail from now on.
        self.cannot_correct = 0
        self.batches: list[int] = []
        # With entries, and alone.
        self.made: list[Corrections] = []
        self.corrections: list[Corrections] = []
        self.error: type[StoreError] = StoreError

    def append(self, entries: Sequence[Entry], corrections: Corrections = NO_CORRECTIONS) -> None:
        self.batches.append(len(entries))
        self.made.append(corrections)
        if not self.fails:
            super().append(entries, corrections)
        elif self.keeps_what_failed:
            super().append(entries)
        if self.fails:
            raise self.error(self.fails)

    def correct(self, corrections: Corrections) -> None:
        if corrections != NO_CORRECTIONS:
            self.corrections.append(corrections)
            if self.cannot_correct:
                self.cannot_correct -= 1
                raise StoreError("disk error")
        super().correct(corrections)


class SlowDisk(Disk):
    """A store in a native thread that saves as many batches as it was allowed."""

    in_thread = True

    def __init__(self) -> None:
        super().__init__()
        self._allowed = threading.Semaphore(0)

    def append(self, entries: Sequence[Entry], corrections: Corrections = NO_CORRECTIONS) -> None:
        assert self._allowed.acquire(timeout=HANG_S)
        super().append(entries, corrections)

    def allow(self, batches: int) -> None:
        self._allowed.release(batches)


class Desk:
    """A journal on a disk, and what it said to whom."""

    def __init__(self, batch_max: int = 500, disk: Disk | None = None) -> None:
        self.disk = disk or Disk()
        self.now = 1000
        self.applied: list[Entry] = []
        self.refusals: list[tuple[int, Event, Reason, str]] = []
        self.happened: list[str] = []
        # Texts that may not happen by the time they are applied, and by the time they are saved.
        self.forbidden: set[str] = set()
        self.outdated: set[str] = set()
        # How many drafts can be committed together.
        self.together: Callable[[Sequence[Event]], int] = len
        thread = StoreThread(self.disk.in_thread)
        self.journal = Journal(
            self.disk,
            thread,
            Rules(self._check, lambda drafts: self.together(drafts), self._apply),
            refused=self._refused,
            applied=lambda: self.happened.append("flush"),
            clock=lambda: self.now,
            batch_max_events=batch_max,
        )
        self.past = History(
            self.disk, thread, lambda: self.journal.shown, lambda: self.journal.hidden
        )
        self.journal.restore()
        self.journal.start(lambda: self.happened.append("crash"))

    def _check(self, event: Event) -> None:
        if isinstance(event, Said) and event.text in self.outdated:
            raise Refused(Reason.GONE)

    def _apply(self, entry: Entry) -> None:
        if isinstance(entry.event, Said) and entry.event.text in self.forbidden:
            raise Refused(Reason.GONE)
        self.applied.append(entry)
        self.happened.append(f"apply {text_of(entry)}")

    def _refused(self, number: int, event: Event, refusal: Refused) -> None:
        self.refusals.append((number, event, refusal.reason, refusal.facts.get("why", "")))

    def say(self, number: int, *texts: str) -> None:
        for text in texts:
            self.journal.propose(number, Said(person(number), "#a", text))

    def settle(self, *numbers: int) -> None:
        waiting = [gevent.spawn(self.journal.settle, number) for number in numbers]
        gevent.joinall(waiting, timeout=HANG_S)
        assert all(greenlet.dead for greenlet in waiting)

    def history(self) -> list[str]:
        return [text_of(entry) for entry in self.past.lines("#a", None, 10_000)]


def text_of(entry: Entry) -> str:
    return entry.event.text if isinstance(entry.event, Said) else type(entry.event).__name__


def person(number: int) -> Identity:
    return Identity(number, f"n{number}", "u", "h")


Desks = Callable[..., Desk]
