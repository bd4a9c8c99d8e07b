"""The index of a PostgreSQL database: `tsvector` with GIN.

The vectors are made of terms as they are, so no configuration has a say, `simple` neither.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, event

from geventchat.journal.database.backend import Backend
from geventchat.journal.database.fulltext import Wanted, all_of
from geventchat.journal.database.fulltext_server import LINES, ServerFullText

_SETTINGS = (
    "SET default_transaction_read_only = off",
    # GIN answers with bitmaps alone.
    "SET enable_bitmapscan = on",
    # What a crash of the server loses is indexed again.
    "SET synchronous_commit = off",
)
_TABLES = (
    f"CREATE TABLE {LINES} (number bigint PRIMARY KEY, terms tsvector NOT NULL)",
    # New terms first go into a list that every search reads: no longer than some milliseconds'.
    f"CREATE INDEX {LINES}_terms ON {LINES} USING gin (terms) WITH (gin_pending_list_limit = 256)",
)
_INSERT = f"""INSERT INTO {LINES} (number, terms)
    SELECT (line ->> 0)::bigint, array_to_tsvector(ARRAY(
        SELECT jsonb_array_elements_text(line -> 1)))
    FROM jsonb_array_elements(%s::jsonb) AS line ON CONFLICT DO NOTHING"""
# First what matches, by the index; else a planner that takes terms for frequent ones would
# walk the numbers backwards.
_TERM = "'{}'"
_FIND = f"""WITH found AS MATERIALIZED (SELECT number FROM {LINES} WHERE terms @@ %s::tsquery)
    SELECT number FROM found WHERE number > %s AND number < %s
    ORDER BY number DESC LIMIT %s"""


class PostgresqlFullText(ServerFullText):
    """A table with a GIN index."""

    def _engine(self, backend: Backend) -> Engine:
        engine = backend.reader_engine()

        @event.listens_for(engine, "connect")
        def configure(connection: Any, record: object) -> None:
            with connection.cursor() as cursor:
                for setting in _SETTINGS:
                    cursor.execute(setting)
            connection.commit()

        return engine

    def _make(self, connection: Connection) -> None:
        for statement in _TABLES:
            connection.exec_driver_sql(statement)

    def _insert(self, connection: Connection, lines: list[tuple[int, list[str]]]) -> None:
        connection.exec_driver_sql(_INSERT, (json.dumps(lines),))

    def _find(
        self, connection: Connection, blocks: list[Wanted], after: int, before: int, limit: int
    ) -> Sequence[int]:
        # Terms are letters, digits and symbols, so quotes hold them.
        query = " | ".join(f"({all_of(block, ' & ', ' | ', _TERM)})" for block in blocks)
        return connection.exec_driver_sql(_FIND, (query, after, before, limit)).scalars().all()

    def _term(self, block: str, term: str) -> str:
        return block + term
