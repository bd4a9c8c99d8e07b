"""The schema is made by its versions, and is what the program's tables say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, NullPool, create_engine, inspect

from geventchat.errors import StartError
from geventchat.journal.database.choice import open_database
from geventchat.journal.database.schema import metadata
from geventchat.journal.database.store import DatabaseStore
from geventchat.journal.database.upgrade import VERSION, VERSION_TABLE
from tests.journal.entries import said

Open = Callable[[], DatabaseStore]


@pytest.fixture
def other(database: str) -> Iterator[Engine]:
    """Another program's way to the same database."""
    made = create_engine(database, poolclass=NullPool)
    yield made
    made.dispose()


def run(other: Engine, *statements: str) -> None:
    with other.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def _elsewhere(difference: Any) -> bool:
    """Whether it is an index that other kinds of databases have."""
    what, thing, *_ = difference
    return what == "add_index" and thing.name in ("events_rooms", "events_lines", "events_doings")


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def test_the_tables_are_those_that_the_program_knows(reopened: Open, other: Engine) -> None:
    reopened().close()
    with other.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        differ = [what for what in compare_metadata(context, metadata) if not _elsewhere(what)]
        assert differ == []
        assert context.get_current_revision() == VERSION


def test_opening_it_again_changes_nothing(reopened: Open) -> None:
    store = reopened()
    store.append([said(1)])
    store.close()
    again = reopened()
    assert again.restore() == (1, 10)
    assert [entry.number for entry in again.reader.lines("#a", 9, 9)] == [1]


def test_a_database_of_a_later_program(reopened: Open, other: Engine) -> None:
    reopened().close()
    run(other, f"UPDATE {VERSION_TABLE} SET version_num = '99'")
    with pytest.raises(StartError, match=r"made by a newer geventchat \(schema 99\)"):
        reopened()
    run(other, f"UPDATE {VERSION_TABLE} SET version_num = '{VERSION}'")
    assert reopened().restore().number == 0


@pytest.mark.parametrize("name", ["invoices", "orders", "events", "alembic_version"])
def test_a_database_of_another_program_is_left_alone(
    database: str, other: Engine, name: str
) -> None:
    run(other, f"CREATE TABLE {name} (n INTEGER)", f"INSERT INTO {name} VALUES (7)")
    with pytest.raises(StartError, match=f"is another program's: it has the table {name}"):
        open_database(database)
    with other.connect() as connection:
        assert tables(connection) == {name}
        assert connection.exec_driver_sql(f"SELECT n FROM {name}").scalar() == 7


def test_a_first_start_that_died_half_way_is_made_good(reopened: Open, other: Engine) -> None:
    """MySQL commits each statement by itself."""
    if other.dialect.name in ("sqlite", "postgresql"):
        run(other, f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL)")
    else:
        reopened().close()
        run(other, f"DELETE FROM {VERSION_TABLE}", "DROP TABLE marks", "DROP TABLE orders")
    store = reopened()
    store.append([said(1)])
    assert store.marks("al") == store.orders(9) == []
