"""The one place where the order of events is decided.

A draft is an event that was proposed. Once saved it is an entry, with a number.

MUST: apply entries in the order of their numbers, and only after they are saved.
MUST: settle each draft (apply it, or refuse it to its author) exactly once.
MUST: go on after a failed save; its drafts are refused, its numbers reused.
MUST NOT: block the hub; a store that blocks works in a native thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import gevent
from gevent.event import Event as Bell
from greenlet import getcurrent

from geventchat.chat.events import Entry, Event, Left, Redacted, RedactedTo
from geventchat.errors import Reason, Refused, StoreError
from geventchat.journal.store import Restored, Store
from geventchat.journal.thread import StoreThread

log = logging.getLogger(__name__)

# After a failed save the departures in it are tried again; not at once, since
# a full disk stays full for a while.
_RETRY_S = 1.0
_GATHER_TURNS = 4
_REDACTIONS = frozenset({Redacted, RedactedTo})

# The number of the session that proposed the event (0 for none), and the event.
Draft = tuple[int, Event]
NOBODY = 0


class Journal:
    """Group commit: events proposed while one batch is being saved make up the next batch.

    apply    called with each entry in order; raises `Refused` if it is no longer possible
    refused  called with (session number, event, refusal) for each draft that is refused
    applied  called after each batch, before those who wait for it are woken
    clock    returns milliseconds since 1970
    """

    def __init__(
        self,
        store: Store,
        thread: StoreThread,
        apply: Callable[[Entry], None],
        refused: Callable[[int, Event, Refused], None],
        applied: Callable[[], None],
        clock: Callable[[], int],
        batch_max_events: int,
    ) -> None:
        self._store = store
        self._thread = thread
        self._apply = apply
        self._refused = refused
        self._applied = applied
        self._clock = clock
        self._batch_max = batch_max_events
        self._pending: list[Draft] = []
        # By numbers of sessions: how many of their drafts are pending, and who waits for them.
        self._unsettled: dict[int, int] = {}
        self._waiting: dict[int, Any] = {}
        self._proposed = self._done = 0
        self._barriers: list[tuple[int, Any]] = []
        self._number = self._at = 0
        # After a failed save: the last number that is certain. Nobody knows how much of the failed
        # batch reached the store, so the next one first drops whatever stands behind this.
        self._truncate_after: int | None = None
        self._writing = False
        self._bell = Bell()
        self._writer: gevent.Greenlet | None = None

    def restore(self, rooms_max: int) -> Restored:
        """Continue after the last entry in the store. Call once, before `start`."""
        restored = self._thread.call(self._store.restore, rooms_max)
        self._number, self._at = restored.number, restored.at
        return restored

    def start(self, crashed: Callable[[], None]) -> None:
        """Start saving what is proposed. `crashed` is called if a bug of ours ends that."""
        self._writer = gevent.spawn(self._write_forever)
        self._writer.link_exception(lambda writer: crashed())

    def stop(self, timeout_s: float) -> None:
        """Save pending drafts, for at most `timeout_s` seconds, then close the store."""
        with gevent.Timeout(timeout_s, False):
            while self._pending or self._writing:
                gevent.sleep(0.01)
        if self._writer is not None:
            self._writer.kill()
        self._thread.call(self._store.close)
        self._thread.join()

    @property
    def shown(self) -> int:
        """The number of the last entry that was applied; no later one has been shown."""
        return self._number

    def propose(self, number: int, event: Event) -> None:
        """Queue an event for the session with that number. Never switches, never raises."""
        if number:
            self._unsettled[number] = self._unsettled.get(number, 0) + 1
        self._pending.append((number, event))
        self._proposed += 1
        if not self._bell.is_set():
            self._bell.set()

    def settle(self, number: int) -> None:
        """Wait until every draft of the session with that number is applied or refused."""
        if number in self._unsettled:
            self._waiting[number] = getcurrent()
            try:
                while number in self._unsettled:
                    gevent.get_hub().switch()
            finally:
                self._waiting.pop(number, None)

    def catch_up(self) -> None:
        """Wait until every draft proposed so far, by anyone, is applied or refused.

        Bytes that already wait in a socket are read first and count too, since
        libev calls the watchers of one turn in the reverse order of arrival.
        """
        hub = gevent.get_hub()
        hub.wait(hub.loop.timer(0, priority=-1))
        goal = self._proposed
        if self._done < goal:
            barrier = (goal, getcurrent())
            self._barriers.append(barrier)
            try:
                while self._done < goal:
                    hub.switch()
            finally:
                if barrier in self._barriers:
                    self._barriers.remove(barrier)

    def _write_forever(self) -> None:
        while True:
            self._bell.wait()
            self._gather()
            batch = self._pending[: self._batch_max]
            del self._pending[: self._batch_max]
            if not self._pending:
                self._bell.clear()
            self._writing = True
            self._write(batch)
            self._writing = False

    def _gather(self) -> None:
        """Let the sockets be read until they bring nothing new, at most `_GATHER_TURNS` times.

        A commit and a flush cost nearly the same for one line as for fifty;
        looking for more costs 10 µs.
        """
        hub = gevent.get_hub()
        for _ in range(_GATHER_TURNS):
            before = len(self._pending)
            # Lower priority than the sockets': they are read first.
            hub.wait(hub.loop.timer(0, priority=-1))
            if len(self._pending) == before or before >= self._batch_max:
                break

    def _write(self, batch: list[Draft]) -> None:
        number = self._number
        at = self._at = max(self._at, self._clock())
        entries = [Entry(number + i, at, draft[1]) for i, draft in enumerate(batch, 1)]
        try:
            self._thread.call(self._store.append, entries, self._truncate_after)
        except StoreError as error:
            self._failed(batch, str(error))
            return
        self._truncate_after = None
        self._number = number + len(batch)
        late: list[tuple[int, Draft, Refused]] = []
        apply, unsettled = self._apply, self._unsettled
        for entry, draft in zip(entries, batch, strict=True):
            try:
                apply(entry)
            except Refused as refusal:
                late.append((entry.number, draft, refusal))
            else:
                by = draft[0]
                if by:  # As `_settled` does it; here, because a call a line is felt.
                    left = unsettled[by] - 1
                    if left:
                        unsettled[by] = left
                    else:
                        del unsettled[by]
        if late:
            self._void(late)
        self._redact(entries, {number for number, _, _ in late})
        self._applied()
        self._wake(batch)

    def _redact(self, entries: list[Entry], refused: set[int]) -> None:
        """Have the store erase the words that were redacted."""
        # Nearly every batch has none, and each of its lines is asked: by its class alone.
        some = [entry for entry in entries if entry.event.__class__ in _REDACTIONS]
        numbers = [
            entry.event.number
            for entry in some
            if isinstance(entry.event, Redacted | RedactedTo) and entry.number not in refused
        ]
        if numbers:
            try:
                self._thread.call(self._store.redact, numbers)
            except StoreError as error:
                log.error("redacted words stay in the journal: %s", error)

    def _void(self, late: list[tuple[int, Draft, Refused]]) -> None:
        """Void entries that were refused when applied, and only then tell their authors."""
        try:
            self._thread.call(self._store.void, [number for number, _, _ in late])
        except StoreError as error:
            log.error("refused events stay in the journal: %s", error)
        for _, draft, refusal in late:
            self._refuse(draft, refusal)

    def _failed(self, batch: list[Draft], why: str) -> None:
        log.error("not saved, %d drafts refused: %s", len(batch), why)
        self._truncate_after = self._number
        departures: list[Draft] = []
        for draft in batch:
            number, event = draft
            if not isinstance(event, Left):
                self._refuse(draft, Refused(Reason.NOT_SAVED, why=why))
                continue
            departures.append((NOBODY, event))  # Nobody waits for it any longer.
            self._settled(number)
        self._applied()
        self._wake(batch)
        if departures:
            gevent.spawn_later(_RETRY_S, self._retry, departures)

    def _retry(self, drafts: list[Draft]) -> None:
        self._pending.extend(drafts)
        self._proposed += len(drafts)
        self._bell.set()

    def _refuse(self, draft: Draft, refusal: Refused) -> None:
        number, event = draft
        self._settled(number)
        if number:
            self._refused(number, event, refusal)

    def _settled(self, number: int) -> None:
        """Count one draft of a session as settled."""
        if number:
            left = self._unsettled[number] - 1
            if left:
                self._unsettled[number] = left
            else:
                del self._unsettled[number]

    def _wake(self, batch: list[Draft]) -> None:
        """Wake those whose drafts have all been settled."""
        loop = gevent.get_hub().loop
        self._done += len(batch)
        if self._barriers:
            waiting = self._barriers
            self._barriers = [barrier for barrier in waiting if barrier[0] > self._done]
            for goal, waiter in waiting:
                if goal <= self._done:
                    loop.run_callback(waiter.switch)
        if not self._waiting:
            return
        for number, _ in batch:
            if number not in self._unsettled:
                waiter = self._waiting.pop(number, None)
                if waiter is not None:
                    loop.run_callback(waiter.switch)
