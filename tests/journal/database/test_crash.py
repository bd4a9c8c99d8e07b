"""What a start finds after the process died at the worst moment, and on a disk that failed."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geventchat.chat.events import Entry, Identity, Redacted, Told
from geventchat.errors import JournalTaken, StartError
from geventchat.journal.database.choice import open_database
from geventchat.journal.database.store import DatabaseStore
from geventchat.journal.store import NO_CORRECTIONS, Corrections
from tests.journal.entries import ALICE, said

Open = Callable[[Path], DatabaseStore]


@pytest.fixture
def opened() -> Iterator[Open]:
    stores: list[DatabaseStore] = []

    def open_it(folder: Path) -> DatabaseStore:
        stores.append(open_database(f"sqlite:///{folder}/chat.db"))
        return stores[-1]

    yield open_it
    for store in stores:
        store.close()


def killed(folder: Path) -> Path:
    """What is on the disk now, as a process leaves it that is killed."""
    copy = folder.with_name(f"{folder.name}-{len(list(folder.parent.iterdir()))}")
    copy.mkdir()
    for name in ("chat.db", "chat.db-wal"):
        shutil.copy(folder / name, copy / name)
    return copy


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def numbers(store: DatabaseStore) -> list[int]:
    return [entry.number for entry in store.reader.lines("#a", 1 << 60, 99)]


@pytest.fixture
def doubtful(opened: Open, home: Path) -> DatabaseStore:
    """A store whose last commit reached the disk, and failed: its sync did.

    SQLite has rolled it back, and will write over it; but it stands in the log.
    """
    store = opened(home)
    store.append([said(1)])
    shadow = killed(home)
    opened(shadow)
    connection = sqlite3.connect(shadow / "chat.db")  # As the same server would have.
    connection.execute("PRAGMA synchronous = FULL")
    before = (shadow / "chat.db-wal").stat().st_size
    connection.executescript(
        """BEGIN; INSERT INTO events SELECT 2, 20, kind, room, session, nick, user, host, 'lost',
        detail, void FROM events WHERE number = 1; COMMIT"""
    )
    frames = (shadow / "chat.db-wal").read_bytes()
    connection.close()
    assert before < len(frames)
    with (home / "chat.db-wal").open("r+b") as log:
        log.write(frames)
    return store


@pytest.mark.usefixtures("doubtful")
def test_a_commit_that_failed_after_it_reached_the_disk(opened: Open, home: Path) -> None:
    """The fault itself: without a correction it comes back. Else the next tests show nothing."""
    assert numbers(opened(killed(home))) == [1, 2]


@pytest.mark.parametrize("corrections", [Corrections(truncate_after=1), NO_CORRECTIONS])
def test_it_does_not_come_back_once_the_store_was_corrected(
    opened: Open, home: Path, doubtful: DatabaseStore, corrections: Corrections
) -> None:
    doubtful.correct(corrections)
    assert numbers(doubtful) == [1]
    assert numbers(opened(killed(home))) == [1]


def test_redacted_words_that_were_not_erased_are_erased_at_the_start(
    opened: Open, home: Path
) -> None:
    """Killed between the redaction and the erasing."""
    store = opened(home)
    store.append([said(1, text="my password is 4711"), said(2)])
    store.append([Entry(3, 30, Redacted(ALICE, "#a", 1, "", True))])
    assert numbers(store) == [1, 2]
    copy = killed(home)
    again = opened(copy)
    assert numbers(again) == [2]
    again.close()
    assert b"4711" not in (copy / "chat.db").read_bytes()


def test_redacted_words_are_on_no_page_of_the_disk(opened: Open, home: Path) -> None:
    store = opened(home)
    store.append([said(n, text=f"my password is 4711 {n} " + "x" * n * 50) for n in range(1, 99)])
    store.correct(Corrections(redact=tuple(range(1, 99))))
    store.close()
    assert b"4711" not in (home / "chat.db").read_bytes()


def test_private_words_do_not_outlive_the_run(opened: Open, home: Path) -> None:
    store = opened(home)
    bob = Identity(2, "bob", "u", "h")
    store.append([said(1)])
    store.append([Entry(n, n, Told(ALICE, 2, "bob", f"psst {n}")) for n in range(2, 50)])
    copy = killed(home)
    again = opened(copy)
    assert again.restore() == (49, 49)  # No later event gets the number of one of them.
    again.append([Entry(50, 50, Told(bob, 1, "alice", "later"))])
    again.close()
    data = (copy / "chat.db").read_bytes()
    assert b"psst" not in data
    assert b"later" in data


@pytest.mark.parametrize(
    ("number", "at"), [((1 << 63) - 1, 0), (1 << 61, 0), (-5, 0), (7, "'yesterday'")]
)
def test_a_last_event_that_makes_no_sense_stops_the_start(
    opened: Open, home: Path, number: int, at: object
) -> None:
    opened(home).close()
    other = sqlite3.connect(home / "chat.db")
    other.execute(
        f"INSERT INTO events VALUES ({number}, {at}, 'said', '#a', 1, 'al', 'u', 'h', 'x', NULL, 0)"
    )
    other.commit()
    other.close()
    with pytest.raises(StartError, match=r"its last event, number -?\d+ of time .* makes no sense"):
        opened(home)


def test_events_that_another_program_wrote_end_the_server(opened: Open, home: Path) -> None:
    store = opened(home)
    store.append([said(1)])
    other = sqlite3.connect(home / "chat.db")
    other.execute("INSERT INTO events SELECT 2, 20, 'said', '#a', 1, 'a', 'u', 'h', 'x', NULL, 0")
    other.commit()
    other.close()
    with pytest.raises(JournalTaken, match="another program has written events"):
        store.append([said(2)])
    assert [entry.event.by.nick for entry in store.reader.lines("#a", 9, 9)] == ["alice", "a"]
