"""The journal in memory has a bound."""

from __future__ import annotations

from geventchat.chat.events import Said
from geventchat.journal.memory import MemoryStore
from tests.journal.entries import said


def test_the_oldest_go_first() -> None:
    store = MemoryStore(1000)
    for number in range(1, 2501):
        store.append([said(number)])
    lines = store.lines("#a", 1 << 60, 5000)
    assert [entry.number for entry in lines] == list(range(1501, 2501))


def test_what_was_taken_back_is_forgotten_with_what_it_was_about() -> None:
    store = MemoryStore(1000)
    for number in range(1, 5001):
        store.append([said(number)])
        store.void([number])
    assert len(store._void) <= 1000
    assert store.lines("#a", 1 << 60, 10) == []


def test_it_does_not_outlive_the_process() -> None:
    store = MemoryStore(1000)
    store.append([said(1)])
    assert isinstance(store.lines("#a", 9, 9)[0].event, Said)
    store.close()
    assert MemoryStore(1000).restore(9) == (0, 0, [])
