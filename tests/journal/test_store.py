"""What every store promises, asked of both."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geventchat.chat.events import Arrived, Entry, Form, Identity, Left, Renamed, Said, Told
from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.journal.database.choice import open_database
from geventchat.journal.memory import MemoryStore
from geventchat.journal.store import Author, Corrections, Store
from tests.journal.entries import ALICE, said

END = 1 << 60


def texts(entries: list[Entry]) -> list[str]:
    return [entry.event.text for entry in entries if isinstance(entry.event, Said)]


def test_a_new_store_is_empty(store: Store) -> None:
    assert store.restore() == (0, 0)
    assert store.reader.lines("#a", END, 10) == []
    assert store.reader.last_seen("alice", 99) is None
    assert store.reader.first_since(7) == 1
    assert store.changes(0, 9) == []


def test_it_has_a_secret_that_stays(store: Store, tmp_path: Path) -> None:
    secret = store.secret()
    assert len(secret) == 32
    store.append([said(1)])
    assert store.secret() == secret
    others = [MemoryStore(9), open_database(f"sqlite:///{tmp_path}/other.db")]
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


@pytest.mark.parametrize(
    "text",
    ["", "' OR 1=1 --", "ä\u2028👩", "x" * 65_536, "x" * 3_000_000, "%s ? :a {} \\ \" '"],
    ids=lambda text: text[:9],
)
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
    if not store.in_thread:
        assert store.name == "none (memory only)"
    elif "://" in store.name:  # Neither who we are there nor by which word.
        assert re.fullmatch(r"(postgresql|mysql)://127\.0\.0\.1:\d+/chat\d+", store.name)
    else:
        assert store.name == f"{tmp_path}/chat.db"


@pytest.mark.parametrize("text", ["nothing \0 there", "half a \ud83d character"])
def test_text_that_some_database_does_not_take_keeps_nobody_from_talking(
    store: Store, text: str
) -> None:
    store.append([said(1), Entry(2, 20, Said(ALICE, "#a", text)), said(3)])
    one, two, three = texts(store.reader.lines("#a", END, 10))
    assert (one, three) == ("1", "3")
    assert two[:5] == text[:5]


def test_what_changes_the_state_in_order(store: Store) -> None:
    bob = Identity(2, "bob", "u", "h")
    changes = [Entry(1, 10, Arrived(ALICE, "telnet")), Entry(5, 50, Left(bob, "", ("#a",)))]
    store.append([changes[0], said(2), Entry(3, 30, Told(ALICE, 2, "bob", "psst")), said(4)])
    store.append([changes[1], Entry(6, 60, Renamed(ALICE, "al")), said(7)])
    assert store.changes(0, 2) == changes
    assert store.changes(1, 9) == [changes[1], Entry(6, 60, Renamed(ALICE, "al"))]
    store.correct(Corrections(void=(6,)))
    assert store.changes(1, 9) == [changes[1]]
    store.correct(Corrections(truncate_after=4))
    assert store.changes(1, 9) == []
    assert store.reader.last_seen("bob", 99) is None


def test_departures_are_among_the_events_of_the_rooms_that_saw_them(store: Store) -> None:
    left = Entry(2, 20, Left(ALICE, "bye", ("#a", "#b")))
    store.append([said(1), left, said(3), Entry(4, 40, Left(ALICE, "", ("#b",)))])
    query = HistoryQuery(HistoryRange(), 9, True, "#a", kinds=(Said, Left))
    assert store.reader.history(query, "") == [said(1), left, said(3)]


def test_words_are_forgotten_and_not_what_they_led_to(store: Store) -> None:
    others = [Entry(n, n * 10, Said(ALICE, "#b", "x")) for n in (2, 5)]
    arrived, private = Entry(3, 30, Arrived(ALICE, "irc")), Entry(4, 40, Told(ALICE, 2, "bo", "y"))
    store.append([said(1), others[0], arrived, private, others[1], said(6), said(7), said(8)])
    assert store.forget_lines(70, "#a", 1) == 1
    assert store.forget_lines(70, "#a", 9) == 1
    assert store.forget_lines(70, "#a", 9) == 0
    assert texts(store.reader.lines("#a", END, 9)) == ["7", "8"]
    assert store.reader.lines("#b", END, 9) == others
    assert store.forget_lines(70, None, 9, but=("#a", "#b")) == 1
    assert store.forget_lines(70, None, 1) == 1
    assert store.forget_lines(70, None, 9) == 1
    assert store.forget_lines(70, None, 9) == 0
    assert store.reader.lines("#b", END, 9) == []
    assert [store.reader.event(n) for n in (1, 2, 4, 5, 6)] == [None] * 5
    assert store.changes(0, 9) == [arrived]
    assert texts(store.reader.lines("#a", END, 9)) == ["7", "8"]


def test_an_account_may_have_all_its_words_erased(store: Store) -> None:
    al = Identity(1, "al", "u", "h", account="Alice")
    mine = [Entry(n, n, Said(al, "#a", f"mine {n}")) for n in range(1, 2500)]
    told = Entry(2500, 2500, Told(al, 2, "bo", "mine", account="Bo"))
    store.append([*mine, told, said(2501), Entry(2502, 2502, Renamed(al, "alison"))])
    early = [Entry(2503, 2503, Said(al, "#a", "of who has the name next"))]
    store.append(early, Corrections(authors=(Author("alice", 1, 2502), Author("alice", 1, 2))))
    for number in range(2504, 2509):
        store.append([said(number)])
    kept = ["mine 1", "2501", "of who has the name next", *map(str, range(2504, 2509))]
    assert texts(store.reader.lines("#a", END, 3000)) == kept
    assert store.reader.event(2500) is None
    query = HistoryQuery(HistoryRange(), 9, True, peer="al", kinds=(Told,))
    assert store.reader.history(query, "bo") == []
    assert [entry.number for entry in store.changes(0, 9)] == [2502]
    store.append([Entry(2509, 2509, Said(al, "#a", "later"))])
    assert texts(store.reader.lines("#a", END, 1)) == ["later"]
