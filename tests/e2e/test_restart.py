"""What a restart brings back, from a snapshot or without one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Serve
from tests.running import Running


@contextmanager
def opened(folder: Path) -> Iterator[sqlite3.Connection]:
    """The database of a server that does not run."""
    database = sqlite3.connect(folder / "chat.db")
    with database:
        yield database
    database.close()


def asked(folder: Path, question: str) -> list[Any]:
    with opened(folder) as database:
        return database.execute(question).fetchall()


def lived(server: Running) -> None:
    """Rooms are made, one is left guarded, one with a topic."""
    alice = server.line_client("alice")
    alice.ask("/join #open", "/topic tea", "hello", "/join #shut", "/lock sesame", "4711")


def is_as_it_was(server: Running) -> None:
    bob = server.line_client("bob")
    here = bob.ask("/join #open")
    assert here[0] == "-> You are in #open: tea (1 here: bob)"
    assert any(line.endswith("<alice> hello") for line in here)
    assert "4711" not in str(bob.ask("/join #shut", "/history"))
    server.disconnect()


@pytest.mark.parametrize("damage", ["", "UPDATE snapshots SET body = 'x'", "DELETE FROM snapshots"])
def test_a_clean_stop_writes_the_state_down(serve: Serve, tmp_path: Path, damage: str) -> None:
    server = serve()
    lived(server)
    server.disconnect()
    assert server.terminate() == 0
    ((number,),) = asked(tmp_path, "SELECT number FROM snapshots")
    ((last,),) = asked(tmp_path, "SELECT max(number) FROM events")
    assert number == last
    with opened(tmp_path) as database:
        if damage:
            database.execute(damage)
        else:  # What is in the snapshot is not looked for in the events.
            database.execute("UPDATE events SET detail = NULL WHERE kind = 'joined'")
    is_as_it_was(serve())


def test_a_crash_leaves_the_events(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    lived(server)
    server.kill()
    assert asked(tmp_path, "SELECT number FROM snapshots") == []
    is_as_it_was(serve())


def test_the_key_of_a_room_is_nowhere_on_the_disk(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    lived(server)
    server.disconnect()
    assert server.terminate() == 0
    assert not any(b"sesame" in path.read_bytes() for path in tmp_path.glob("chat.db*"))
