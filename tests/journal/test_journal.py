"""The one place where order is decided: numbers, group commit, failure, doubt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gevent
import pytest

from geventchat.chat.events import Entry, Event, Identity, Left, Said
from geventchat.chat.presence import Session
from geventchat.errors import Reason, Refused, StoreError
from geventchat.journal.journal import Journal
from geventchat.journal.memory import MemoryStore

HANG_S = 20.0


class Disk(MemoryStore):
    """A store that can be told to fail (before or after having stored)."""

    def __init__(self) -> None:
        super().__init__(10_000)
        self.fails = ""
        self.keeps_what_failed = False
        self.batches: list[int] = []
        self.afters: list[int] = []
        self.number_before = 0

    def append(self, entries: Sequence[Entry], after: int) -> None:
        self.batches.append(len(entries))
        self.afters.append(after)
        if after >= 0:
            sure = [entry for entry in self._entries if entry.number <= after]
            self._entries.clear()
            self._entries.extend(sure)
        if not self.fails or self.keeps_what_failed:
            super().append(entries, -1)
        if self.fails:
            raise StoreError(self.fails)


class Desk:
    """A journal on a disk, and what it said to whom."""

    def __init__(self, batch_max: int = 500, disk: Disk | None = None) -> None:
        self.disk = disk or Disk()
        self.now = 1000
        self.applied: list[Entry] = []
        self.refusals: list[tuple[Session, Event, Reason, str]] = []
        self.happened: list[str] = []
        self.forbidden: set[str] = set()
        self.journal = Journal(
            self.disk,
            apply=self._apply,
            refused=self._refused,
            applied=lambda: self.happened.append("flush"),
            clock=lambda: self.now,
            batch_max_events=batch_max,
        )
        self.journal.restore(10)
        self.journal.start(lambda: self.happened.append("crash"))

    def _apply(self, entry: Entry) -> None:
        assert isinstance(entry.event, Said | Left)
        if isinstance(entry.event, Said) and entry.event.text in self.forbidden:
            raise Refused(Reason.GONE)
        self.applied.append(entry)
        self.happened.append(f"apply {text_of(entry)}")

    def _refused(self, session: Session, event: Event, refusal: Refused) -> None:
        self.refusals.append((session, event, refusal.reason, refusal.facts.get("why", "")))

    def say(self, session: Session, *texts: str) -> None:
        for text in texts:
            self.journal.propose(session, Said(session.identity, "#a", text))

    def settle(self, *sessions: Session) -> None:
        waiting = [gevent.spawn(self.journal.settle, session) for session in sessions]
        gevent.joinall(waiting, timeout=HANG_S)
        assert all(greenlet.dead for greenlet in waiting)

    def history(self) -> list[str]:
        return [text_of(entry) for entry in self.journal.lines("#a", None, 10_000)]


def text_of(entry: Entry) -> str:
    return entry.event.text if isinstance(entry.event, Said) else type(entry.event).__name__


def person(number: int) -> Session:
    return Session(Identity(number, f"n{number}", "u", "h"), "telnet")


@pytest.fixture
def desks() -> Any:
    """desks(...): a desk whose journal is stopped after the test."""
    made: list[Desk] = []

    def make(**more: Any) -> Desk:
        made.append(Desk(**more))
        return made[-1]

    yield make
    for desk in made:
        desk.disk.fails = ""
        gevent.spawn(desk.journal.stop, HANG_S).get(timeout=HANG_S)


Desks = Callable[..., Desk]


def test_entries_are_numbered_in_the_order_of_their_proposal(desks: Desks) -> None:
    desk, alice, bob = desks(), person(1), person(2)
    desk.say(alice, "one")
    desk.say(bob, "two")
    desk.say(alice, "three")
    desk.settle(alice, bob)
    assert [(e.number, text_of(e)) for e in desk.applied] == [(1, "one"), (2, "two"), (3, "three")]
    assert desk.history() == ["one", "two", "three"]


def test_proposing_changes_nothing_and_does_not_wait(desks: Desks) -> None:
    desk, alice = desks(), person(1)
    desk.say(alice, "one", "two")
    assert (desk.applied, alice.unsettled) == ([], 2)
    desk.settle(alice)
    assert (len(desk.applied), alice.unsettled) == (2, 0)


def test_settling_with_nothing_open_returns_at_once(desks: Desks) -> None:
    desk, alice = desks(), person(1)
    desk.journal.settle(alice)
    assert (desk.applied, alice.unsettled) == ([], 0)


def test_numbers_and_times_go_on_after_a_restart(desks: Desks) -> None:
    disk = Disk()
    disk.restore = lambda rooms_max: MemoryStore(1).restore(1)._replace(number=41, at=9000)  # type: ignore[method-assign]
    desk, alice = desks(disk=disk), person(1)
    desk.say(alice, "x")
    desk.settle(alice)
    assert [(entry.number, entry.at) for entry in desk.applied] == [(42, 9000)]


def test_time_never_goes_back(desks: Desks) -> None:
    desk, alice = desks(), person(1)
    for now in (1000, 500, 2000, 1999):
        desk.now = now
        desk.say(alice, "x")
        desk.settle(alice)
    assert [entry.at for entry in desk.applied] == [1000, 1000, 2000, 2000]


def test_what_is_proposed_together_is_saved_together(desks: Desks) -> None:
    desk, people = desks(), [person(n) for n in range(50)]
    for one in people:
        desk.say(one, "hello")
    desk.settle(*people)
    assert desk.disk.batches == [50]
    assert desk.happened.count("flush") == 1


def test_a_commit_has_its_bound(desks: Desks) -> None:
    desk, alice = desks(batch_max=10), person(1)
    desk.say(alice, *[str(n) for n in range(95)])
    desk.settle(alice)
    assert max(desk.disk.batches) <= 10
    assert desk.history() == [str(n) for n in range(95)]


def test_everyone_is_sent_it_before_its_author_goes_on(desks: Desks) -> None:
    desk, alice = desks(), person(1)
    desk.say(alice, "one")
    gone_on = gevent.spawn(lambda: (desk.journal.settle(alice), desk.happened.append("goes on")))
    gone_on.join(HANG_S)
    assert desk.happened == ["apply one", "flush", "goes on"]


def test_a_full_disk_refuses_to_authors_and_applies_nothing(desks: Desks) -> None:
    desk, alice, bob = desks(), person(1), person(2)
    desk.say(alice, "before")
    desk.settle(alice)
    desk.disk.fails = "disk full"
    desk.say(alice, "lost")
    desk.say(bob, "lost too")
    desk.settle(alice, bob)
    assert [(s.nick, r, w) for s, _, r, w in desk.refusals] == [
        ("n1", Reason.NOT_SAVED, "disk full"),
        ("n2", Reason.NOT_SAVED, "disk full"),
    ]
    assert [text_of(entry) for entry in desk.applied] == ["before"]
    desk.disk.fails = ""
    desk.say(bob, "after")
    desk.settle(bob)
    assert desk.history() == ["before", "after"]
    assert [entry.number for entry in desk.applied] == [1, 2]


def test_what_was_refused_is_never_there_even_when_the_disk_kept_it(desks: Desks) -> None:
    desk, alice = desks(), person(1)
    desk.say(alice, "before")
    desk.settle(alice)
    desk.disk.fails, desk.disk.keeps_what_failed = "disk error", True
    desk.say(alice, "lost")
    desk.settle(alice)
    assert len(desk.refusals) == 1
    assert desk.history() == ["before"]
    desk.disk.fails = ""
    desk.say(alice, "after")
    desk.settle(alice)
    assert desk.history() == ["before", "after"]
    assert desk.disk.afters[-1] == 1


def test_there_is_no_doubt_any_more_after_a_good_commit(desks: Desks) -> None:
    desk, alice = desks(), person(1)
    for fails in ("", "disk full", "disk full", "", ""):
        desk.disk.fails = fails
        desk.say(alice, "x")
        desk.settle(alice)
    assert [after >= 0 for after in desk.disk.afters] == [False, False, True, True, False]


def test_what_has_become_impossible_is_refused_and_not_kept(desks: Desks) -> None:
    desk, alice, bob = desks(), person(1), person(2)
    desk.forbidden = {"late"}
    desk.say(alice, "one")
    desk.say(bob, "late")
    desk.say(alice, "two")
    desk.settle(alice, bob)
    assert [text_of(entry) for entry in desk.applied] == ["one", "two"]
    assert [(s.nick, r) for s, _, r, _ in desk.refusals] == [("n2", Reason.GONE)]
    assert desk.history() == ["one", "two"]


def test_departures_are_tried_again(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geventchat.journal.journal._RETRY_S", 0.001)
    desk, alice, bob = desks(), person(1), person(2)
    desk.disk.fails = "disk full"
    desk.journal.propose(bob, Left(bob.identity, ""))
    desk.say(alice, "lost")
    desk.settle(alice)
    assert desk.applied == []
    desk.disk.fails = ""
    desk.settle(bob)  # Who leaves does not wait for a disk that is full.
    with gevent.Timeout(HANG_S):
        while not desk.applied:
            gevent.sleep(0.001)
    assert [text_of(entry) for entry in desk.applied] == ["Left"]
    assert [text_of_event(event) for _, event, _, _ in desk.refusals] == ["lost"]


def text_of_event(event: Event) -> str:
    return event.text if isinstance(event, Said) else type(event).__name__


def test_stopping_saves_what_is_pending() -> None:
    desk, alice = Desk(batch_max=3), person(1)
    kept: list[str] = []
    close = desk.disk.close
    desk.disk.close = lambda: (kept.extend(desk.history()), close())  # type: ignore[method-assign]
    desk.say(alice, *[str(n) for n in range(20)])
    gevent.spawn(desk.journal.stop, HANG_S).get(timeout=HANG_S)
    assert kept == [str(n) for n in range(20)]


def test_settling_ends_only_when_all_drafts_have_settled(desks: Desks) -> None:
    desk, alice = desks(batch_max=1), person(1)
    desk.say(alice, "one", "two", "three")
    desk.settle(alice)
    assert desk.history() == ["one", "two", "three"]
    assert alice.unsettled == 0


def test_a_bug_of_ours_ends_the_journal_and_is_told() -> None:
    desk, alice = Desk(), person(1)
    desk.say(alice, "fine")
    desk.settle(alice)
    desk.forbidden = None  # type: ignore[assignment]  # Looking into it raises.
    desk.say(alice, "poison")
    with gevent.Timeout(HANG_S):
        while "crash" not in desk.happened:
            gevent.sleep(0.001)
    assert [text_of(entry) for entry in desk.applied] == ["fine"]
