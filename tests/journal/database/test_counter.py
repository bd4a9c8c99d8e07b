"""Orders are left in a database beside the server that has it open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from geventchat.chat.events import SERVER, Entry, Restarted
from geventchat.errors import StartError
from geventchat.journal.database.choice import backend_of, open_database
from geventchat.journal.database.counter import OrderCounter
from geventchat.journal.database.store import DatabaseStore
from geventchat.journal.store import Order


@pytest.fixture
def store(database: str) -> Iterator[DatabaseStore]:
    """The server's."""
    made = open_database(database)
    yield made
    made.close()


@pytest.fixture
def counter(database: str, store: DatabaseStore) -> Iterator[OrderCounter]:
    made = OrderCounter(backend_of(database))
    yield made
    made.close()


def test_an_order_is_taken_and_answered(counter: OrderCounter, store: DatabaseStore) -> None:
    first, second = counter.put_order("add", "{}"), counter.put_order("list", "x")
    assert store.orders(10) == [Order(first, "add", "{}"), Order(second, "list", "x")]
    assert counter.answer_to(first) is None
    store.answer_order(first, "done")
    assert counter.answer_to(first) == "done"
    assert not counter.withdraw_order(first)
    assert counter.withdraw_order(second)
    assert store.orders(10) == []


def test_the_server_writes_on_meanwhile(counter: OrderCounter, store: DatabaseStore) -> None:
    for number in range(1, 20):
        store.append([Entry(number, 1000 + number, Restarted(SERVER))])
        counter.put_order("add", "{}")
        counter.put_credential(f"c{number}", "hash")
    assert counter.last() == 19
    assert len(counter.changes(0, 100)) == 19
    assert store.credential("c19") == "hash"


def test_it_knows_whether_somebody_takes_orders(database: str) -> None:
    server = open_database(database)
    counter = OrderCounter(backend_of(database))
    assert counter.is_served
    server.close()
    assert not counter.is_served
    again = open_database(database)  # The counter has not kept it.
    assert counter.is_served
    again.close()
    counter.close()


def test_old_orders_go(
    counter: OrderCounter, store: DatabaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = counter.put_order("add", "{}")
    waits = counter.put_order("add", "{}")
    store.answer_order(number, "done")
    counter.put_order("add", "{}")
    assert counter.answer_to(number) == "done"
    monkeypatch.setattr("geventchat.journal.database.counter._KEPT_MS", -60_000)
    counter.put_order("add", "{}")
    assert counter.answer_to(number) is None
    assert store.orders(1)[0].number == waits


def test_a_database_without_tables_is_not_touched(database: str) -> None:
    with pytest.raises(StartError, match=r"there is no database|is empty: start the server on it"):
        OrderCounter(backend_of(database))
    open_database(database).close()  # It still is as new.


@pytest.mark.parametrize("version", ["6", "8"])
def test_a_database_of_another_version_is_not_touched(database: str, version: str) -> None:
    from sqlalchemy import create_engine, text

    open_database(database).close()
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE geventchat_schema SET version_num = '{version}'"))
    engine.dispose()
    words = "older geventchat .schema 6.: start" if version == "6" else "made by a newer geventchat"
    with pytest.raises(StartError, match=words):
        OrderCounter(backend_of(database))
