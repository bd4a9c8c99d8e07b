"""Databases with a server: one geventchat each, and what becomes of a lost connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine

from geventchat.errors import JournalTaken, StartError, StoreError
from geventchat.journal.database import mysql, postgresql
from geventchat.journal.database.backend import LOCKED, UNREACHABLE
from geventchat.journal.database.choice import backend_of
from geventchat.journal.database.schema import MYSQL
from geventchat.journal.database.store import DatabaseStore
from geventchat.journal.store import Corrections
from tests.databases import Databases
from tests.journal.entries import said

Open = Callable[[], DatabaseStore]

pytestmark = pytest.mark.parametrize("database", ["postgresql", "mariadb"], indirect=True)


@pytest.fixture
def other(database: str) -> Iterator[Engine]:
    """Another program's way to the same database."""
    made = create_engine(database, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    yield made
    made.dispose()


def hang_up_on_us(other: Engine) -> None:
    """End all connections to that database but the one that asks for it."""
    with other.connect() as connection:
        ask = connection.exec_driver_sql
        if connection.dialect.name in MYSQL:
            mine = "WHERE db = DATABASE() AND id <> CONNECTION_ID()"
            for (number,) in ask(f"SELECT id FROM information_schema.processlist {mine}").all():
                ask(f"KILL {number}")
        else:
            ask(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def numbers(store: DatabaseStore) -> list[int]:
    return [entry.number for entry in store.reader.lines("#a", 1 << 60, 99)]


def test_a_second_server_is_refused_while_the_first_lives(reopened: Open) -> None:
    first = reopened()
    with pytest.raises(StartError, match=r"cannot use database \S+: it is in use by another ge"):
        reopened()
    first.append([said(1)])
    first.close()
    second = reopened()
    assert second.restore().number == 1
    assert second.secret() == first.secret()


def test_a_connection_that_was_lost_meanwhile_is_made_anew(reopened: Open, other: Engine) -> None:
    store = reopened()
    store.append([said(1)])
    assert numbers(store) == [1]
    hang_up_on_us(other)
    store._sure_until = 0.0  # As after a second of silence.
    store.append([said(2)])
    hang_up_on_us(other)
    store._sure_until = 1e9
    with pytest.raises(StoreError, match=f"^{UNREACHABLE}$") as caught:
        store.append([said(3)])
    assert not isinstance(caught.value, JournalTaken)
    store.append([said(3)], Corrections(truncate_after=2))
    assert numbers(store) == [1, 2, 3]


def test_who_lost_the_database_to_another_ends(reopened: Open, other: Engine) -> None:
    first = reopened()
    first.append([said(1)])
    hang_up_on_us(other)
    second = reopened()
    second.append([said(2)])
    with pytest.raises(JournalTaken, match="another server has opened the database since"):
        first.correct(Corrections(truncate_after=1))
    second.append([said(3)])
    assert numbers(second) == [1, 2, 3]


def test_a_server_that_stands_still_refuses_and_what_it_then_does_counts_for_nothing(
    reopened: Open, databases: Databases, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have the commit still before it: that comes to an end before anything is corrected."""
    for backend in (postgresql, mysql):
        monkeypatch.setattr(backend, "SILENCE_S", 1)
        monkeypatch.setattr(backend, "CONNECT_S", 1)
    kind = "mariadb" if database.startswith("mysql") else "postgresql"
    store = reopened()
    store.append([said(1)])
    server = databases.server(kind)
    server.pause()
    try:
        with pytest.raises(StoreError, match=f"^{UNREACHABLE}$"):
            store.append([said(2)])
        with pytest.raises(StoreError, match=f"^{UNREACHABLE}$"):
            store.correct(Corrections(truncate_after=1))
    finally:
        server.resume()
    store.correct(Corrections(truncate_after=1))
    store.append([said(2, text="anew")])
    assert [entry.event for entry in store.reader.lines("#a", 99, 9)] == [
        said(1).event,
        said(2, text="anew").event,
    ]


def locked(connection: Connection) -> tuple[str, str]:
    """How another program locks the events, and lets go of them."""
    if connection.dialect.name in MYSQL:
        return "LOCK TABLES events WRITE", "UNLOCK TABLES"
    return "BEGIN; LOCK TABLE events IN EXCLUSIVE MODE", "COMMIT"


def test_another_programs_lock(reopened: Open, other: Engine) -> None:
    store = reopened()
    store.append([said(1)])
    with other.connect() as connection:
        lock, unlock = locked(connection)
        connection.exec_driver_sql(lock)
        with pytest.raises(StoreError, match=f"^{LOCKED}$"):
            store.append([said(2)])
        connection.exec_driver_sql(unlock)
    store.append([said(2)], Corrections(truncate_after=1))
    assert numbers(store) == [1, 2]


def test_events_that_another_program_wrote_end_the_server(reopened: Open, other: Engine) -> None:
    store = reopened()
    store.append([said(1)])
    with other.connect() as connection:
        connection.exec_driver_sql(
            "INSERT INTO events (number, at, kind, session, nick, host,"
            f" {'`user`' if connection.dialect.name in MYSQL else chr(34) + 'user' + chr(34)})"
            " VALUES (2, 20, 'announced', 1, 'a', 'h', 'u')"
        )
    with pytest.raises(JournalTaken, match="another program has written events"):
        store.append([said(2)])


def test_the_reader_cannot_write(reopened: Open) -> None:
    store = reopened()
    with (
        pytest.raises(StoreError, match=r"read.only"),
        store._backend.transaction(store.reader._engine) as connection,
    ):
        connection.exec_driver_sql("DELETE FROM events")


def test_where_nobody_listens(database: str) -> None:
    from geventchat.journal.database.choice import open_database

    nowhere = database.replace("@127.0.0.1", ":s3cret@127.0.0.1")
    port = nowhere.rpartition(":")[2].partition("/")[0]
    with pytest.raises(StartError) as caught:
        open_database(nowhere.replace(f":{port}/", ":1/"))
    assert str(caught.value).startswith(f"cannot use database {backend_of(database).name[:5]}")
    assert "s3cret" not in str(caught.value)


def test_a_wrong_database_name_is_told(database: str) -> None:
    from geventchat.journal.database.choice import open_database

    with pytest.raises(StartError, match="nosuch"):
        open_database(f"{database.rpartition('/')[0]}/nosuch")


def test_every_commit_is_as_durable_as_it_gets(reopened: Open) -> None:
    store = reopened()
    with store._engine.connect() as connection:
        ask: Any = connection.exec_driver_sql
        if connection.dialect.name in MYSQL:
            assert ask("SELECT @@innodb_flush_log_at_trx_commit").scalar() == 1
            assert ask("SELECT @@tx_isolation").scalar() == "READ-COMMITTED"
        else:
            assert ask("SHOW synchronous_commit").scalar() == "on"
            assert ask("SHOW transaction_isolation").scalar() == "read committed"
