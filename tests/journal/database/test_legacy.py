"""Databases that earlier and later programs made."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from geventchat.chat.events import (
    Arrived,
    Change,
    Entry,
    Form,
    Identity,
    Left,
    ModesSet,
    Said,
)
from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.errors import StartError
from geventchat.journal.database import legacy
from tests.journal.database.conftest import Open
from tests.journal.entries import ALICE, said

# What the programs of that time ran, word for word: never to be changed.
VERSION_1 = """
CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    room TEXT,
    session INTEGER NOT NULL,
    nick TEXT NOT NULL,
    user TEXT NOT NULL,
    host TEXT NOT NULL,
    text TEXT,
    detail TEXT,
    void INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS events_lines ON events (room, number) WHERE kind = 'said';
CREATE INDEX IF NOT EXISTS events_doings ON events (room, number)
    WHERE kind <> 'said' AND room IS NOT NULL;
CREATE INDEX IF NOT EXISTS events_topics ON events (room, number)
    WHERE kind = 'topic' AND void = 0;
CREATE INDEX IF NOT EXISTS events_seen ON events (lower(nick), number)
    WHERE kind IN ('arrived', 'left', 'renamed');
PRAGMA user_version = 1;
"""
TOLD_BY = """
CREATE INDEX IF NOT EXISTS events_told_by ON events (session, number)
    WHERE kind IN ('told', 'signalledto');
"""
VERSION_2 = f"""
{VERSION_1}
{TOLD_BY}
CREATE INDEX IF NOT EXISTS events_told_to ON events (json_extract(detail, '$.to'), number)
    WHERE kind IN ('told', 'signalledto');
PRAGMA user_version = 2;
"""
# As those programs wrote them: what has its default stood in the detail then.
ROWS = """
INSERT INTO events VALUES
    (1, 10, 'arrived', NULL, 1, 'alice', '~telnet', '192.0.2.1', 'telnet', NULL, 0),
    (2, 20, 'topic', '#dev', 1, 'alice', '~telnet', '192.0.2.1', 'tea', '{"room": "#Dev"}', 0),
    (3, 30, 'said', '#dev', 1, 'alice', '~telnet', '192.0.2.1', 'hello', NULL, 0),
    (4, 40, 'said', '#dev', 1, 'alice', '~telnet', '192.0.2.1', 'waves',
        '{"form": "action", "room": "#Dev"}', 0),
    (5, 50, 'told', NULL, 1, 'alice', '~telnet', '192.0.2.1', 'psst',
        '{"to": 2, "nick": "bob", "form": "message"}', 0),
    (6, 60, 'said', '#dev', 2, 'bob', 'u', 'h', 'refused', NULL, 1),
    (7, 70, 'left', NULL, 2, 'bob', 'u', 'h', 'tired', '{"rooms": ["#dev"]}', 0),
    (8, 80, 'modes', '#vault', 1, 'alice', '~telnet', '192.0.2.1', NULL,
        '{"changes": [["+m", "", 0], ["+k", "sesame", 0], ["+o", "bob", 2]]}', 0),
    (9, 90, 'said', '#dev', 1, 'alice', '~telnet', '192.0.2.1', 'passwort', NULL, 0),
    (10, 100, 'redacted', '#dev', 1, 'alice', '~telnet', '192.0.2.1', '',
        '{"number": 9, "own": true}', 0),
    (11, 110, 'told', NULL, 1, 'alice', '~telnet', '192.0.2.1', 'private to the last',
        '{"to": 2, "nick": "bob"}', 0);
