"""However long the journal is, reading a part of it costs no scan."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from geventchat.chat.events import Pinned
from geventchat.chat.history import PRIVATE_REPLAYED, REPLAYED, HistoryQuery, HistoryRange
from geventchat.journal.sqlite import queries, schema
from geventchat.journal.sqlite.queries import Query

WHOLE = HistoryRange()


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
            {"events_told_by", "events_told_to"},
        ),
        (
            queries.history(HistoryQuery(WHOLE, 9, True, "#a", kinds=(Pinned,)), 1),
            {"events_pinned"},
        ),
        (queries.peers(WHOLE, 9, 1), {"events_told_by", "events_told_to"}),
        ((queries.SPELLING, ("#a",)), {"events_doings"}),
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
    assert all(line.startswith("SEARCH") for line in used), plan
    assert all(any(f" {index} " in line for line in used) for index in indexes), plan
