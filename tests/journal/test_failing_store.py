"""What is refused does not become history, what is saved is, and what fails is tried again."""

from __future__ import annotations

import gevent
import pytest

from geventchat.chat.events import Event, Left, Redacted, Renamed, Said
from geventchat.errors import JournalTaken, Reason
from geventchat.journal.store import Corrections, Restored
from tests.journal.desk import ALICE, BOB, HANG_S, Desk, Desks, Disk, SlowDisk, person, text_of


def text_of_event(event: Event) -> str:
    return event.text if isinstance(event, Said) else type(event).__name__


def test_what_became_impossible_before_the_commit_is_not_saved(desks: Desks) -> None:
    desk = desks()
    desk.outdated = {"late"}
    desk.journal.propose(BOB, Renamed(person(BOB), "zoe"))
    desk.together = lambda drafts: 1
    desk.say(ALICE, "late", "one")
    desk.settle(ALICE, BOB)
    assert [text_of(entry) for entry in desk.applied] == ["Renamed", "one"]
    assert [entry.number for entry in desk.applied] == [1, 2]
    assert [(number, r) for number, _, r, _ in desk.refusals] == [(ALICE, Reason.GONE)]
    assert sum(desk.disk.batches) == 2


def test_what_was_proposed_while_the_change_was_being_saved_is_not_saved(desks: Desks) -> None:
    disk = SlowDisk()
    desk = desks(disk=disk)
    desk.journal.propose(BOB, Renamed(person(BOB), "zoe"))
    while not desk.journal._writing:
        gevent.sleep(0)
    desk.say(ALICE, "late", "one")
    desk.outdated = {"late"}
    disk.allow(2)
    desk.settle(ALICE, BOB)
    assert [text_of(entry) for entry in desk.applied] == ["Renamed", "one"]
    assert desk.disk.batches == [1, 1]


def test_a_batch_of_which_nothing_is_left(desks: Desks) -> None:
    desk = desks()
    desk.outdated = {"late"}
    desk.together = lambda drafts: 1
    desk.journal.propose(BOB, Renamed(person(BOB), "zoe"))
    desk.say(ALICE, "late")
    desk.settle(ALICE, BOB)
    assert desk.disk.batches == [1]
    assert len(desk.refusals) == 1


def test_what_could_not_be_voided_is_not_read_and_voided_later(desks: Desks) -> None:
    desk = desks()
    desk.forbidden = {"late"}
    desk.disk.cannot_correct = 1
    desk.say(ALICE, "one", "late", "two")
    desk.settle(ALICE)
    assert set(desk.journal.hidden) == {2}
    assert desk.disk.event(2) is not None
    assert desk.history() == ["one", "two"]
    assert [text_of(entry) for entry in desk.past.lines("#a", None, 1)] == ["two"]
    desk.say(ALICE, "three")
    desk.settle(ALICE)
    assert desk.disk.event(2) is None
    assert set(desk.journal.hidden) == set()
    assert desk.history() == ["one", "two", "three"]


def test_what_could_not_be_redacted_is_not_read_and_redacted_later(desks: Desks) -> None:
    desk = desks()
    desk.say(ALICE, "my password is 4711")
    desk.settle(ALICE)
    desk.disk.cannot_correct = 1
    desk.journal.propose(ALICE, Redacted(person(ALICE), "#a", 1, "", True))
    desk.settle(ALICE)
    assert desk.history() == []
    assert desk.past.event(1) is None
    assert desk.disk.event(1) is not None
    desk.say(ALICE, "on")
    desk.settle(ALICE)
    assert desk.disk.event(1) is None
    assert desk.history() == ["on"]


def test_it_is_tried_again_without_anybody_doing_anything(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geventchat.journal.journal._RETRY_S", 0.001)
    desk = desks()
    desk.disk.cannot_correct = 3
    desk.disk.fails, desk.disk.keeps_what_failed = "disk error", True
    desk.say(ALICE, "lost")
    desk.settle(ALICE)
    assert desk.disk.event(1) is not None
    with gevent.Timeout(HANG_S):
        while desk.disk.event(1) is not None:
            gevent.sleep(0.001)
    assert desk.disk.corrections == [Corrections(truncate_after=0)] * 4
    assert desk.disk.batches == [1]


def test_the_store_is_told_who_has_gone(desks: Desks) -> None:
    desk = desks()
    desk.journal.propose(BOB, Left(person(BOB), ""))
    desk.settle(BOB)
    assert desk.disk.corrections == []  # That is in no hurry.
    desk.say(ALICE, "on")
    desk.settle(ALICE)
    assert desk.disk.made[-1] == Corrections(ended=(BOB,))


def test_a_journal_that_was_taken_over_ends_and_shows_nothing_more(
    desks: Desks, caplog: pytest.LogCaptureFixture
) -> None:
    desk = desks()
    desk.say(ALICE, "fine")
    desk.settle(ALICE)
    desk.disk.fails, desk.disk.error = "another server has it", JournalTaken
    desk.say(ALICE, "lost")
    with gevent.Timeout(HANG_S):
        while "crash" not in desk.happened:
            gevent.sleep(0.001)
    desk.say(BOB, "lost too")
    gevent.sleep(0.01)
    assert [text_of(entry) for entry in desk.applied] == ["fine"]
    assert [record.levelname for record in caplog.records] == ["CRITICAL"]
    assert desk.refusals == []


@pytest.mark.parametrize(("at", "warned"), [(0, False), (61_000, False), (62_000, True)])
def test_a_clock_that_was_far_ahead_is_told_of(
    desks: Desks, caplog: pytest.LogCaptureFixture, at: int, warned: bool
) -> None:
    """Desks have the time 1000. Order is kept all the same."""
    disk = Disk()
    disk.restore = lambda: Restored(41, at)  # type: ignore[method-assign]
    desk = desks(disk=disk)
    assert ("in the future" in caplog.text) == warned
    desk.say(ALICE, "x")
    desk.settle(ALICE)
    assert desk.applied[0].at == max(at, 1000)


@pytest.mark.parametrize("failures", [1, 2, 5])
def test_departures_are_tried_until_they_are_saved(
    desks: Desks, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    monkeypatch.setattr("geventchat.journal.journal._RETRY_S", 0.001)
    desk = desks()
    desk.disk.fails = "disk full"
    desk.journal.propose(BOB, Left(person(BOB), ""))
    desk.say(ALICE, "lost")
    desk.settle(ALICE)
    assert desk.applied == []
    desk.settle(BOB)  # Who leaves does not wait for a disk that is full.
    with gevent.Timeout(HANG_S):
        while len(desk.disk.batches) < failures:
            gevent.sleep(0.0001)
        desk.disk.fails = ""
        while not desk.applied:
            gevent.sleep(0.001)
    assert [text_of(entry) for entry in desk.applied] == ["Left"]
    assert [text_of_event(event) for _, event, _, _ in desk.refusals] == ["lost"]


def test_stopping_waits_no_longer_than_it_may_for_a_disk_that_hangs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    disk = SlowDisk()
    desk = Desk(disk=disk)
    desk.say(ALICE, "one")
    gevent.spawn(desk.journal.stop, 0.05).get(timeout=HANG_S / 2)
    assert "without having saved the last 1 drafts" in caplog.text
    disk.allow(1)
