"""The words of somebody who is deleted are erased with the event, whatever happens then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from geventchat.chat.events import Entry, Identity, Said
from geventchat.chat.events_accounts import Deleted
from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.journal.history import History
from geventchat.journal.store import Mark, Store
from geventchat.journal.thread import StoreThread
from tests.journal.runs import Run

ALICE = Identity(1, "alice", "~a", "host", account="Alice")
BOB = Identity(2, "bob", "~b", "host", account="bob")


def fill(store: Store, words: bool) -> None:
    said = [Said((ALICE, BOB)[n % 2], "#dev", f"line {n}") for n in range(30)]
    store.append([Entry(n, n * 1000, event) for n, event in enumerate(said, 1)])
    store.save_marks([Mark("alice", "phone", "#dev", 7, 7), Mark("bob", "phone", "#dev", 7, 7)])
    store.append([Entry(31, 31_000, Deleted(ALICE, "Alice", words))])


def lines(store: Store) -> list[str]:
    query = HistoryQuery(HistoryRange(), 100, False, "#dev")
    return [entry.event.text for entry in store.reader.history(query, "")]  # type: ignore[attr-defined]


BOBS = [f"line {n}" for n in range(1, 30, 2)]


def test_on_each_kind_of_store(store: Store) -> None:
    fill(store, words=True)
    while store.erase_more():
        pass
    assert lines(store) == BOBS
    assert not store.erase_more()


def test_who_is_only_deleted_leaves_their_words(store: Store) -> None:
    fill(store, words=False)
    while store.erase_more():
        pass
    assert len(lines(store)) == 30


def test_a_start_goes_on_where_a_crash_ended_it(
    reopened: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geventchat.journal.database.forgetting.ROWS_A_TRANSACTION", 5)
    store = reopened()
    fill(store, words=True)
    assert len(lines(store)) > len(BOBS)  # Not all of it was done yet.
    store.close()
    again = reopened()
    while again.erase_more():
        pass
    assert lines(again) == BOBS
    assert again.marks("alice") == []
    assert len(again.marks("bob")) == 1


def test_after_a_restart_nobody_is_shown_what_is_not_erased_yet(
    reopened: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geventchat.journal.database.forgetting.ROWS_A_TRANSACTION", 5)
    store = reopened()
    fill(store, words=True)
    store.close()
    run = Run(again := reopened(), lambda: 40_000)
    thread = StoreThread(again.in_thread)
    shown, erasing = lambda: run.journal.shown, lambda: run.journal.erasing
    past = History(again.reader, thread, shown, erasing=erasing)
    assert len(lines(again)) > len(BOBS), "not all of it was done yet"
    found = past.lines("#dev", None, 100)
    assert [entry.event.text for entry in found] == BOBS  # type: ignore[attr-defined]
    assert again.reader.event(29) is not None
    assert past.event(29) is None
    assert past.event(30) is not None
    run.dies()
    thread.join()
