"""The one place where order is decided.

MUST: hand entries on in the order of their numbers, only after they are saved.
MUST: settle a draft (applied, or refused to its author) exactly once.
MUST: go on after a failed save; its drafts are refused, its numbers reused.
MUST NOT: block the hub; a store that blocks works in a native thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import gevent
from gevent.event import Event as Bell
from gevent.threadpool import ThreadPool
from greenlet import getcurrent

from geventchat.chat.events import Entry, Event, Left, Redacted, RedactedTo
from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.chat.presence import Session
from geventchat.errors import Reason, Refused, StoreError
from geventchat.journal.store import Restored, Store

log = logging.getLogger(__name__)

# After a failed save the departures in it are tried again; not at once, since
# a full disk stays full for a while.
_RETRY_S = 1.0
_CERTAIN = -1
_GATHER_TURNS = 4

Draft = tuple[Session | None, Event]


class Journal:
    """Group commit: whatever was proposed while one batch was being saved makes the next.

    apply    called with each entry in order; raises `Refused` when it is no longer possible
    refused  called with (session, event, refusal) for each draft that came to nothing
    applied  called after each batch, before anyone who waits for it goes on
    clock    milliseconds since 1970
    """

    def __init__(
        self,
        store: Store,
        apply: Callable[[Entry], None],
        refused: Callable[[Session, Event, Refused], None],
        applied: Callable[[], None],
        clock: Callable[[], int],
        batch_max_events: int,
    ) -> None:
        self._store = store
        self._apply = apply
        self._refused = refused
        self._applied = applied
        self._clock = clock
        self._batch_max = batch_max_events
        self._pending: list[Draft] = []
        self._waiting: dict[Session, Any] = {}
        self._proposed = self._done = 0
        self._behind: list[tuple[int, Any]] = []
        self._number = self._at = 0
        self._after = _CERTAIN
        self._writing = False
        self._bell = Bell()
        self._thread = ThreadPool(1) if store.in_thread else None
        self._writer: gevent.Greenlet | None = None

    def restore(self, rooms_max: int) -> Restored:
        """Take up the journal where it ended. Call once, before `start`."""
        restored: Restored = self._in_store(self._store.restore, rooms_max)
        self._number, self._at = restored.number, restored.at
        return restored

    def start(self, crashed: Callable[[], None]) -> None:
        """Begin to save what is proposed. `crashed` is called if that ends by a bug of ours."""
        self._writer = gevent.spawn(self._write_forever)
        self._writer.link_exception(lambda writer: crashed())

    def stop(self, timeout_s: float) -> None:
        """Save what is pending, for at most so long, then close the store."""
        with gevent.Timeout(timeout_s, False):
            while self._pending or self._writing:
                gevent.sleep(0.01)
        if self._writer is not None:
            self._writer.kill()
        self._in_store(self._store.close)
        if self._thread is not None:
            self._thread.join()

    def propose(self, session: Session | None, event: Event) -> None:
        """Queue a draft. Never switches, never raises."""
        if session is not None:
            session.unsettled += 1
        self._pending.append((session, event))
        self._proposed += 1
        if not self._bell.is_set():
            self._bell.set()

    def settle(self, session: Session) -> None:
        """Wait until every draft of the session is applied or refused."""
        if session.unsettled:
            self._waiting[session] = getcurrent()
            try:
                while session.unsettled:
                    gevent.get_hub().switch()
            finally:
                self._waiting.pop(session, None)

    def catch_up(self) -> None:
        """Wait until every draft proposed so far, by anyone, is applied or refused.

        What stands in a socket already counts too: libev calls the watchers of
        one turn in the reverse order of their bytes' arrival.
        """
        hub = gevent.get_hub()
        hub.wait(hub.loop.timer(0, priority=-1))
        goal = self._proposed
        if self._done < goal:
            self._behind.append((goal, getcurrent()))
            while self._done < goal:
                hub.switch()

    def lines(self, room: str, before: int | None, limit: int) -> list[Entry]:
        """History, oldest first. Raises `StoreError`."""
        # After a failed save more may stand in the store than was ever shown.
        known = self._number + 1
        latest = known if before is None else min(before, known)
        found: list[Entry] = self._in_store(self._store.lines, room, latest, limit)
        return found

    def last_seen(self, nick: str) -> Entry | None:
        """When a nick was last heard of. Raises `StoreError`."""
        found: Entry | None = self._in_store(self._store.last_seen, nick)
        return found if found is None or found.number <= self._number else None

    def history(self, wanted: HistoryQuery, session: int, since: int) -> list[Entry]:
        """A stretch of history, oldest first. Raises `StoreError`."""
        reach = wanted.reach._replace(before=min(wanted.reach.before, self._number + 1))
        if not wanted.room:
            reach = reach._replace(after=max(reach.after, since))
        wanted = wanted._replace(reach=reach)
        found: list[Entry] = self._in_store(self._store.history, wanted, session)
        return found

    def peers(
        self, reach: HistoryRange, limit: int, session: int, since: int
    ) -> list[tuple[str, int]]:
        """With whom a session talked in a reach, and when last. Raises `StoreError`."""
        reach = reach._replace(after=max(reach.after, since))
        found: list[tuple[str, int]] = self._in_store(self._store.peers, reach, limit, session)
        return found

    def event(self, number: int) -> Entry | None:
        """The event of that number, if it was shown. Raises `StoreError`."""
        if not 0 < number <= self._number:
            return None
        found: Entry | None = self._in_store(self._store.event, number)
        return found

    def _in_store(self, call: Callable[..., Any], *args: Any) -> Any:
        if self._thread is None:
            return call(*args)
        answer = self._thread.apply(_caught, (call, args))
        if isinstance(answer, StoreError):
            raise answer
        return answer

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
        """Let the sockets be read until they bring nothing new, a few times at most.

        A commit and a flush cost nearly the same for one line as for fifty; the
        look for more costs 10 µs.
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
            self._in_store(self._store.append, entries, self._after)
        except StoreError as error:
            self._failed(batch, str(error))
            return
        self._after = _CERTAIN
        self._number = number + len(batch)
        late: list[tuple[int, Draft, Refused]] = []
        apply = self._apply
        for entry, draft in zip(entries, batch, strict=True):
            try:
                apply(entry)
            except Refused as refusal:
                late.append((entry.number, draft, refusal))
            else:
                if draft[0] is not None:
                    draft[0].unsettled -= 1
        if late:
            self._take_back(late)
        self._redact(entries, {number for number, _, _ in late})
        self._applied()
        self._wake(batch)

    def _redact(self, entries: list[Entry], refused: set[int]) -> None:
        """Have the store forget the words that were taken back."""
        numbers = [
            entry.event.number
            for entry in entries
            if isinstance(entry.event, Redacted | RedactedTo) and entry.number not in refused
        ]
        if numbers:
            try:
                self._in_store(self._store.redact, numbers)
            except StoreError as error:
                log.error("redacted words stay in the journal: %s", error)

    def _take_back(self, late: list[tuple[int, Draft, Refused]]) -> None:
        """Void what was refused on being applied, and only then tell its author."""
        try:
            self._in_store(self._store.void, [number for number, _, _ in late])
        except StoreError as error:
            log.error("refused events stay in the journal: %s", error)
        for _, draft, refusal in late:
            self._refuse(draft, refusal)

    def _failed(self, batch: list[Draft], why: str) -> None:
        log.error("not saved, %d drafts refused: %s", len(batch), why)
        self._after = self._number
        again: list[Draft] = []
        for draft in batch:
            session, event = draft
            if not isinstance(event, Left):
                self._refuse(draft, Refused(Reason.NOT_SAVED, why=why))
                continue
            again.append((None, event))  # Nobody waits for it any longer.
            if session is not None:
                session.unsettled -= 1
        self._applied()
        self._wake(batch)
        if again:
            gevent.spawn_later(_RETRY_S, self._again, again)

    def _again(self, drafts: list[Draft]) -> None:
        self._pending.extend(drafts)
        self._proposed += len(drafts)
        self._bell.set()

    def _refuse(self, draft: Draft, refusal: Refused) -> None:
        session, event = draft
        if session is not None:
            session.unsettled -= 1
            self._refused(session, event, refusal)

    def _wake(self, batch: list[Draft]) -> None:
        """Let everyone go on whose drafts have all settled."""
        loop = gevent.get_hub().loop
        self._done += len(batch)
        if self._behind:
            waiting = self._behind
            self._behind = [waiter for waiter in waiting if waiter[0] > self._done]
            for goal, waiter in waiting:
                if goal <= self._done:
                    loop.run_callback(waiter.switch)
        for session, _ in batch:
            if session is not None and not session.unsettled:
                waiter = self._waiting.pop(session, None)
                if waiter is not None:
                    loop.run_callback(waiter.switch)


def _caught(call: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """Run in the native thread; hand a `StoreError` back as a value.

    gevent's thread pool prints a traceback for whatever is with_status in it.
    """
    try:
        return call(*args)
    except StoreError as error:
        return error