"""
KEYLESS = Change("+m"), Change("+k"), Change("+o", "bob", 2)
Make = Callable[[str], None]


@pytest.fixture
def make(path: Path) -> Make:
    def made(script: str) -> None:
        database = sqlite3.connect(path)
        database.executescript(script)
        database.close()

    return made


def contents(path: Path) -> tuple[Any, ...]:
    """Version, tables and indexes, and rows."""
    database = sqlite3.connect(path)
    try:
        ask = database.execute
        version = ask("PRAGMA user_version").fetchone()
        things = ask("SELECT name FROM sqlite_master ORDER BY name").fetchall()
        names = [name for (name,) in things]
        return *version, names, ask("SELECT * FROM events").fetchall() if "events" in names else []
    finally:
        database.close()


def of_version(number: int) -> str:
    """What a program of that version made of the rows of the first."""
    steps = [";".join(step) for step in legacy.STEPS[1:number]]
    return f"{VERSION_1} {ROWS} {';'.join(steps)}; PRAGMA user_version = {number};"


@pytest.mark.parametrize("script", [VERSION_1, VERSION_1 + TOLD_BY, VERSION_2])
def test_a_database_of_an_earlier_program_is_read(
    script: str, opened: Open, make: Make, path: Path
) -> None:
    """The second is one whose upgrade was stopped half way."""
    make(script + ROWS)
    before = contents(path)
    store = opened()
    bob = Identity(2, "bob", "u", "h")
    assert store.restore() == (11, 110)
    assert store.reader.lines("#dev", 1 << 60, 9) == [
        Entry(3, 30, Said(ALICE, "#dev", "hello")),
        Entry(4, 40, Said(ALICE, "#Dev", "waves", Form.ACTION)),
    ]
    assert store.reader.event(1) == Entry(1, 10, Arrived(ALICE, "telnet"))
    assert store.reader.last_seen("bob", 99) == Entry(7, 70, Left(bob, "tired", ("#dev",)))
    assert store.reader.event(8) == Entry(8, 80, ModesSet(ALICE, "#vault", KEYLESS))
    assert store.reader.event(9) is store.reader.event(11) is None
    store.append([said(12, "#dev")])
    store.close()
    version, names, rows = contents(path)
    untouched = [row for row in before[2] if row[0] not in (5, 8, 9, 11)]
    assert version == len(legacy.STEPS) + 1  # Which those programs refuse.
    assert [row for row in rows if row[0] not in (8, 9, 11, 12)] == untouched
    for secret in ("psst", "sesame", "passwort", "private to the last"):
        assert secret not in str(rows)
        assert secret.encode() not in path.read_bytes()
    path.unlink()
    opened().close()
    assert contents(path)[1] == names  # As a new database has them.


def test_opening_it_again_changes_nothing(opened: Open, path: Path) -> None:
    opened().close()
    before = contents(path)
    opened().close()
    assert contents(path) == before


@pytest.mark.parametrize("number", range(1, len(legacy.STEPS) + 1))
def test_what_is_found_by_new_tables_is_found_in_old_databases(
    number: int, opened: Open, make: Make
) -> None:
    make(of_version(number))
    store = opened()
    assert [entry.number for entry in store.changes(0, 99)] == [1, 2, 7, 8]
    query = HistoryQuery(HistoryRange(), 9, True, "#dev", kinds=(Said, Left))
    assert [entry.number for entry in store.reader.history(query, "")] == [3, 4, 7]
    found = store.reader.last_seen("ALICE", 99)
    assert found is not None and found.number == 1


def test_a_copy_is_left_as_it_was(opened: Open, make: Make, path: Path) -> None:
    make(of_version(6))
    before = contents(path)
    opened().close()
    copy = path.with_name("chat.db.before-upgrade-from-6")
    assert contents(copy) == before
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    others = {file.name for file in path.parent.iterdir()}
    assert others == {"chat.db", "chat.db-lock", copy.name}
    opened().close()
    assert contents(copy) == before


def test_a_full_disk_stops_the_start_before_anything_is_changed(
    opened: Open, make: Make, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(of_version(6))
    before = contents(path)
    size = path.stat().st_size
    free = shutil.disk_usage(path.parent)._replace(free=size)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda folder: free)
        with pytest.raises(StartError, match=rf"takes {2 * size:,} bytes, and {size:,} are free"):
            opened()
    assert contents(path) == before
    assert opened().restore().number == 11


@pytest.mark.parametrize("number", [0, 1, 6])
def test_an_upgrade_that_fails_leaves_the_database_as_it_was(
    number: int, opened: Open, make: Make, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(of_version(number) if number else "")
    before = contents(path)
    bad = (*legacy._FILLED, "CREATE NONSENSE")
    with monkeypatch.context() as patch:
        patch.setattr(legacy, "_FILLED", bad)
        if not number:
            patch.setattr(legacy, "version", lambda connection: 0)
            patch.setattr("geventchat.journal.database.store.forget_guests", _fail)
        with pytest.raises(StartError, match=r"^cannot use database \S+: .*(NONSENSE|nowhere)"):
            opened()
        assert number == 0 or contents(path) == before
    assert opened().restore().number == (11 if number else 0)


def _fail(connection: Connection) -> None:
    connection.exec_driver_sql("SELECT * FROM nowhere")


@pytest.mark.parametrize("later", [7, 99])
def test_a_database_of_a_later_program(opened: Open, make: Make, path: Path, later: int) -> None:
    make(f"{of_version(6)} PRAGMA user_version = {later};")
    before = contents(path)
    with pytest.raises(StartError, match=rf"made by a newer geventchat \(schema {later}\)"):
        opened()
    assert contents(path) == before
