"""The database's files: nobody else reads them, and none is written to that nobody will find."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from geventchat.errors import JournalTaken, StoreError
from geventchat.journal.database.choice import open_database
from geventchat.journal.store import Corrections
from tests.journal.database.conftest import Open
from tests.journal.entries import said

NAMES = ["chat.db", "chat.db-lock", "chat.db-shm", "chat.db-wal"]


def modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in sorted(folder.iterdir())}


@pytest.fixture
def lax() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("lax")
def test_only_its_user_reads_what_people_say(opened: Open, tmp_path: Path) -> None:
    store = opened()
    store.append([said(1)])
    assert modes(tmp_path) == dict.fromkeys(NAMES, 0o600)


@pytest.mark.usefixtures("lax")
def test_files_that_everybody_could_read_are_closed_at_the_start(
    opened: Open, path: Path, tmp_path: Path
) -> None:
    store = opened()
    store.append([said(1)])
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in NAMES[:1] + NAMES[2:]:
        shutil.copy(tmp_path / name, copy / name)
        (copy / name).chmod(0o644)
    (copy / NAMES[1]).touch(0o644)
    other = open_database(f"sqlite:///{copy / path.name}")
    assert modes(copy) == dict.fromkeys(NAMES, 0o600)
    other.close()


GONE = r"^the database's files were removed or replaced$"


@pytest.mark.parametrize("name", ["chat.db", "chat.db-wal"])
def test_a_file_that_is_gone_takes_no_more_lines(opened: Open, tmp_path: Path, name: str) -> None:
    store = opened()
    store.append([said(1)])
    (tmp_path / name).rename(tmp_path / "aside")
    with pytest.raises(StoreError, match=GONE):
        store.append([said(2)])
    with pytest.raises(StoreError, match=GONE):
        store.correct(Corrections(void=(1,)))
    (tmp_path / "aside").rename(tmp_path / name)
    store.append([said(2)])
    assert [entry.number for entry in store.reader.lines("#a", 99, 9)] == [1, 2]


def test_a_file_in_its_place_is_not_it(opened: Open, path: Path) -> None:
    store = opened()
    store.append([said(1)])
    shutil.copy(path, path.with_name("copy"))
    path.with_name("copy").rename(path)
    with pytest.raises(StoreError, match=GONE) as caught:
        store.append([said(2)])
    assert not isinstance(caught.value, JournalTaken)  # It may come back.


def test_a_lock_file_that_somebody_removed_is_made_anew(opened: Open, path: Path) -> None:
    store = opened()
    lock = path.with_name("chat.db-lock")
    lock.unlink()
    store.append([said(1)])
    assert lock.read_text() == f"{os.getpid()}\n"
    with pytest.raises(Exception, match="is in use by process"):
        open_database(f"sqlite:///{path}")


def test_whoever_opened_it_last_owns_it(opened: Open, path: Path) -> None:
    """A second server, after somebody took the first one's lock file for a stale one."""
    first = opened()
    first.append([said(1)])
    path.with_name("chat.db-lock").unlink()
    second = opened()
    with pytest.raises(JournalTaken, match="in use by process"):
        first.append([said(2)])
    second.append([said(2)])
    second.close()
    with pytest.raises(JournalTaken, match="another server has opened the database"):
        first.correct(Corrections(truncate_after=1))
    assert [entry.number for entry in first.reader.lines("#a", 99, 9)] == [1, 2]


def test_redacted_words_are_in_none_of_the_files(opened: Open, path: Path) -> None:
    store = opened()
    store.append([said(1, text="the password is 4711")])
    store.append([said(2)])
    store.correct(Corrections(None, (), (1,), ()))
    assert all(b"4711" not in file.read_bytes() for file in path.parent.iterdir())
    assert [entry.number for entry in store.reader.lines("#a", 99, 9)] == [2]
