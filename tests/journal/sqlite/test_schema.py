"""Databases that earlier and later programs made."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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
from geventchat.errors import StartError
from geventchat.journal.sqlite import schema
from tests.journal.entries import ALICE, said
from tests.journal.sqlite.conftest import Open

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
    assert version == len(schema.STEPS)
    assert [row for row in rows if row[0] not in (8, 9, 11, 12)] == untouched
    for secret in ("psst", "sesame", "passwort", "private to the last"):
        assert secret not in str(rows)
        assert secret.encode() not in path.read_bytes()
    make("DROP TABLE events; DROP TABLE writer; DROP TABLE secret; PRAGMA user_version = 0")
    opened().close()
    assert contents(path)[:2] == (version, names)  # As a new database has them.


def test_opening_it_again_changes_nothing(opened: Open, path: Path) -> None:
    opened().close()
    before = contents(path)
    opened().close()
    assert contents(path) == before


def test_a_step_can_be_added(opened: Open, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened()
    store.append([said(1)])
    store.close()
    new = ("CREATE TABLE more (n)", "UPDATE events SET text = 'anew'")
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, new))
    (entry,) = opened().reader.lines("#a", 9, 9)
    assert entry.event == Said(ALICE, "#a", "anew")
    assert contents(path)[0] == len(schema.STEPS)


@pytest.mark.parametrize("script", ["", VERSION_1 + ROWS, VERSION_2 + ROWS])
def test_a_step_that_fails_leaves_the_database_as_it_was(
    script: str, opened: Open, make: Make, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(script)
    before = contents(path)
    bad = ("CREATE TABLE more (n)", "UPDATE events SET text = 'lost'", "CREATE NONSENSE")
    with monkeypatch.context() as patch:
        patch.setattr(schema, "STEPS", (*schema.STEPS, bad))
        with pytest.raises(StartError, match=r"^cannot use database \S+: .*NONSENSE"):
            opened()
        assert contents(path) == before
    assert opened().restore().number == (11 if script else 0)


def test_a_database_of_a_later_program(opened: Open, make: Make, path: Path) -> None:
    later = len(schema.STEPS) + 1
    make(f"{VERSION_2} {ROWS} PRAGMA user_version = {later};")
    before = contents(path)
    with pytest.raises(StartError, match=rf"made by a newer geventchat \(schema {later}\)"):
        opened()
    assert contents(path) == before
