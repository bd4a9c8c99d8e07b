"""Fixtures for all tests: a harness, and servers that are always ended."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.databases import ALL, DATABASES, Databases
from tests.harness import Harness
from tests.running import ROOT, Running, unwanted

# No deadline, because no test times a machine; and what is kept is kept with pytest's own.
os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(ROOT / ".pytest_cache" / "hypothesis"))
settings.register_profile("house", deadline=None, database=None, max_examples=60)
settings.load_profile("house")

Serve = Callable[..., Running]


@pytest.fixture(autouse=True, scope="session")
def machine() -> Iterator[None]:
    """The same surroundings everywhere. Times of day are the server's; here that is UTC.

    A shell's background jobs ignore Ctrl-C, and so does what they start; not here.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with pytest.MonkeyPatch.context() as patch:
        for name in unwanted(os.environ):
            patch.delenv(name)
        patch.setenv("TERM", "dumb")
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def harness() -> Harness:
    """A chat without sockets."""
    return Harness()


@pytest.fixture
def serve(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Serve]:
    """serve(*flags): a running server. Every one keeps the same database, made for this test.

    It is the test's `database` if it has one, and else an SQLite file.
    """
    own = f"sqlite:///{tmp_path}/chat.db"
    asked = "database" in request.fixturenames
    database = request.getfixturevalue("database") if asked else own
    with ExitStack() as servers:

        def start(*flags: str, **more: Any) -> Running:
            server = Running("--database", database, *flags, **more)
            servers.callback(server.close)
            return server

        yield start


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The database servers of this run, ended with it."""
    yield DATABASES
    DATABASES.close()


@pytest.fixture(params=ALL)
def database(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, of each kind by turns.

    A test that means only some of them says `@pytest.mark.parametrize("database", [...],
    indirect=True)`.
    """
    url = databases.create(request.param, tmp_path)
    yield url
    databases.drop(request.param, url)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say at the end which databases nothing was tested with."""
    for kind, why in DATABASES.missing.items():
        terminalreporter.write_line(f"not tested with {kind}: {why}", yellow=True)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server for all tests of a module; use `server`, which tidies up after each."""
    database = tmp_path_factory.mktemp("shared") / "chat.db"
    server = Running("--database", f"sqlite:///{database}")
    yield server
    server.close()


@pytest.fixture
def server(shared: Running) -> Iterator[Running]:
    """The module's server, on which nobody is connected."""
    yield shared
    shared.disconnect()
    # Whoever comes in last sees that the others have gone.
    with_patience = time.monotonic() + 30
    while time.monotonic() < with_patience:
        last = shared.line_client()
        alone = "-> 1 user online." in last.ask("/who")
        shared.disconnect()
        if alone:
            break
    assert shared.process.poll() is None, shared.errors
