"""The one place where order is decided: numbers, group commit, failure, doubt."""

from __future__ import annotations

import gevent

from geventchat.errors import Reason
from geventchat.journal.store import Corrections, Restored
from tests.journal.desk import ALICE, BOB, HANG_S, Desk, Desks, Disk, text_of


def test_entries_are_numbered_in_the_order_of_their_proposal(desks: Desks) -> None:
    desk = desks()
    desk.say(ALICE, "one")
    desk.say(BOB, "two")
    desk.say(ALICE, "three")
    desk.settle(ALICE, BOB)
    assert [(e.number, text_of(e)) for e in desk.applied] == [(1, "one"), (2, "two"), (3, "three")]
    assert desk.history() == ["one", "two", "three"]


def test_proposing_changes_nothing_and_does_not_wait(desks: Desks) -> None:
    desk = desks()
    desk.say(ALICE, "one", "two")
    assert desk.applied == []
    desk.settle(ALICE)
    assert len(desk.applied) == 2


def test_settling_with_nothing_open_returns_at_once(desks: Desks) -> None:
    desk = desks()
    desk.journal.settle(ALICE)
    assert desk.applied == []


def test_numbers_and_times_go_on_after_a_restart(desks: Desks) -> None:
    disk = Disk()
    disk.restore = lambda: Restored(41, 9000)  # type: ignore[method-assign]
    desk = desks(disk=disk)
    desk.say(ALICE, "x")
    desk.settle(ALICE)
    assert [(entry.number, entry.at) for entry in desk.applied] == [(42, 9000)]


def test_time_never_goes_back(desks: Desks) -> None:
    desk = desks()
    for now in (1000, 500, 2000, 1999):
        desk.now = now
        desk.say(ALICE, "x")
        desk.settle(ALICE)
    assert [entry.at for entry in desk.applied] == [1000, 1000, 2000, 2000]


def test_what_is_proposed_together_is_saved_together(desks: Desks) -> None:
    desk, people = desks(), range(1, 51)
    for one in people:
        desk.say(one, "hello")
    desk.settle(*people)
    assert desk.disk.batches == [50]
    assert desk.happened.count("flush") == 1


def test_a_commit_has_its_bound(desks: Desks) -> None:
    desk = desks(batch_max=10)
    desk.say(ALICE, *[str(n) for n in range(95)])
    desk.settle(ALICE)
    assert max(desk.disk.batches) <= 10
    assert desk.history() == [str(n) for n in range(95)]


def test_everyone_is_sent_it_before_its_author_goes_on(desks: Desks) -> None:
    desk = desks()
    desk.say(ALICE, "one")
    gone_on = gevent.spawn(lambda: (desk.journal.settle(ALICE), desk.happened.append("goes on")))
    gone_on.join(HANG_S)
    assert desk.happened == ["apply one", "flush", "goes on"]


def test_a_full_disk_refuses_to_authors_and_applies_nothing(desks: Desks) -> None:
    desk = desks()
    desk.say(ALICE, "before")
    desk.settle(ALICE)
    desk.disk.fails = "disk full"
    desk.say(ALICE, "lost")
    desk.say(BOB, "lost too")
    desk.settle(ALICE, BOB)
    assert [(number, r, w) for number, _, r, w in desk.refusals] == [
        (ALICE, Reason.NOT_SAVED, "disk full"),
        (BOB, Reason.NOT_SAVED, "disk full"),
    ]
    assert [text_of(entry) for entry in desk.applied] == ["before"]
    desk.disk.fails = ""
    desk.say(BOB, "after")
    desk.settle(BOB)
    assert desk.history() == ["before", "after"]
    assert [entry.number for entry in desk.applied] == [1, 2]


def test_what_was_refused_is_never_there_even_when_the_disk_kept_it(desks: Desks) -> None:
    desk = desks()
    desk.say(ALICE, "before")
    desk.settle(ALICE)
    desk.disk.fails, desk.disk.keeps_what_failed = "disk error", True
    desk.say(ALICE, "lost")
    desk.settle(ALICE)
    assert len(desk.refusals) == 1
    assert desk.history() == ["before"]
    desk.disk.fails = ""
    desk.say(ALICE, "after")
    desk.settle(ALICE)
    assert desk.history() == ["before", "after"]
    assert desk.disk.corrections == [Corrections(truncate_after=1)]


def test_the_store_is_corrected_at_once_and_only_then(desks: Desks) -> None:
    desk = desks()
    for fails in ("", "disk full", "disk full", "", ""):
        desk.disk.fails = fails
        desk.say(ALICE, "x")
        desk.settle(ALICE)
    assert desk.disk.corrections == [Corrections(truncate_after=1)] * 2


def test_what_has_become_impossible_is_refused_and_not_kept(desks: Desks) -> None:
    desk = desks()
    desk.forbidden = {"late"}
    desk.say(ALICE, "one")
    desk.say(BOB, "late")
    desk.say(ALICE, "two")
    desk.settle(ALICE, BOB)
    assert [text_of(entry) for entry in desk.applied] == ["one", "two"]
    assert [(number, r) for number, _, r, _ in desk.refusals] == [(BOB, Reason.GONE)]
    assert desk.history() == ["one", "two"]


def test_stopping_saves_what_is_pending() -> None:
    desk = Desk(batch_max=3)
    kept: list[str] = []
    close = desk.disk.close
    desk.disk.close = lambda: (kept.extend(desk.history()), close())  # type: ignore[method-assign]
    desk.say(ALICE, *[str(n) for n in range(20)])
    gevent.spawn(desk.journal.stop, HANG_S).get(timeout=HANG_S)
    assert kept == [str(n) for n in range(20)]


def test_settling_ends_only_when_all_drafts_have_settled(desks: Desks) -> None:
    desk = desks(batch_max=1)
    desk.say(ALICE, "one", "two", "three")
    desk.settle(ALICE)
    assert desk.history() == ["one", "two", "three"]


def test_a_bug_of_ours_ends_the_journal_and_is_told() -> None:
    desk = Desk()
    desk.say(ALICE, "fine")
    desk.settle(ALICE)
    desk.forbidden = None  # type: ignore[assignment]  # Looking into it raises.
    desk.say(ALICE, "poison")
    with gevent.Timeout(HANG_S):
        while "crash" not in desk.happened:
            gevent.sleep(0.001)
    assert [text_of(entry) for entry in desk.applied] == ["fine"]
