"""Snapshots of a state that is in use, and what becomes of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gevent
import pytest

from geventchat.app import open_store
from geventchat.chat import commands
from geventchat.chat.events import Entry
from geventchat.chat.snapshot import dump
from geventchat.config import Config
from geventchat.errors import StoreError
from geventchat.journal import checkpoints
from geventchat.journal.memory import MemoryStore
from geventchat.journal.store import Snapshot
from tests.journal.runs import Run


class Shelf(MemoryStore):
    """A store that outlives its runs, and can fail to save a snapshot."""

    def __init__(self) -> None:
        super().__init__(100_000)
        self.fails = 0
        self.happened: list[str] = []

    def save_snapshot(self, snapshot: Snapshot) -> None:
        self.happened.append(f"snapshot {snapshot.number}")
        if self.fails:
            self.fails -= 1
            raise StoreError("disk full")
        super().save_snapshot(snapshot)

    def changes(self, after: int, limit: int) -> list[Entry]:
        self.happened.append("read")
        return super().changes(after, limit)


Start = Callable[..., Run]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def start(shelf: Shelf) -> Iterator[Start]:
    runs: list[Run] = []

    def started(**settings: Any) -> Run:
        runs.append(Run(shelf, lambda: 1000, **settings))
        return runs[-1]

    yield started
    for run in runs:
        run.dies()


def lively(run: Run, rooms: int = 20) -> None:
    """Somebody makes rooms and rules them; two events each."""
    alice = run.arrive("alice")
    assert alice is not None
    for n in range(rooms):
        assert run.does(alice, commands.Join(f"#{n}"))
        assert run.does(alice, commands.SetTopic(f"#{n}", f"topic {n}"))


def test_one_is_saved_when_it_is_due_and_is_the_state_then(start: Start, shelf: Shelf) -> None:
    run = start(snapshot_events=40)
    lively(run, rooms=19)
    run.checkpoints.look()
    assert shelf.snapshots() == []
    lively_before = run.journal.shown
    lively_session = next(iter(run.state.users))
    run.does(lively_session, commands.Part("#3"))
    run.checkpoints.look()
    (saved,) = shelf.snapshots()
    assert saved.number == lively_before + 1
    assert saved.body.decode().splitlines() == list(dump(run.state))
    run.checkpoints.look()
    assert len(shelf.snapshots()) == 1


def test_words_make_none_due(start: Start, shelf: Shelf) -> None:
    run = start(snapshot_events=10)
    lively(run, rooms=1)
    for n in range(30):
        run.does(next(iter(run.state.users)), commands.Say("#0", f"line {n}"))
    run.checkpoints.look()
    assert shelf.snapshots() == []


def test_a_stop_saves_what_is_new_and_a_start_goes_on_from_there(
    start: Start, shelf: Shelf
) -> None:
    run = start()
    lively(run)
    expected = run.after_a_restart()
    run.checkpoints.stop(60)
    assert [number for number, _ in shelf.snapshots()] == [run.journal.shown]
    shelf.happened.clear()
    run.checkpoints.stop(60)
    assert shelf.happened == []
    again = start()
    assert shelf.happened == ["read"]
    assert list(dump(again.state)) == expected
    again.checkpoints.stop(60)  # Nothing is new but that it was started.
    assert len(shelf.snapshots()) == 1


def test_after_a_long_replay_one_is_saved_soon(start: Start, shelf: Shelf) -> None:
    lively(start(snapshot_events=30))
    assert shelf.snapshots() == []
    again = start(snapshot_events=30)
    again.checkpoints.look()
    assert [number for number, _ in shelf.snapshots()] == [again.journal.shown]


def test_what_cannot_be_saved_is_told_once_and_tried_again(
    start: Start, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    run = start(snapshot_events=10)
    lively(run)
    shelf.fails = 2
    for _ in range(4):
        run.checkpoints.look()
    told = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert told == [
        "no snapshot of the state was saved, 1 times: disk full",
        "no snapshot of the state was saved, 2 times; now it works again",
    ]
    assert len(shelf.snapshots()) == 1


def test_a_bug_of_ours_keeps_neither_the_next_one_nor_the_stop(
    start: Start, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run = start(snapshot_events=10)
    lively(run)
    with monkeypatch.context() as patch:
        patch.setattr(checkpoints, "dump", lambda state: 1 / 0)
        run.checkpoints.look()
        run.checkpoints.stop(60)
    assert caplog.text.count("no snapshot of the state could be made") == 2
    run.checkpoints.look()
    assert len(shelf.snapshots()) == 1


def test_memory_that_goes_with_the_process_is_not_written_down(start: Start, shelf: Shelf) -> None:
    run = start(snapshot_events=1, database="none")
    lively(run)
    run.checkpoints.look()
    run.checkpoints.stop(60)
    assert shelf.snapshots() == []


def test_two_are_kept(start: Start, shelf: Shelf) -> None:
    run = start(snapshot_events=1)
    for n in range(3):
        run.arrive(f"n{n}")
        run.checkpoints.look()
    assert [number for number, _ in shelf.snapshots()] == [4, 3]


@pytest.fixture
def on_disk(tmp_path: Path) -> Iterator[Run]:
    run = Run(open_store(Config(database=f"sqlite:///{tmp_path}/chat.db")), lambda: 1000)
    yield run
    run.dies()
    run.store.close()


def test_commits_go_on_between_slices(on_disk: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for a commit waits for a slice of it at most."""
    monkeypatch.setattr(checkpoints, "_SLICE_S", 0.0)
    run = on_disk
    lively(run, rooms=50)
    number = run.journal.shown
    saving = gevent.spawn(run.checkpoints.save)
    gevent.sleep(0)
    commits = 0
    alice = next(iter(run.state.users))
    while not saving.dead:
        run.does(alice, commands.SetTopic("#1", f"anew {commits}"))
        commits += 1
    assert commits > 1
    (saved,) = run.store.snapshots()
    assert saved.number == number
    # What came after it is not in it.
    assert b'"topic 1"' in saved.body
    assert b"anew" not in saved.body


def test_it_has_no_more_time_at_the_stop_than_it_is_given(
    on_disk: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "_SLICE_S", 0.0)
    lively(on_disk, rooms=3)
    monkeypatch.setattr(checkpoints, "_slice", lambda steps: True)  # It never ends.
    on_disk.checkpoints.stop(0.05)
    assert on_disk.store.snapshots() == []
    assert on_disk.does(next(iter(on_disk.state.users)), commands.SetTopic("#1", "still there"))


def test_the_greenlet_looks_by_itself(
    start: Start, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "_LOOK_S", 0.001)
    run = start(snapshot_events=1)
    run.checkpoints.start()
    run.arrive("alice")
    with gevent.Timeout(30):
        while not shelf.snapshots():
            gevent.sleep(0.001)
