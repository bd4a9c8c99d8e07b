"""However long the journal is, reading a part of it costs no scan."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from geventchat.chat.events import Entry, Event, Identity, Pinned, Said, Told
from geventchat.chat.history import PRIVATE_REPLAYED, REPLAYED, HistoryQuery, HistoryRange
from geventchat.journal.rows import row_of
from geventchat.journal.sqlite import queries, schema
from geventchat.journal.sqlite.queries import Query

WHOLE = HistoryRange()
AL = Identity(1, "al", "u", "h")


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(":memory:")
    for step in schema.STEPS:
        for statement in step:
            made.execute(statement)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("query", "indexes"),
    [
        (queries.lines("#a", 99, 9, 0), {"events_lines"}),
        (queries.last_seen("alice", 99), {"events_seen"}),
        (queries.event(7), {"PRIMARY KEY"}),
        (queries.history(HistoryQuery(WHOLE, 9, True, "#a"), 1), {"events_lines"}),
        (
            queries.history(HistoryQuery(WHOLE, 9, True, "#a", kinds=REPLAYED), 1),
            {"events_lines", "events_doings", "events_pinned"},
        ),
        (
            queries.history(HistoryQuery(WHOLE, 9, False, peer="b", kinds=PRIVATE_REPLAYED), 1),
            {"events_talk_by", "events_talk_to"},
        ),
        (
            queries.history(HistoryQuery(WHOLE, 9, True, "#a", kinds=(Pinned,)), 1),
            {"events_pinned"},
        ),
        (queries.peers(WHOLE, 9, 1), {"events_talk_by", "events_talk_to"}),
        ((queries.LAST, ()), set()),
        ((queries.TIME_FROM, (9,)), {"PRIMARY KEY"}),
        ((queries.ENDS, ()), set()),
    ],
)
def test_it_is_found_by_an_index(
    database: sqlite3.Connection, query: Query, indexes: set[str]
) -> None:
    statement, parameters = query
    rows = database.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
    plan = [row[-1] for row in rows]
    used = [line for line in plan if "events" in line]
    assert used
    # The latest event is the first one met from the end.
    walks = [line for line in used if not line.startswith("SEARCH")]
    assert walks == (["SCAN events"] if statement == queries.LAST else []), plan
    # What is put in order is what was found, of which a bound was taken before.
    sorts = [line for line in plan if "TEMP B-TREE" in line]
    assert not sorts or "UNION ALL" in statement, plan
    assert all(any(f" {index} " in line for line in used) for index in indexes), plan


def test_steps_of_sqlite_do_not_grow_with_what_others_said(database: sqlite3.Connection) -> None:
    """A room with few lines among many, and a talk among many others."""
    events: list[Event] = [Said(AL, "#few", "hello"), Told(AL, 2, "bo", "psst")]
    events += [Said(AL, f"#{n % 7}", "x") for n in range(20_000)]
    events += [Told(AL, 3, "cy", "x") for _ in range(5000)]
    rows = [row_of(Entry(n, n, event)) for n, event in enumerate(events, 1)]
    marks = ",".join("?" * len(rows[0]))
    database.executemany(f"INSERT INTO events ({schema.COLUMNS}) VALUES ({marks})", rows)
    private = HistoryQuery(WHOLE, 500, True, peer="bo", kinds=PRIVATE_REPLAYED)
    for query in (
        queries.lines("#few", 1 << 60, 500, 0),
        queries.history(HistoryQuery(WHOLE, 500, True, "#few", kinds=REPLAYED), 1),
        queries.history(HistoryQuery(WHOLE, 500, False, "#few", kinds=REPLAYED), 1),
        queries.history(private, 1),
        queries.peers(WHOLE, 9, 1),
        queries.event(1),
        queries.last_seen("al", 1 << 60),
        (queries.TIME_FROM, (12_345,)),
    ):
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        database.set_progress_handler(count, 10)  # Each ten steps of its machine.
        database.execute(*query).fetchall()
        database.set_progress_handler(None, 0)
        assert steps < 60, query
