"""What every store promises, asked of both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from geventchat.chat.events import Arrived, Entry, Form, Identity, Left, Renamed, Said, Told
from geventchat.journal.memory import MemoryStore
from geventchat.journal.sqlite.store import SqliteStore
from geventchat.journal.store import Corrections, Store
from tests.journal.entries import ALICE, said

END = 1 << 60


@pytest.fixture(params=["memory", "sql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        made: Store = MemoryStore(1000)
    else:
        made = SqliteStore(f"sqlite:///{tmp_path}/chat.db")
    yield made
    made.close()


def texts(entries: list[Entry]) -> list[str]:
    return [entry.event.text for entry in entries if isinstance(entry.event, Said)]


def test_a_new_store_is_empty(store: Store) -> None:
    assert store.restore() == (0, 0)
    assert store.reader.lines("#a", END, 10) == []
    assert store.reader.last_seen("alice", 99) is None


def test_it_has_a_secret_that_stays(store: Store, tmp_path: Path) -> None:
    secret = store.secret()
    assert len(secret) == 32
    store.append([said(1)])
    assert store.secret() == secret
    others = [MemoryStore(9), SqliteStore(f"sqlite:///{tmp_path}/other.db")]
    assert len({secret, *(other.secret() for other in others)}) == 3
    others[1].close()


def test_lines_come_oldest_first_and_the_latest_of_them(store: Store) -> None:
    store.append([said(1), said(2, "#b"), said(3)])
    store.append([said(4), said(5)])
    assert texts(store.reader.lines("#a", END, 10)) == ["1", "3", "4", "5"]
    assert texts(store.reader.lines("#a", END, 2)) == ["4", "5"]
    assert texts(store.reader.lines("#a", 4, 2)) == ["1", "3"]
    assert texts(store.reader.lines("#a", 1, 2)) == []
    assert texts(store.reader.lines("#c", END, 2)) == []


def test_only_lines_of_the_room_are_lines(store: Store) -> None:
    entries = [
        Entry(1, 10, Arrived(ALICE, "telnet")),
        Entry(2, 10, Told(ALICE, 2, "bob", "secret")),
        Entry(3, 10, Said(ALICE, "#a", "waves", Form.ACTION)),
        Entry(4, 10, Left(ALICE, "tired", ("#a",))),
    ]
    store.append(entries)
    assert store.reader.lines("#a", END, 10) == [entries[2]]


def test_rooms_are_found_by_their_key(store: Store) -> None:
    store.append([said(1, "#A"), said(2, "#a")])
    assert texts(store.reader.lines("#a", END, 10)) == ["1", "2"]


@pytest.mark.parametrize("count", [1, 3, 4, 5, 16, 20, 64, 65, 500])
def test_batches_of_any_size(store: Store, count: int) -> None:
    store.append([said(number) for number in range(1, count + 1)])
    assert texts(store.reader.lines("#a", END, 1000)) == [str(n) for n in range(1, count + 1)]


def test_what_was_refused_is_never_there(store: Store) -> None:
    store.append([said(1), said(2), Entry(3, 30, Renamed(ALICE, "al"))])
    store.correct(
        Corrections(
            void=(
                2,
                3,
            )
        )
    )
    assert texts(store.reader.lines("#a", END, 10)) == ["1"]
    assert store.reader.last_seen("alice", 99) is None
    store.append([said(4)])
    assert texts(store.reader.lines("#a", END, 10)) == ["1", "4"]


@pytest.mark.parametrize("text", ["", "' OR 1=1 --", "ä\u2028👩", "x" * 65_536, "%s ? :a {}"])
def test_any_text_is_kept_as_it_is(store: Store, text: str) -> None:
    store.append([Entry(1, 0, Said(ALICE, "#a", text))])
    assert texts(store.reader.lines("#a", END, 10)) == [text]


def test_when_a_nick_was_last_heard_of(store: Store) -> None:
    bob = Identity(2, "Bob", "u", "h")
    store.append(
        [
            Entry(1, 10, Arrived(bob, "telnet")),
            Entry(2, 20, Arrived(ALICE, "telnet")),
            Entry(3, 30, Left(bob, "", ("#a",))),
            Entry(4, 40, Said(ALICE, "#a", "hello")),
        ],
    )
    assert store.reader.last_seen("bOB", 99) == Entry(3, 30, Left(bob, "", ("#a",)))
    assert store.reader.last_seen("alice", 99) == Entry(2, 20, Arrived(ALICE, "telnet"))
    assert store.reader.last_seen("zoe", 99) is None


def test_a_store_tells_an_operator_where_it_is(store: Store, tmp_path: Path) -> None:
    assert store.name == ("none (memory only)" if not store.in_thread else f"{tmp_path}/chat.db")
