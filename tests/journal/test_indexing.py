"""Indexing goes on behind the commits, and past what fails."""

from __future__ import annotations

from collections.abc import Iterator

import gevent
import pytest

from geventchat.chat.search import Findings, Scope, SearchQuery
from geventchat.errors import StoreError
from geventchat.journal import indexing
from geventchat.journal.indexing import Indexing
from tests.journal.desk import HANG_S


class Pile:
    """A searcher with so much to index; it can be told to fail."""

    in_thread = True

    def __init__(self, left: int) -> None:
        self.left = left
        self.fails = 0
        self.asked: list[int] = []

    def search(self, query: SearchQuery, scope: Scope) -> Findings:
        raise AssertionError

    def index(self, shown: int) -> int:
        if self.fails:
            self.fails -= 1
            raise StoreError("disk full")
        self.asked.append(shown)
        self.left = max(0, self.left - 1000)
        return self.left


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_IDLE_S", "_TROUBLE_S"):
        monkeypatch.setattr(indexing, name, 0.001)


@pytest.fixture
def pile() -> Pile:
    return Pile(50_000)


@pytest.fixture
def working(pile: Pile) -> Iterator[Indexing]:
    made = Indexing(pile, lambda: 60_000)
    made.start()
    yield made
    made.stop(HANG_S)


def until_done(pile: Pile) -> None:
    with gevent.Timeout(HANG_S):
        while pile.left or len(pile.asked) < 52:
            gevent.sleep(0.001)


def test_all_is_indexed_and_what_comes_later(
    pile: Pile, working: Indexing, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    until_done(pile)
    assert set(pile.asked) == {60_000}
    assert [record.getMessage() for record in caplog.records] == [
        "indexing for searches: 49000 of 60000 events are left",
        "indexing for searches: done",
    ]


def test_what_fails_is_tried_again(
    pile: Pile, working: Indexing, caplog: pytest.LogCaptureFixture
) -> None:
    pile.fails = 3
    until_done(pile)
    told = [record.getMessage() for record in caplog.records if record.levelname != "INFO"]
    assert told == [
        "not indexed for searches, 1 times: disk full",
        "not indexed for searches, 3 times; now it works again",
    ]


def test_a_store_that_needs_no_thread_is_left_alone(pile: Pile) -> None:
    pile.in_thread = False
    made = Indexing(pile, lambda: 1)
    made.start()
    gevent.sleep(0.01)
    made.stop(HANG_S)
    assert pile.asked == []
