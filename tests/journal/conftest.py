"""What tests of the journal share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gevent
import pytest
from sqlalchemy import NullPool, create_engine, delete, insert

from geventchat.journal.database.choice import open_database
from geventchat.journal.database.schema import metadata, writer
from geventchat.journal.memory import MemoryStore
from geventchat.journal.store import Store
from tests.databases import ALL, Databases
from tests.journal.desk import HANG_S, Desk


@pytest.fixture
def desks() -> Any:
    """desks(...): a desk whose journal is stopped after the test."""
    made: list[Desk] = []

    def make(**more: Any) -> Desk:
        made.append(Desk(**more))
        return made[-1]

    yield make
    for desk in made:
        desk.disk.fails = ""
        gevent.spawn(desk.journal.stop, HANG_S).get(timeout=HANG_S)


@pytest.fixture
def reopened(database: str) -> Iterator[Callable[[], Any]]:
    """reopened(): open the one database of this test; what is left open is closed."""
    stores: list[Store] = []

    def open_it() -> Any:
        stores.append(open_database(database))
        return stores[-1]

    yield open_it
    for store in stores:
        store.close()


@pytest.fixture(scope="session")
def used(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """used(kind): the URL of a database that has its tables, and nothing in them.

    To make the tables takes longer than a test.
    """
    urls: dict[str, str] = {}

    def empty(kind: str) -> str:
        if kind not in urls:
            urls[kind] = databases.create(kind, tmp_path_factory.mktemp(kind))
            open_database(urls[kind]).close()
        engine = create_engine(urls[kind], poolclass=NullPool)
        with engine.begin() as connection:
            for table in metadata.tables.values():
                connection.execute(delete(table))
            connection.execute(insert(writer), [{"token": "", "corrections": 0}])
        return urls[kind]

    return empty


@pytest.fixture(params=["memory", *ALL])
def store(
    request: pytest.FixtureRequest, used: Callable[[str], str], tmp_path: Path
) -> Iterator[Store]:
    """An empty store, of each kind by turns."""
    if request.param == "memory":
        yield MemoryStore(10_000)
        return
    sqlite = request.param == "sqlite"
    made = open_database(f"sqlite:///{tmp_path}/chat.db" if sqlite else used(request.param))
    yield made
    made.close()
