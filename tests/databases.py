"""Real database servers for the tests: one of each kind, started when a test first wants it."""

from __future__ import annotations

import os
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from loadtest.compare.errors import Missing
from loadtest.storage.database_server import DatabaseServer
from loadtest.storage.kinds import KINDS, started

# What every test that asks for `database` is run with.
ALL = KINDS


class Databases:
    """The servers of one run of the tests, and why there are none of some kinds."""

    def __init__(self) -> None:
        self.missing: dict[str, str] = {}
        self._servers: dict[str, DatabaseServer] = {}
        self._stack = ExitStack()
        self._numbers = count(1)

    def server(self, kind: str) -> DatabaseServer:
        """The server all tests share. Where there is none, the test is skipped; in CI it fails."""
        if kind not in self._servers:
            try:
                self._servers[kind] = self._stack.enter_context(started(kind))
            except Missing as why:
                self.missing[kind] = str(why)
                (pytest.fail if os.environ.get("CI") else pytest.skip)(str(why))
        return self._servers[kind]

    def create(self, kind: str, folder: Path) -> str:
        """The URL of a new and empty database, of an SQLite file that is yet to be made."""
        if kind == "sqlite":
            return f"sqlite:///{folder}/chat.db"
        return self.server(kind).create(f"chat{next(self._numbers)}")

    def drop(self, kind: str, url: str) -> None:
        """Remove a database, whoever still uses it."""
        if kind != "sqlite":
            name = url.rpartition("/")[2]
            force = " WITH (FORCE)" if kind == "postgresql" else ""
            self.server(kind).run("", f"DROP DATABASE {name}{force}")

    def close(self) -> None:
        """End the servers."""
        self._stack.close()


DATABASES = Databases()
