"""Parts of history, the same from every store."""

from __future__ import annotations

from itertools import pairwise

import pytest

from geventchat.chat.events import Entry, Event, Identity, Said, Tagged, TaggedTo, Told, TopicSet
from geventchat.chat.history import (
    PRIVATE_LINES,
    PRIVATE_REPLAYED,
    REPLAYED,
    HistoryQuery,
    HistoryRange,
)
from geventchat.journal.store import Corrections, Store

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


@pytest.fixture(autouse=True)
def talked(request: pytest.FixtureRequest) -> None:
    """What was said before each test."""
    store: Store = request.getfixturevalue("store")
    store.append([Entry(n, n * 10, event) for n, event in enumerate(EVENTS, 1)])


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (HistoryQuery(HistoryRange(), 9, True, "#a"), [1, 4, 8]),
        (HistoryQuery(HistoryRange(), 2, True, "#a"), [4, 8]),
        (HistoryQuery(HistoryRange(), 2, False, "#a"), [1, 4]),
        (HistoryQuery(HistoryRange(), 3, True, "#a", kinds=REPLAYED), [4, 5, 8]),
        (HistoryQuery(HistoryRange(after=1, before=8), 9, False, "#a"), [4]),
        (HistoryQuery(HistoryRange(), 2, False, "#a", kinds=REPLAYED), [1, 2]),
        (HistoryQuery(HistoryRange(), 9, True, peer="bo", kinds=PRIVATE_LINES), [3, 6]),
        (HistoryQuery(HistoryRange(), 9, True, peer="bo", kinds=PRIVATE_REPLAYED), [3, 6, 9]),
        (HistoryQuery(HistoryRange(after=3), 9, True, peer="bo", kinds=PRIVATE_LINES), [6]),
        (HistoryQuery(HistoryRange(), 9, True, peer="cy", kinds=PRIVATE_LINES), []),
    ],
)
def test_history(store: Store, wanted: HistoryQuery, numbers: list[int]) -> None:
    assert [entry.number for entry in store.reader.history(wanted, owner="~1")] == numbers


def test_whom_one_talked_with(store: Store) -> None:
    assert [(nick.lower(), at) for nick, at in store.reader.peers(HistoryRange(), 9, "~1")] == [
        ("bo", 60)
    ]
    assert store.reader.peers(HistoryRange(before=3), 9, "~1") == []
    assert store.reader.peers(HistoryRange(), 9, "~3") == []


def test_what_was_taken_back_is_gone(store: Store) -> None:
    assert store.reader.event(4) is not None
    store.correct(Corrections(redact=(4,)))
    assert store.reader.event(4) is None
    assert [
        e.number for e in store.reader.history(HistoryQuery(HistoryRange(), 9, True, "#a"), "~1")
    ] == [
        1,
        8,
    ]
    assert store.reader.event(99) is None


def test_lines_between_two_numbers(store: Store) -> None:
    def numbers(*within: int) -> list[int]:
        before, limit, after = within
        return [entry.number for entry in store.reader.lines("#a", before, limit, after)]

    assert numbers(99, 9, 0) == [1, 4, 8]
    assert numbers(99, 9, 1) == [4, 8]
    assert numbers(8, 9, 1) == [4]
    assert numbers(99, 1, 1) == [8]
    assert numbers(99, 9, 8) == []


@pytest.mark.parametrize(
    ("at", "number"), [(-1, 1), (0, 1), (10, 1), (11, 2), (50, 5), (89, 9), (90, 9), (91, 10)]
)
def test_where_a_moment_is(store: Store, at: int, number: int) -> None:
    assert store.reader.first_since(at) == number


def test_where_a_moment_is_when_numbers_have_gaps_and_times_are_shared(store: Store) -> None:
    times = {20: 100, 21: 100, 30: 100, 77: 150, 1000: 150, 5000: 200}
    store.append([Entry(n, at, Said(AL, "#a", "x")) for n, at in times.items()])
    found = [store.reader.first_since(at) for at in (91, 100, 101, 150, 151, 200, 201)]
    assert found == [20, 20, 77, 77, 5000, 5000, 5001]


def private(*numbers: int) -> list[Entry]:
    """Private lines between al and Bo, one after the other."""
    return [Entry(n, n * 10, Told(AL, 2, "Bo", f"secret {n}")) for n in numbers]


def talk(store: Store, session: int, peer: str) -> list[int]:
    query = HistoryQuery(HistoryRange(), 9999, True, peer=peer, kinds=PRIVATE_REPLAYED)
    return [entry.number for entry in store.reader.history(query, f"~{session}")]


def test_a_talk_is_kept_until_both_are_gone(store: Store) -> None:
    store.append([Entry(10, 100, Said(AL, "#a", "on"))], Corrections(ended=(1,)))
    assert talk(store, 2, "al") == [3, 6, 9]
    store.append([Entry(11, 110, Said(BO, "#a", "on"))], Corrections(ended=(2,)))
    assert talk(store, 2, "al") == talk(store, 1, "bo") == []
    assert [store.reader.event(number) for number in (3, 6, 9)] == [None] * 3
    assert [entry.number for entry in store.reader.lines("#a", 99, 9)] == [1, 4, 8, 10, 11]


def test_both_go_at_once(store: Store) -> None:
    store.append([Entry(10, 100, Said(AL, "#a", "on"))], Corrections(ended=(1, 2)))
    assert [store.reader.event(number) for number in (3, 6, 9)] == [None] * 3


def test_a_talk_with_somebody_who_stays_stays(store: Store) -> None:
    cy = Identity(3, "cy", "u", "h")
    store.append([Entry(10, 100, Told(cy, 2, "Bo", "hello"))])
    store.append([Entry(11, 110, Told(AL, 3, "cy", "hello"))], Corrections(ended=()))
    store.append([Entry(12, 120, Said(AL, "#a", "on"))], Corrections(ended=(1, 2)))
    assert talk(store, 3, "bo") == [10]
    assert talk(store, 3, "al") == [11]
    assert store.reader.event(3) is None


def test_a_long_talk_is_forgotten_in_pieces(store: Store) -> None:
    long = private(*range(100, 2600))
    store.append(long)
    corrections = Corrections(ended=(1, 2))
    left = []
    for number in range(5000, 5010):
        store.append([Entry(number, 99_999, Said(AL, "#a", "on"))], corrections)
        corrections = Corrections()
        left.append(sum(store.reader.event(entry.number) is not None for entry in long))
    assert left[0] > 0  # Not all at once,
    assert all(before - after <= 1000 for before, after in pairwise([2500, *left]))
    assert left[-1] == 0  # but all.
