"""The journal in SQLite: what a restart finds, one server per file, full and broken files."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from geventchat.chat.events import Entry, Joined, Said, TopicSet
from geventchat.chat.history import HistoryRange
from geventchat.errors import StartError, StoreError
from geventchat.journal.database.choice import open_database
from geventchat.journal.database.store import DatabaseStore
from geventchat.journal.store import Corrections
from tests.journal.database.conftest import Open
from tests.journal.entries import ALICE, said

END = 1 << 60


def numbers(store: DatabaseStore) -> list[int]:
    return [entry.number for entry in store.reader.lines("#a", END, 1000)]


def test_a_restart_finds_what_was_kept(opened: Open) -> None:
    store = opened()
    store.append([Entry(1, 5, Joined(ALICE, "#Dev")), said(2, "#dev"), said(3, "#a")])
    store.append([Entry(4, 70, TopicSet(ALICE, "#Dev", "old"))])
    store.append([Entry(5, 80, TopicSet(ALICE, "#Dev", "new"))])
    store.append([Entry(6, 90, TopicSet(ALICE, "#a", "refused"))])
    store.correct(Corrections(void=(6,)))
    store.close()
    again = opened()
    assert again.secret() == store.secret()
    assert again.restore() == (6, 90)
    assert [entry.number for entry in again.changes(0, 9)] == [1, 4, 5]
    assert [entry.number for entry in again.changes(1, 1)] == [4]


def test_after_a_failure_what_stands_beyond_the_last_sure_number_goes(opened: Open) -> None:
    store = opened()
    store.append([said(1), said(2), said(3)])
    store.append([said(2, text="anew")], Corrections(truncate_after=1))
    assert numbers(store) == [1, 2]


def test_a_batch_is_kept_whole_or_not_at_all(opened: Open) -> None:
    store = opened()
    store.append([said(1)])
    with pytest.raises(StoreError):
        store.append([said(2), said(3), said(1)])
    assert numbers(store) == [1]
    store.append([said(2)])
    assert numbers(store) == [1, 2]


@pytest.fixture
def full_disk() -> Iterator[Callable[[bool], None]]:
    """full_disk(True): SQLite gets not one page more."""
    pages = 1 << 30

    def limit(connection: Any) -> None:
        connection.connection.execute(f"PRAGMA max_page_count = {pages}")

    def switch(full: bool) -> None:
        nonlocal pages
        pages = 1 if full else 1 << 30

    event.listen(Engine, "begin", limit)
    yield switch
    event.remove(Engine, "begin", limit)


def test_a_full_disk(opened: Open, full_disk: Callable[[bool], None]) -> None:
    store = opened()
    store.append([said(1)])
    full_disk(True)
    with pytest.raises(StoreError, match=r"^disk full$"):
        store.append([said(n, text="x" * 4000) for n in range(2, 10)])
    assert numbers(store) == [1]
    full_disk(False)
    store.append([said(2)], Corrections(truncate_after=1))
    assert numbers(store) == [1, 2]


def test_every_commit_reaches_the_disk(opened: Open) -> None:
    """What returned is there for whoever opens the file, while the first has not closed it."""
    store = opened()
    store.append([said(1)])
    other = sqlite3.connect(store.name)
    assert other.execute("SELECT text FROM events").fetchall() == [("1",)]
    other.close()


def test_full_synchronous_and_wal(opened: Open) -> None:
    store = opened()
    with store._engine.connect() as connection:
        ask = connection.exec_driver_sql
        assert ask("PRAGMA journal_mode").scalar() == "wal"
        assert ask("PRAGMA synchronous").scalar() == 2  # FULL


OTHER_SERVER = """
import sys
from geventchat.errors import StartError
from geventchat.journal.database.choice import open_database
from geventchat.journal.database.store import DatabaseStore
try:
    open_database(sys.argv[1])
except StartError as error:
    print(error)
"""


def test_two_servers_on_one_database(opened: Open, path: Path) -> None:
    store = opened()
    command = [sys.executable, "-c", OTHER_SERVER, f"sqlite:///{path}"]
    root = Path(__file__).resolve().parents[3]
    first = subprocess.run(command, capture_output=True, text=True, cwd=root, check=False)
    assert "is in use by process" in first.stdout
    assert first.stderr == ""
    store.append([said(1)])
    store.close()
    assert opened().restore().number == 1


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite://", "an SQLite URL names a file; for memory only use 'none'"),
        ("sqlite:///:memory:", "an SQLite URL names a file; for memory only use 'none'"),
    ],
)
def test_databases_that_are_none(url: str, says: str) -> None:
    with pytest.raises(StartError) as caught:
        open_database(url)
    assert str(caught.value) == f"database: {says}"


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"^cannot use database \S+: No such file or directory$"):
        open_database(f"sqlite:///{tmp_path}/nowhere/chat.db")


def test_a_file_that_is_no_database(opened: Open, path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 1000)
    with pytest.raises(StartError, match="not a database"):
        opened()
    assert path.read_bytes().startswith(b"Dear diary")


def test_a_directory_in_place_of_the_file(opened: Open, path: Path) -> None:
    path.mkdir()
    with pytest.raises(StartError, match=r"^cannot use database \S+: unable to open the file$"):
        opened()


def test_a_failed_start_lets_go_of_the_database(opened: Open, path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 1000)
    with pytest.raises(StartError) as kept:
        opened()
    path.unlink()
    assert opened().restore().number == 0
    assert kept.value


def test_a_kept_line_is_what_was_said(opened: Open) -> None:
    store = opened()
    store.append([said(1, text="grüße 👩")])
    store.close()
    (entry,) = opened().reader.lines("#a", END, 9)
    assert entry.event == Said(ALICE, "#a", "grüße 👩")


def test_names_that_another_program_wrote_are_clean(opened: Open, path: Path) -> None:
    """Rows are cleaned as entries; these come back without one."""
    store = opened()
    other = sqlite3.connect(path)
    evil = "ev\x1b[2Jil"
    insert = "INSERT INTO events VALUES (?, 0, ?, ?, ?, ?, 'u', 'h', 'hi', ?, 0)"
    other.execute(insert, (1, "told", None, 1, "al", json.dumps({"to": 2, "nick": evil})))
    other.execute(insert, (2, "told", None, 2, "be\x1bn", json.dumps({"to": 1, "nick": "al"})))
    other.execute(insert, (3, "said", f"#{evil}", 1, "al", None))
    insert_peers = (6, "told", None, 1, "al", json.dumps({"to": 2, "nick": 7}))
    other.execute(insert, insert_peers)
    for number in (1, 2, 6):
        other.execute("INSERT INTO talks VALUES ('~1', '', 'told', ?)", (number,))
    other.commit()
    other.close()
    assert sorted(store.reader.peers(HistoryRange(), 9, "~1")) == [("ben", 0), ("ev[2Jil", 0)]
