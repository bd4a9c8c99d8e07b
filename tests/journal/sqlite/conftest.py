"""One database file a test, and stores on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geventchat.journal.sqlite.store import SqliteStore

Open = Callable[[], SqliteStore]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chat.db"


@pytest.fixture
def opened(path: Path) -> Iterator[Open]:
    """Open the one database of this test; what is left open is closed."""
    stores: list[SqliteStore] = []

    def open_it() -> SqliteStore:
        stores.append(SqliteStore(f"sqlite:///{path}"))
        return stores[-1]

    yield open_it
    for store in stores:
        store.close()
