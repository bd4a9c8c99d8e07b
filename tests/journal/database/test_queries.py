"""However long the journal is, reading a part of it looks at little more than that part."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text

from geventchat.chat.events import (
    Arrived,
    Entry,
    Event,
    Identity,
    Joined,
    Left,
    Pinned,
    Said,
    Tagged,
    TaggedTo,
    Told,
    TopicSet,
)
from geventchat.chat.history import PRIVATE_REPLAYED, REPLAYED, HistoryQuery, HistoryRange
from geventchat.journal.database import queries
from geventchat.journal.database.choice import open_database
from geventchat.journal.database.schema import MYSQL
from geventchat.journal.database.store import DatabaseStore
from tests.databases import ALL

WHOLE, END = HistoryRange(), 1 << 60
AL, BO, CY = (
    Identity(n, nick, "u", "h", account=nick) for n, nick in enumerate(("al", "bo", "cy"))
)
LOOKS_MAX = 60


def events() -> Iterator[Event]:
    """A little of each kind among much that others did."""
    yield Said(AL, "#few", "hello")
    yield Told(AL, 2, "bo", "psst", account="bo")
    yield Joined(BO, "#few")
    yield Left(BO, "", ("#few",))
    yield Arrived(BO, "irc")
    for n in range(4000):
        yield Said(AL, f"#{n % 7}", "x")
        if n % 2:
            yield Told(AL, 3, "cy", "x", account="cy")
            yield TaggedTo(AL, 2, "bo", "+typing", account="bo")
            yield Tagged(AL, "#few", "+typing")
        elif n % 7 == 1:
            yield Left(CY, "", (f"#{n % 5}",))
            yield TopicSet(CY, "#0", "x")
    yield Pinned(AL, "#few", "hello")


@pytest.fixture(scope="module", params=ALL)
def kept(request: pytest.FixtureRequest, used: Callable[[str], str]) -> Iterator[DatabaseStore]:
    """A store with all that, of each kind by turns."""
    store = open_database(used(request.param))
    entries = [Entry(n, n, event) for n, event in enumerate(events(), 1)]
    for start in range(0, len(entries), 500):
        store.append(entries[start : start + 500])
    yield store
    store.close()


Look = Callable[[Connection, str], int]


def looks_of_sqlite(connection: Connection, query: str) -> int:
    """Hundreds of steps of SQLite's machine: one, for each row that is looked at, has some ten."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    driver: Any = connection.connection.driver_connection
    driver.set_progress_handler(count, 20)
    connection.exec_driver_sql(query).all()
    driver.set_progress_handler(None, 0)
    return steps


def looks_of_postgresql(connection: Connection, query: str) -> int:
    """Rows that any step of the plan found or threw away."""
    plan = connection.execute(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}")).scalar()
    (top,) = json.loads(plan) if isinstance(plan, str) else plan

    def rows(node: Any) -> float:
        mine = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        return mine * node["Actual Loops"] + sum(map(rows, node.get("Plans", ())))

    return int(rows(top["Plan"]))


def looks_of_mysql(connection: Connection, query: str) -> int:
    """Rows that were fetched from any table, made for the moment or not."""

    def fetched() -> int:
        found = connection.exec_driver_sql("SHOW SESSION STATUS LIKE 'Handler_read%%'").all()
        return sum(int(count) for _, count in found)

    before = fetched()
    connection.exec_driver_sql(query.replace("%", "%%")).all()
    between = fetched()
    return 2 * between - before - fetched()  # To ask costs something, too.


LOOKS: dict[str, Look] = {"sqlite": looks_of_sqlite, "postgresql": looks_of_postgresql}
LOOKS |= dict.fromkeys(MYSQL, looks_of_mysql)


def talk(latest: bool = True) -> HistoryQuery:
    return HistoryQuery(WHOLE, 20, latest, peer="bo", kinds=(Told,))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (queries.lines("#few", END, 500, 0), 1),
        (queries.lines("#0", END, 10, 0), 10),
        (queries.lines("#0", 5000, 10, 4000), 10),
        (queries.event(7), 1),
        (queries.last_seen("BO", END), 1),
        (queries.last_seen("zoe", END), 0),
        (queries.history(HistoryQuery(WHOLE, 500, True, "#few"), ""), 1),
        (queries.history(HistoryQuery(WHOLE, 500, False, "#few", kinds=(Said, Joined)), ""), 2),
        (queries.history(HistoryQuery(WHOLE, 500, True, "#few", kinds=(Said, Left)), ""), 2),
        (queries.history(HistoryQuery(WHOLE, 500, True, "#few", kinds=(Pinned,)), ""), 1),
        (queries.history(HistoryQuery(WHOLE, 3, True, "#few", kinds=REPLAYED), ""), 3),
        (queries.history(talk(), "al"), 1),
        (queries.history(talk(latest=False), "al"), 1),
        (queries.history(talk()._replace(limit=3, kinds=PRIVATE_REPLAYED), "al"), 3),
        (queries.history(talk(), "cy"), 0),
        (queries.first_told("al", 0, END, 9), 9),
        (queries.first_told("al", 3000, END, 9), 9),
        (queries.count("#few", 0, END, 500), 1),
        (queries.count("#0", 0, END, 20), 1),
        (queries.latest_told("al", 0, END, 9), 9),
        (queries.latest_told("zoe", 0, END, 9), 0),
        (queries.changed(0, 9), 9),
        (queries.changed(5000, 9), 9),
        (queries.from_number(3000), 1),
        (queries.LAST, 1),
        (queries.old_words(Said, "#0", END, 9), 9),
    ],
)
def test_it_looks_at_little_more_than_it_finds(kept: DatabaseStore, query: Any, found: int) -> None:
    with kept.reader._engine.connect() as connection:
        assert len(connection.execute(query).all()) == found
        written = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
        looks = LOOKS[connection.dialect.name](connection, written)
        connection.rollback()
    assert looks <= LOOKS_MAX


def test_a_moment_is_found_in_a_few_looks(kept: DatabaseStore) -> None:
    last = kept.restore().number
    for at in (0, 1, 777, last, last + 1):
        assert kept.reader.first_since(at) == max(at, 1)
