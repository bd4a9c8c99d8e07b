"""One SQLite file a test, and stores on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geventchat.journal.database.choice import open_database
from geventchat.journal.database.store import DatabaseStore

Open = Callable[[], DatabaseStore]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file is."""
    return tmp_path / "chat.db"


@pytest.fixture
def opened(path: Path) -> Iterator[Open]:
    """Open the one database of this test; what is left open is closed."""
    stores: list[DatabaseStore] = []

    def open_it() -> DatabaseStore:
        stores.append(open_database(f"sqlite:///{path}"))
        return stores[-1]

    yield open_it
    for store in stores:
        store.close()
