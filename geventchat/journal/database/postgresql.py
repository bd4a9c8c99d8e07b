"""PostgreSQL, through psycopg 3.

psycopg leaves the waiting to functions that look at whether the process is patched, and wait
with gevent then. Its connections live in native threads here, so it is given one that waits for
real; and that has a deadline, since a server that is stopped or gone says nothing.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Generator, Sequence
from importlib import import_module
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from geventchat.journal.database.backend import (
    DISK_FULL,
    LOCKED,
    READ_ONLY,
    UNFIT,
    UNREACHABLE,
)
from geventchat.journal.database.fulltext import FullText
from geventchat.journal.database.fulltext_postgresql import PostgresqlFullText
from geventchat.journal.database.remote import (
    CONNECT_S,
    LOCK_S,
    SILENCE_S,
    STATEMENT_S,
    Hung,
    Remote,
)
from geventchat.journal.database.unpatched import waited
from geventchat.journal.rows import Row

log = logging.getLogger(__name__)

# Which lock of a database's locks is ours: "gev" and "chat", as numbers.
_LOCK = (0x676576, 0x63686174)
# As `pg_locks` has locks of two numbers.
_HELD = """SELECT count(*) FROM pg_locks JOIN pg_database ON pg_locks.database = pg_database.oid
    WHERE locktype = 'advisory' AND datname = current_database()
    AND classid = %s AND objid = %s AND granted"""
_NAMES = "number", "at", "kind", "room", "session", "nick", "user", "host", "text", "detail"
_COLUMNS = ", ".join(f'"{name}"' for name in _NAMES)
_TYPES = ", ".join(
    f'"{name}" {"bigint" if name in ("number", "at", "session") else "text"}' for name in _NAMES
)
# One parameter for all rows: half the work of `unnest`, a quarter of that of `VALUES`.
_INSERT = f"""INSERT INTO events ({_COLUMNS})
    SELECT {_COLUMNS} FROM json_to_recordset(%s::json) AS rows({_TYPES})"""

_SETTINGS = (
    f"SET statement_timeout = {STATEMENT_S * 1000}",
    f"SET lock_timeout = {LOCK_S * 1000}",
    "SET idle_in_transaction_session_timeout = 0",
    # Each question is meant as a search in an index; a planner without statistics may think
    # otherwise, and would read all there is.
    "SET enable_seqscan = off",
    "SET enable_bitmapscan = off",
    "SET enable_hashjoin = off",
    "SET enable_mergejoin = off",
    "SET synchronous_commit = on",
)
# By the classes and codes of errors (PostgreSQL's appendix A).
_PLAIN_ERRORS = {
    "53100": DISK_FULL,
    "25006": READ_ONLY,
    "55P03": LOCKED,
    "57014": LOCKED,
    "40P01": LOCKED,
    "22021": UNFIT,
    "22P02": UNFIT,
    "22P05": UNFIT,
    "53300": "the database takes no more connections",
    "57P01": UNREACHABLE,
    "57P02": UNREACHABLE,
    "57P03": UNREACHABLE,
}


class PostgreSQL(Remote):
    """A database of a PostgreSQL server."""

    title, driver, extra = "PostgreSQL", "psycopg", "postgresql"

    def _options(self) -> dict[str, Any]:
        _wait_for_real()
        return {
            "connect_args": {"connect_timeout": CONNECT_S, "application_name": "geventchat"},
            "use_native_hstore": False,
        }

    def _set_up(self, cursor: Any, writes: bool) -> None:
        for setting in _SETTINGS:
            cursor.execute(setting)
        if not writes:
            cursor.execute("SET default_transaction_read_only = on")
            return
        cursor.execute("SHOW fsync")
        if cursor.fetchone() != ("on",):
            log.warning("database %s: fsync is off there; a power cut may lose lines", self.name)

    def _hold(self, cursor: Any) -> bool:
        from psycopg.errors import LockNotAvailable, QueryCanceled

        cursor.connection.commit()
        try:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", _LOCK)
        except (LockNotAvailable, QueryCanceled):
            cursor.connection.rollback()
            return False
        return True

    def full_text(self) -> FullText:
        """`tsvector`, in a table of its own."""
        return PostgresqlFullText(self)

    def held(self, connection: Connection) -> bool:
        """Whether a connection holds the lock."""
        return bool(connection.exec_driver_sql(_HELD, _LOCK).scalar())

    def insert(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Add rows to `events` with one statement."""
        values = [dict(zip(_NAMES, row, strict=True)) for row in rows]
        connection.exec_driver_sql(_INSERT, (json.dumps(values),))

    def plain(self, error: DBAPIError) -> str:
        """A driver's error in words that mean something to a user."""
        code = getattr(error.orig, "sqlstate", None)
        if code is None:
            text = str(error.orig)
            return UNFIT if "NUL" in text else UNREACHABLE
        return UNREACHABLE if code.startswith("08") else _PLAIN_ERRORS.get(code, "")


def _wait_for_real() -> None:
    """Have psycopg wait without gevent, and not for ever."""
    from psycopg import OperationalError

    waiting: Any = import_module("psycopg.waiting")

    class HungPostgreSQL(OperationalError, Hung):
        """What SQLAlchemy takes for an error of the driver."""

    def expired() -> Exception:
        return HungPostgreSQL("the database does not answer")

    def wait(steps: Any, fileno: int, interval: float = 0.0, timeout: float | None = None) -> Any:
        return waited(_numbered(steps, fileno), timeout or SILENCE_S, expired)

    def wait_conn(steps: Any, interval: float = 0.0, timeout: float | None = None) -> Any:
        return waited(steps, timeout or CONNECT_S, expired)

    waiting.wait, waiting.wait_conn = wait, wait_conn


def _numbered(steps: Any, number: int) -> Generator[tuple[int, int], int, Any]:
    """The steps of a connection whose descriptor is known."""
    from psycopg.waiting import Ready

    try:
        wanted = next(steps)
        while True:
            wanted = steps.send(Ready((yield number, wanted)))
    except StopIteration as end:
        return end.value
