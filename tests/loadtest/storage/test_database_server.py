"""Database servers of our own: what they keep, and that they never outlive us."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from loadtest.compare.errors import Missing
from loadtest.storage import database_server
from loadtest.storage.database_server import DatabaseServer, connected
from loadtest.storage.kinds import SERVERS, started
from tests.databases import Databases
from tests.running import ROOT, environment

HANG_S = 60.0


@pytest.fixture(params=SERVERS)
def kind(request: pytest.FixtureRequest, databases: Databases) -> str:
    found: str = request.param
    databases.server(found)  # Skips where there is none.
    return found


@pytest.fixture
def server(kind: str) -> Iterator[DatabaseServer]:
    """A server that this test may do anything to."""
    with started(kind) as made:
        yield made


def numbers(server: DatabaseServer) -> list[int]:
    with connected(server.url("kept")) as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT n FROM t ORDER BY n")]


def test_what_it_was_given_is_there_after_it_was_killed(server: DatabaseServer) -> None:
    server.create("kept")
    server.run("kept", "CREATE TABLE t (n int)")
    for n in range(3):
        server.run("kept", f"INSERT INTO t VALUES ({n})")
        server.kill()
        with pytest.raises(OperationalError):
            server.run("kept", "SELECT 1")
        server.start()
    assert numbers(server) == [0, 1, 2]


def test_paused_it_answers_nobody_until_it_goes_on(server: DatabaseServer) -> None:
    server.pause()
    # The kernel still takes the connection; the server does not say a word.
    with socket.create_connection(("127.0.0.1", server.port)) as caller:
        caller.settimeout(0.2)
        caller.sendall(b"\0\0\0\x08\x04\xd2\x16\x2f")  # PostgreSQL: is there TLS?
        with pytest.raises(TimeoutError):
            caller.recv(1)
        server.resume()
        caller.settimeout(HANG_S)
        assert caller.recv(1)


def test_nothing_is_left_of_it(kind: str) -> None:
    with started(kind) as server:
        assert server.process is not None
        pids = [*server._rows()]
        home = server.home
    assert not home.exists()
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_it_ends_with_us_even_when_we_are_killed(kind: str) -> None:
    program = (
        "import time; from loadtest.storage.kinds import started\n"
        f"with started({kind!r}) as server:\n"
        "    print(server.home, *server._rows(), flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(),
    ) as parent:
        assert parent.stdout is not None
        home, *pids = parent.stdout.readline().split()
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + HANG_S
    while any(running(pid) for pid in pids):
        assert time.monotonic() < deadline, "it goes on without us"
        time.sleep(0.01)
    # Nobody could remove its folder; who comes next does.
    assert Path(home).exists()
    with started(kind) as other:
        assert other.home.exists()
        assert not Path(home).exists()


def running(pid: str) -> bool:
    """Whether that process is there and not merely waiting to be counted as gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_is_not_installed_is_named_with_its_package(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_server.shutil, "which", lambda *_, **__: None)
    with pytest.raises(Missing, match="apt install"), started(kind):
        raise AssertionError("it was started")


def test_a_wrong_statement_is_told(databases: Databases, kind: str) -> None:
    with pytest.raises(SQLAlchemyError, match="SELEKT"):
        databases.server(kind).run("", "SELEKT 1")
    assert os.getpid() not in databases.server(kind)._rows()
