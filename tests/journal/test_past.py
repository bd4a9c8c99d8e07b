"""Parts of history, the same from every store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from geventchat.chat.events import Entry, Event, Identity, Said, Tagged, TaggedTo, Told, TopicSet
from geventchat.chat.history import (
    PRIVATE_LINES,
    PRIVATE_REPLAYED,
    REPLAYED,
    HistoryQuery,
    HistoryRange,
)
from geventchat.journal.memory import MemoryStore
from geventchat.journal.sqlite.store import SqliteStore
from geventchat.journal.store import Store

AL, BO = Identity(1, "al", "u", "h"), Identity(2, "Bo", "u", "h")
EVENTS: list[Event] = [
    Said(AL, "#a", "one"),
    TopicSet(AL, "#a", "tea"),
    Told(AL, 2, "Bo", "psst"),
    Said(BO, "#A", "two"),
    Tagged(BO, "#a", "+x"),
    Told(BO, 1, "al", "yes?"),
    Said(BO, "#b", "elsewhere"),
    Said(AL, "#a", "three"),
    TaggedTo(BO, 1, "al", "+x"),
]


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made: Store = (
        MemoryStore(100) if request.param == "memory" else SqliteStore(f"sqlite:///{tmp_path}/c.db")
    )
    made.append([Entry(n, n * 10, event) for n, event in enumerate(EVENTS, 1)])
    yield made
    made.close()


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (HistoryQuery(HistoryRange(), 9, True, "#a"), [1, 4, 8]),
        (HistoryQuery(HistoryRange(), 2, True, "#a"), [4, 8]),
        (HistoryQuery(HistoryRange(), 2, False, "#a"), [1, 4]),
        (HistoryQuery(HistoryRange(), 3, True, "#a", kinds=REPLAYED), [4, 5, 8]),
        (HistoryQuery(HistoryRange(after=1, before=8), 9, False, "#a"), [4]),
        (HistoryQuery(HistoryRange(after_at=10, before_at=80), 9, False, "#a"), [4]),
        (HistoryQuery(HistoryRange(), 9, True, peer="bo", kinds=PRIVATE_LINES), [3, 6]),
        (HistoryQuery(HistoryRange(), 9, True, peer="bo", kinds=PRIVATE_REPLAYED), [3, 6, 9]),
        (HistoryQuery(HistoryRange(after=3), 9, True, peer="bo", kinds=PRIVATE_LINES), [6]),
        (HistoryQuery(HistoryRange(), 9, True, peer="cy", kinds=PRIVATE_LINES), []),
    ],
)
def test_history(store: Store, wanted: HistoryQuery, numbers: list[int]) -> None:
    assert [entry.number for entry in store.history(wanted, session=1)] == numbers


def test_whom_one_talked_with(store: Store) -> None:
    assert [(nick.lower(), at) for nick, at in store.peers(HistoryRange(), 9, 1)] == [("bo", 60)]
    assert store.peers(HistoryRange(before=3), 9, 1) == []
    assert store.peers(HistoryRange(), 9, 3) == []


def test_what_was_taken_back_is_gone(store: Store) -> None:
    assert store.event(4) is not None
    store.redact([4])
    assert store.event(4) is None
    assert [e.number for e in store.history(HistoryQuery(HistoryRange(), 9, True, "#a"), 1)] == [
        1,
        8,
    ]
    assert store.event(99) is None
