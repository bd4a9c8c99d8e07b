"""Reading beside the writer: neither stops the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import gevent
import pytest
from sqlalchemy import event

from geventchat.chat.events import Entry, Said
from geventchat.errors import StoreError
from geventchat.journal.database.choice import open_database
from geventchat.journal.database.store import DatabaseStore
from geventchat.journal.history import History
from geventchat.journal.thread import BUSY, StoreThread
from tests.journal.desk import HANG_S
from tests.journal.entries import ALICE, said


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DatabaseStore]:
    made = open_database(f"sqlite:///{tmp_path}/chat.db")
    yield made
    made.close()


@pytest.fixture
def slow(store: DatabaseStore) -> Iterator[Callable[[], None]]:
    """The reader's next statement waits in its native thread; the call lets it go on."""
    let_go = threading.Event()

    def wait(*args: object) -> None:
        assert let_go.wait(HANG_S)

    event.listen(store.reader._engine, "before_cursor_execute", wait)
    yield let_go.set
    let_go.set()


def test_a_read_that_takes_long_stops_no_commit(
    store: DatabaseStore, slow: Callable[[], None]
) -> None:
    commits, reads = StoreThread(store.in_thread), StoreThread(store.reader.in_thread)
    past = History(store.reader, reads, lambda: 99)
    commits.call(store.append, [said(1)])
    reading = gevent.spawn(past.lines, "#a", None, 9)
    with gevent.Timeout(HANG_S / 2):
        for number in range(2, 5):
            commits.call(store.append, [said(number)])
    assert not reading.dead
    slow()
    assert [entry.number for entry in reading.get(timeout=HANG_S)] == [1, 2, 3, 4]
    commits.join()
    reads.join()


def test_so_many_may_wait_for_their_turn(store: DatabaseStore, slow: Callable[[], None]) -> None:
    reads = StoreThread(True, waiting_max=3)
    past = History(store.reader, reads, lambda: 99)
    waiting = [gevent.spawn(past.lines, "#a", None, 9) for _ in range(3)]
    gevent.sleep(0)
    with pytest.raises(StoreError, match=f"^{BUSY}$"):
        past.lines("#a", None, 9)
    slow()
    gevent.joinall(waiting, timeout=HANG_S, raise_error=True)
    assert past.lines("#a", None, 9) == []
    reads.join()


def test_it_cannot_write(store: DatabaseStore) -> None:
    with (
        pytest.raises(StoreError, match="read-only"),
        store._backend.transaction(store.reader._engine) as connection,
    ):
        connection.exec_driver_sql("DELETE FROM events")


def test_who_reads_all_the_time_does_not_make_the_log_grow(
    store: DatabaseStore, tmp_path: Path
) -> None:
    """Sixteen megabytes are copied back at a time."""
    log, largest = tmp_path / "chat.db-wal", 0
    text = "x" * 4000
    for batch in range(40):
        numbers = range(batch * 500 + 1, batch * 500 + 501)
        store.append([Entry(n, n, Said(ALICE, "#a", text)) for n in numbers])
        assert len(store.reader.lines("#a", 1 << 60, 500)) == 500
        largest = max(largest, log.stat().st_size)
    assert largest < 25_000_000 < (tmp_path / "chat.db").stat().st_size


def test_it_reads_what_was_committed_a_moment_ago(store: DatabaseStore) -> None:
    for number in range(1, 50):
        store.append([said(number)])
        assert [entry.number for entry in store.reader.lines("#a", 99, 1)] == [number]
