"""What was said too long ago is forgotten: in the store, and where newcomers are shown it."""

from __future__ import annotations

import pytest

from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.config import Config
from geventchat.journal.retention import DAY_MS, Retention
from geventchat.journal.thread import StoreThread
from tests.harness import Harness


class Past:
    """A line said each day in two rooms, and a private one."""

    def __init__(self) -> None:
        self.harness = Harness(history_on_join_lines=1000)
        self.alice, self.bob = self.harness.human("alice"), self.harness.human("bob")
        for person in (self.alice, self.bob):
            person.types("/join #dev")
        for day in range(5):
            self.harness.clock += DAY_MS
            self.alice.types(f"/msg bob private {day}", f"dev {day}", "/switch #lobby")
            self.alice.types(f"lobby {day}", "/switch #dev")
        self.harness.clock += 1000

    def keeps(self, **settings: object) -> int:
        config = Config(**settings)  # type: ignore[arg-type]
        h = self.harness
        thread = StoreThread(h.store.in_thread)
        return Retention(h.store, thread, h.audience, lambda: config, h.now).sweep()

    def stored(self, room: str) -> list[str]:
        query = HistoryQuery(HistoryRange(), 100, True, room)
        return [entry.event.text for entry in self.harness.store.history(query, "")]  # type: ignore[attr-defined]

    def shown(self, room: str) -> list[str]:
        carol = self.harness.human()
        lines = carol.types(f"/join {room}")
        carol.leaves()
        return [line.partition("> ")[2] for line in lines if "<alice>" in line]


@pytest.fixture
def past() -> Past:
    return Past()


def test_as_long_as_nothing_is_set_all_stays(past: Past) -> None:
    before = past.stored("#dev")
    assert past.keeps() == 0
    assert past.stored("#dev") == before == [f"dev {day}" for day in range(5)]


def test_what_is_older_than_its_days_goes_private_lines_too(past: Past) -> None:
    assert past.keeps(retention_days=2) == 9
    assert past.stored("#dev") == ["dev 3", "dev 4"]
    assert past.stored("#lobby") == ["lobby 3", "lobby 4"]
    told = past.harness.store.told("~1", 0, 1 << 60, 100)
    assert [entry.event.text for entry in told] == ["private 3", "private 4"]  # type: ignore[attr-defined]
    assert past.keeps(retention_days=2) == 0


def test_a_room_may_have_days_of_its_own(past: Past) -> None:
    past.keeps(retention_days=3, retention_rooms="#DEV=1 #lobby=0")
    assert past.stored("#dev") == ["dev 4"]
    assert past.stored("#lobby") == [f"lobby {day}" for day in range(5)]


def test_a_room_alone_may_have_them(past: Past) -> None:
    assert past.keeps(retention_rooms="#dev=2") == 3
    assert past.stored("#lobby") == [f"lobby {day}" for day in range(5)]


def test_who_comes_into_the_room_is_not_shown_it_either(past: Past) -> None:
    assert past.shown("#dev") == [f"dev {day}" for day in range(5)]
    past.keeps(retention_rooms="#dev=2")
    assert past.shown("#dev") == ["dev 3", "dev 4"]


def test_nor_what_was_read_from_the_store_for_the_first_who_came(past: Past) -> None:
    for person in (past.alice, past.bob):
        person.leaves()
    stays = past.harness.human("dora")
    stays.types("/join #dev")  # Now the lines before the room's log are in memory.
    assert past.shown("#dev") == [f"dev {day}" for day in range(5)]
    past.keeps(retention_days=2)
    assert past.shown("#dev") == ["dev 3", "dev 4"]


def test_many_are_forgotten_step_by_step(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geventchat.journal.retention._LINES_A_STEP", 2)
    assert past.keeps(retention_days=2) == 9
    assert past.stored("#dev") == ["dev 3", "dev 4"]


def test_a_store_that_fails_is_logged_and_tried_again(
    past: Past, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from geventchat.errors import StoreError

    def fails(*args: object) -> int:
        raise StoreError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(past.harness.store, "forget_lines", fails)
        assert past.keeps(retention_days=2) == 0
    assert "old lines were not forgotten, 1 times: disk full" in caplog.text
    assert past.keeps(retention_days=2) == 9
