"""What was said, written to a file while the server runs."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from geventchat.chat.events import Entry, Event, Form, Identity, Redacted, Said, Told
from geventchat.errors import NotDone
from geventchat.export import Wanted, as_json, as_text, exported, moment_of
from geventchat.journal.database.choice import backend_of, open_database
from geventchat.journal.database.reader import DatabaseReader
from geventchat.journal.database.store import DatabaseStore
from geventchat.journal.store import Corrections

ALICE = Identity(1, "alice", "~a", "host", account="Alice")
BOB = Identity(2, "bob", "~b", "host")
CARL = Identity(3, "carl", "~c", "host", account="carl")
START = 1_700_000_000_000  # 2023-11-14T22:13:20Z


@pytest.fixture
def store(database: str) -> Iterator[DatabaseStore]:
    made = open_database(database)
    yield made
    made.close()


@pytest.fixture
def reader(database: str, store: DatabaseStore) -> Iterator[DatabaseReader]:
    made = DatabaseReader(backend_of(database))
    yield made
    made.close()


def fill(store: DatabaseStore, *events: Event) -> None:
    first = store.restore().number + 1
    store.append([Entry(first + n, START + (first + n) * 1000, e) for n, e in enumerate(events)])


def told(alice: Identity, text: str, nick: str, account: str = "") -> Told:
    return Told(alice, 9, nick, text, account=account)


def texts(reader: DatabaseReader, **wanted: object) -> list[str]:
    return [entry.event.text for entry in exported(reader, Wanted(**wanted))]  # type: ignore[arg-type, attr-defined]


def test_a_room_is_told_whole_in_its_order(
    store: DatabaseStore, reader: DatabaseReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geventchat.export._LINES_A_READ", 7)
    rooms = ("#dev", "#lobby")
    fill(store, *(Said(BOB, rooms[n % 2], f"line {n}") for n in range(60)))
    fill(store, told(ALICE, "private", "carl", "carl"))
    assert texts(reader, room="#DEV") == [f"line {n}" for n in range(0, 60, 2)]
    assert texts(reader, room="#none") == []


def test_what_was_redacted_is_not_told(store: DatabaseStore, reader: DatabaseReader) -> None:
    fill(store, *(Said(BOB, "#dev", f"line {n}") for n in range(3)))
    fill(store, Redacted(BOB, "#dev", 2, "", True))
    store.correct(Corrections(redact=(2,)))
    assert texts(reader, room="#dev") == ["line 0", "line 2"]


def test_a_span_of_time_begins_with_and_ends_before(
    store: DatabaseStore, reader: DatabaseReader
) -> None:
    fill(store, *(Said(BOB, "#dev", f"line {n}") for n in range(1, 6)))
    since, until = START + 2000, START + 4000
    assert texts(reader, room="#dev", since=since, until=until) == ["line 2", "line 3"]


def test_an_account_is_told_what_it_said(
    store: DatabaseStore, reader: DatabaseReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geventchat.export._EVENTS_A_READ", 3)
    monkeypatch.setattr("geventchat.export._LINES_A_READ", 1)
    fill(
        store,
        Said(BOB, "#dev", "bob's"),
        Said(ALICE, "#dev", "one"),
        told(CARL, "two", "alice", "Alice"),
        told(BOB, "to carl", "carl", "carl"),
        Said(CARL, "#dev", "carl's"),
        Said(ALICE, "#lobby", "three"),
        told(ALICE, "four", "carl", "carl"),
        Said(BOB, "#dev", "bob's"),
    )
    assert texts(reader, account="ALICE") == ["one", "three"]
    assert texts(reader, account="alice", private=True) == ["one", "two", "three", "four"]
    assert texts(reader, account="zoe", private=True) == []


def test_json_has_all_there_is() -> None:
    event = Said(ALICE, "#dev", "grüß\n dich", Form.ACTION, joined=(1,))
    found = json.loads(as_json(Entry(7, START + 5, event)))
    assert found == {
        "number": 7,
        "time": "2023-11-14T22:13:20.005Z",
        "room": "#dev",
        "nick": "alice",
        "account": "Alice",
        "form": "action",
        "text": "grüß dich",
    }
    private = json.loads(as_json(Entry(8, START, told(BOB, "hi", "carl", "carl"))))
    assert (private["to"], private["account"], "room" in private) == ("carl", "", False)


def test_no_line_is_a_command_to_a_terminal() -> None:
    evil = "\x1b]0;x\x07\x9b31m\u202e\n\x03"
    entry = Entry(7, START, Said(ALICE, "#dev", f"a{evil}b"))
    assert as_text(entry) == "2023-11-14T22:13:20Z <alice> a]0;x31m\n2023-11-14T22:13:20Z <alice> b"
    line = as_json(entry)
    assert line.isprintable()
    assert json.loads(line)["text"] == f"a{evil}b"
    assert (
        as_text(Entry(7, START, told(BOB, "hi", "carl")))
        == "2023-11-14T22:13:20Z -> carl: <bob> hi"
    )
    acting = Said(ALICE, "#dev", "waves", Form.ACTION)
    assert as_text(Entry(7, START, acting)) == "2023-11-14T22:13:20Z * alice waves"


def test_moments_are_utc() -> None:
    assert moment_of("2023-11-14") == START - 80_000_000
    assert moment_of("2023-11-14T22:13:20") == START
    assert moment_of("2023-11-14T22:13:20Z") == moment_of("2023-11-14T23:13:20+01:00") == START
    for text in ("", "yesterday", "2023-13-01"):
        with pytest.raises(NotDone, match="is no date: as in 2026-11-01"):
            moment_of(text)
