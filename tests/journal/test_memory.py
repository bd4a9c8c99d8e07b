"""The journal in memory has bounds, and no question to it walks through what others said."""

from __future__ import annotations

import random
import sys
from typing import Any

import pytest

from geventchat.chat.events import (
    Arrived,
    Entry,
    Identity,
    Left,
    Said,
    Told,
    TopicSet,
)
from geventchat.chat.history import PRIVATE_REPLAYED, REPLAYED, HistoryQuery, HistoryRange
from geventchat.journal.memory import MemoryStore
from geventchat.journal.store import Corrections
from tests.journal.entries import ALICE, said

WHOLE = HistoryRange()


def test_the_oldest_go_first() -> None:
    store = MemoryStore(1000)
    for number in range(1, 2501):
        store.append([said(number)])
    kept = [entry.number for entry in store.lines("#a", 1 << 60, 5000)]
    assert kept == list(range(kept[0], 2501))
    assert 1000 - 1000 // 64 <= len(kept) <= 1000


def test_long_lines_take_the_place_of_many() -> None:
    store = MemoryStore(1000, 100_000)
    for number in range(1, 500):
        store.append([said(number, text=str(number).zfill(4000))])
    kept = store.lines("#a", 1 << 60, 5000)
    size = sum(sys.getsizeof(e.event.text) for e in kept if isinstance(e.event, Said))
    assert 85_000 < size < 100_000
    assert kept[-1].number == 499


def anything(dice: random.Random, number: int) -> Entry:
    """Some event of some of four people in some of four rooms."""
    one, two = (Identity(n, f"n{n}", "u", "h") for n in dice.sample(range(1, 5), 2))
    room = f"#{dice.randrange(4)}"
    events: list[Any] = [
        Said(one, room, "x" * dice.randrange(100)),
        TopicSet(one, room, "tea"),
        Told(one, two.session, two.nick, "psst"),
        Arrived(one, "irc"),
        Left(one, "", (room,)),
    ]
    return Entry(number, number * 10, dice.choice(events))


@pytest.mark.parametrize("seed", range(20))
def test_whatever_happens_every_index_has_what_is_kept_and_no_more(seed: int) -> None:
    dice = random.Random(seed)
    store = MemoryStore(dice.choice([3, 50, 200]), dice.choice([5000, 50_000]))
    number = 0
    for _ in range(100):
        batch = [anything(dice, number + n) for n in range(1, dice.randrange(2, 20))]
        number = batch[-1].number
        some = tuple(dice.randrange(1, number + 1) for _ in range(3))
        ended = (dice.randrange(1, 5),) if dice.random() < 0.1 else ()
        store.append(batch, dice.choice([Corrections(), Corrections(void=some, ended=ended)]))
        place = {entry.number: n for n, entry in enumerate(store._entries)}
        kept = {entry.number for entry in store._entries if store.event(entry.number)}
        talks = [lines for talk in store._talks.values() for lines in talk.values()]
        indexed = [*store._rooms.values(), *store._seen.values()]
        assert all(indexed), "an index of nothing"
        alone = [entry.number for entries in indexed for entry in entries]
        both = {entry.number for entries in talks for entry in entries}
        # A departure stands under its nick, and under each room that saw it.
        once = [n for n in alone if not isinstance(store._entries[place[n]].event, Left)]
        assert len(set(once)) == len(once)
        assert set(alone) | both <= kept
        private = {e.number for e in store._entries if isinstance(e.event, Told)}
        assert kept - private == set(alone)
        for entries in (*indexed, *talks):
            assert [e.number for e in entries] == sorted(e.number for e in entries)
    store.correct(Corrections(truncate_after=0))
    assert store._bytes == 0
    assert not store._rooms
    assert not store._seen


class Counted(list[Any]):
    """Entries, and how many of them were looked at."""

    looks = 0

    def __getitem__(self, place: Any) -> Any:
        Counted.looks += 1
        return super().__getitem__(place)

    def __iter__(self) -> Any:
        raise AssertionError("walked through")

    __reversed__ = __iter__


def test_no_question_walks_through_what_others_said() -> None:
    """bisect does not tell how often it looks; all others do."""
    store = MemoryStore(100_000)
    zoe = Identity(9, "zoe", "u", "h")
    store.append([Entry(1, 10, Said(zoe, "#z", "first"))])
    store.append([Entry(n, n * 10, Told(ALICE, 2, "bob", "psst")) for n in range(2, 1000)])
    store.append([Entry(n, n * 10, TopicSet(ALICE, "#z", "tea")) for n in range(1000, 2000)])
    store.append([Entry(2000, 20_000, Told(zoe, 1, "alice", "hi")), Entry(2001, 1, Left(zoe, ""))])
    store.append([said(n) for n in range(2002, 20_000)])
    store._entries = Counted(store._entries)
    for index in (store._rooms, store._seen, *store._talks.values()):
        for key, entries in index.items():
            index[key] = Counted(entries)
    assert [entry.number for entry in store.lines("#z", 1 << 60, 20)] == [1]
    query = HistoryQuery(WHOLE, 5, True, "#z", kinds=REPLAYED)
    assert [e.number for e in store.history(query, "~1")] == list(range(1995, 2000))
    query = HistoryQuery(WHOLE, 5, True, peer="zoe", kinds=PRIVATE_REPLAYED)
    assert [e.number for e in store.history(query, "~1")] == [2000]
    assert store.peers(WHOLE, 9, "~1") == [("zoe", 20_000), ("bob", 9990)]
    assert store.last_seen("zoe", 1 << 60) is not None
    assert store.lines("#nowhere", 1 << 60, 20) == []
    assert Counted.looks < 100


def test_it_does_not_outlive_the_process() -> None:
    store = MemoryStore(1000)
    store.append([said(1)])
    assert isinstance(store.lines("#a", 9, 9)[0].event, Said)
    store.close()
    assert store.lines("#a", 9, 9) == []
    assert MemoryStore(1000).restore() == (0, 0)
