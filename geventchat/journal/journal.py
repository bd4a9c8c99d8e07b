"""The one place where the order of events is decided.

A draft is an event that was proposed. Once saved it is an entry, with a number.

What is refused must not become history, whatever fails or dies in between:

* A draft that has become impossible since it was proposed is found just before
  the commit, by the state as it is then, and is not saved. No two drafts of one
  commit can stand in each other's way (`chat.conflicts`); the second waits for
  the next. So what is saved can be applied. If it cannot be, against all that is
  known, it is voided in the store before its author is told.
* After a failed commit nobody knows what the store has. What it may have is taken
  out at once, and again every second until that works. If the process dies before
  it has worked once, a commit that failed only after it had reached the disk is
  history at the next start, although its authors were told that it was not saved:
  on a disk that fails this much, nothing better can be known.
* What is still to be taken out is known here (`hidden`), and not read meanwhile.

MUST: apply entries in the order of their numbers, and only after they are saved.
MUST: settle each draft (apply it, or refuse it to its author) exactly once.
MUST: go on after a failed save; its drafts are refused, its numbers reused.
MUST NOT: block the hub; a store that blocks works in a native thread.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection

import gevent
from gevent.event import Event as Bell

from geventchat.chat.conflicts import TAKE_NOTHING
from geventchat.chat.events import Entry, Event, Left, Redacted, RedactedTo
from geventchat.chat.events_accounts import Deleted
from geventchat.errors import JournalTaken, Reason, Refused, StoreError
from geventchat.journal.drafts import NOBODY, Batch, Draft, Drafts, Rules
from geventchat.journal.gathering import gather
from geventchat.journal.store import NO_CORRECTIONS, Author, Corrections, Store, with_authors
from geventchat.journal.thread import StoreThread
from geventchat.journal.trouble import Trouble
from geventchat.journal.waiting import Waiting

log = logging.getLogger(__name__)

# Departures that were not saved are tried again, but a full disk stays full for a while.
_RETRY_S = 1.0
# A last event that lies so far in the future was written by a clock that was wrong.
_FUTURE_MS = 60_000
_OWING = frozenset({Redacted, RedactedTo, Left, Deleted})
# Of so many accounts words are left out until they are out of the store: an hour of walking.
_ERASING_MAX = 100


class Journal:
    """Group commit: events proposed while one batch is being saved make up the next batch.

    refused  called with (session number, event, refusal) for each draft that is refused
    applied  called after each batch, before those who wait for it are woken
    clock    returns milliseconds since 1970
    """

    def __init__(
        self,
        store: Store,
        thread: StoreThread,
        rules: Rules,
        refused: Callable[[int, Event, Refused], None],
        applied: Callable[[], None],
        clock: Callable[[], int],
        batch_max_events: int,
    ) -> None:
        self._store = store
        self._thread = thread
        self._rules = rules
        self._refused = refused
        self._applied = applied
        self._clock = clock
        self._drafts = Drafts(rules, batch_max_events)
        self._pending = self._drafts.pending
        self._batch_max = batch_max_events
        self._writing = 0
        self._waiting = Waiting()
        self._unsettled = self._waiting.unsettled
        self._number = self._at = 0
        self.erasing: list[Author] = []
        # What the store has to do about earlier entries, with the next batch at the latest.
        self._owed = NO_CORRECTIONS
        self._not_saved = Trouble("not saved", clock)
        self._not_corrected = Trouble(
            "not yet taken out of the journal what was refused or redacted", clock
        )
        self._again: gevent.Greenlet | None = None
        self._bell = Bell()
        self._writer: gevent.Greenlet | None = None

    def restore(self) -> None:
        """Continue after the last entry in the store. Call once, before `start`."""
        self._number, self._at = self._thread.call(self._store.restore)
        self.erasing = self._thread.call(self._store.erasing)[-_ERASING_MAX:]
        ahead = self._at - self._clock()
        if ahead > _FUTURE_MS:
            # Order is what counts: history is searched by it. Which clock is wrong, nobody knows.
            log.warning(
                "the last event is %d s in the future; until then, all get its time", ahead // 1000
            )

    def begin(self, event: Event) -> None:
        """Save and apply an event before any other may happen. Raises `StoreError`."""
        entry = Entry(self._number + 1, max(self._at, self._clock()), event)
        self._thread.call(self._store.append, [entry])
        self._number, self._at, *_ = entry
        self._rules.apply(entry)

    def start(self, crashed: Callable[[], None]) -> None:
        """Start saving what is proposed. `crashed` is called when that can go on no longer."""
        self._writer = gevent.spawn(self._write_forever, crashed)
        self._writer.link_exception(lambda writer: crashed())

    def drain(self, timeout_s: float) -> None:
        """Save pending drafts, within so many seconds; nothing is taken any more after that."""
        writer = self._writer
        with gevent.Timeout(timeout_s, False):
            while (self._pending or self._writing) and writer is not None and not writer.dead:
                gevent.sleep(0.01)
        lost = len(self._pending) + self._writing
        if lost:
            log.error("stopping without having saved the last %d drafts; nobody saw them", lost)
        if writer is not None:
            writer.kill()

    def stop(self, timeout_s: float) -> None:
        """Save pending drafts, then close the store; all within `timeout_s` seconds."""
        end = time.monotonic() + timeout_s
        self.drain(timeout_s)
        with gevent.Timeout(max(0.0, end - time.monotonic()), False):
            self._thread.call(self._store.close)
        self._thread.join(max(0.0, end - time.monotonic()))

    @property
    def shown(self) -> int:
        """The number of the last entry that was applied; no later one has been shown."""
        return self._number

    @property
    def changes(self) -> int:
        """About how many events were saved that change the state."""
        return self._drafts.changes

    @property
    def hidden(self) -> Collection[int]:
        """Numbers of entries that are still to be taken out of the store."""
        return {*self._owed.void, *self._owed.redact}

    def propose(self, number: int, event: Event) -> None:
        """Queue an event for the session with that number. Never switches, never raises."""
        if number:
            self._unsettled[number] = self._unsettled.get(number, 0) + 1
        self._pending.append((number, event))
        if not self._bell.is_set():
            self._bell.set()

    def settle(self, number: int) -> None:
        """Wait until every draft of the session with that number is applied or refused."""
        self._waiting.settle(number)

    def catch_up(self) -> None:
        """Wait until every draft proposed so far, by anyone, is applied or refused."""
        self._waiting.catch_up(lambda: self._waiting.done + self._writing + len(self._pending))

    def _write_forever(self, crashed: Callable[[], None]) -> None:
        while True:
            self._bell.wait()
            gather(self._pending, self._batch_max)
            batch = self._drafts.take()
            self._writing = len(batch.drafts) + len(batch.refused)
            if not self._pending:
                self._bell.clear()
            try:
                self._write(batch)
            except JournalTaken as error:
                log.critical("%s", error)
                crashed()
                return
            self._writing = 0

    def _write(self, batch: Batch) -> None:
        drafts, kinds, late = batch
        if drafts:
            late = late + self._save(drafts, kinds)
        elif not late:
            self._correct()
        for draft, refusal in late:
            self._refuse(draft, refusal)
        self._applied()
        self._waiting.wake(
            (number for number, _ in (*drafts, *(draft for draft, _ in batch.refused))),
            len(drafts) + len(batch.refused),
        )

    def _save(self, drafts: list[Draft], kinds: set[type[Event]]) -> list[tuple[Draft, Refused]]:
        """Have drafts saved, and apply them; those that could not be, and why."""
        number = self._number
        at = self._at = max(self._at, self._clock())
        entries = [Entry(number + i, at, draft[1]) for i, draft in enumerate(drafts, 1)]
        try:
            self._thread.call(self._store.append, entries, self._owed)
        except JournalTaken:
            raise
        except StoreError as error:
            return self._failed(drafts, str(error))
        self._not_saved.over()
        self._owed = NO_CORRECTIONS
        self._number = number + len(drafts)
        late: list[tuple[Draft, Refused]] = []
        void: set[int] = set()
        apply, unsettled = self._rules.apply, self._unsettled
        for entry, draft in zip(entries, drafts, strict=True):
            try:
                apply(entry)
            except Refused as refusal:
                void.add(entry.number)
                late.append((draft, refusal))
            else:
                by = draft[0]
                if by:  # As `Waiting.settled` does it; here, because a call a line is felt.
                    left = unsettled[by] - 1
                    if left:
                        unsettled[by] = left
                    else:
                        del unsettled[by]
        if not kinds <= TAKE_NOTHING:
            self._drafts.outdate()
        if void or kinds & _OWING:
            self._owe(entries, void)
        return late

    def _owe(self, entries: list[Entry], void: set[int]) -> None:
        """Have the store take out what was refused after all, and what was redacted."""
        redact: list[int] = []
        ended: list[int] = []
        self.erasing += with_authors(NO_CORRECTIONS, entries).authors
        del self.erasing[:-_ERASING_MAX]
        for number, _, event, *_ in entries:
            if number in void:
                continue
            if isinstance(event, Redacted | RedactedTo):
                redact.append(event.number)
            elif isinstance(event, Left):
                ended.append(event.by.session)
        self._owed = Corrections(None, tuple(void), tuple(redact), tuple(ended))
        self._correct()

    def _correct(self) -> None:
        """Have the store do what it owes; what fails is tried again with the next batch."""
        owed = self._owed
        if owed._replace(ended=()) == NO_CORRECTIONS:
            return  # Whose sessions have ended is in no hurry.
        try:
            self._thread.call(self._store.correct, owed)
        except JournalTaken:
            raise
        except StoreError as error:
            self._not_corrected.failed(str(error))
            if self._again is None or self._again.dead:
                self._again = gevent.spawn_later(_RETRY_S, self._bell.set)
        else:
            self._owed = NO_CORRECTIONS
            self._not_corrected.over()

    def _failed(self, drafts: list[Draft], why: str) -> list[tuple[Draft, Refused]]:
        self._not_saved.failed(why)
        self._owed = self._owed._replace(truncate_after=self._number)
        self._correct()
        refused: list[tuple[Draft, Refused]] = []
        departures: list[Draft] = []
        for draft in drafts:
            number, event = draft
            if isinstance(event, Left):
                departures.append((NOBODY, event))  # Nobody waits for it any longer.
                self._waiting.settled(number)
            else:
                refused.append((draft, Refused(Reason.NOT_SAVED, why=why)))
        if departures:
            gevent.spawn_later(_RETRY_S, self._retry, departures)
        return refused

    def _retry(self, drafts: list[Draft]) -> None:
        self._pending.extend(drafts)
        self._drafts.outdate()
        self._bell.set()

    def _refuse(self, draft: Draft, refusal: Refused) -> None:
        number, event = draft
        self._waiting.settled(number)
        if number:
            self._refused(number, event, refusal)
