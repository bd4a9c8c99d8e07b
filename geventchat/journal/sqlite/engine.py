"""Connections to the database: how they are set, how they begin, how their errors read.

SQLAlchemy opens and holds a connection, commits or rolls back, and puts the
driver's errors under one class. It builds no SQL: statements go to SQLite as
they stand in `queries`, `schema` and `store`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from geventchat.errors import StoreError

# How long SQLite waits for another process's lock before it gives up. The hub
# goes on meanwhile; the lines that wait for it do not.
LOCK_TIMEOUT_S = 5.0
# So long once it has given up: whoever holds a lock for seconds holds it for more, and
# what is refused then should be refused soon.
LOCK_AGAIN_TIMEOUT_S = 0.5

_WRITER = (
    "PRAGMA journal_mode = WAL",
    # FULL syncs the log on every commit; NORMAL would lose commits to a power cut.
    "PRAGMA synchronous = FULL",
    # Copying the log back into the database costs another sync; every 16 MB
    # instead of every 4 it is a tenth less per line.
    "PRAGMA wal_autocheckpoint = 4000",
    # What a long reader of another program made it grow to is given back.
    "PRAGMA journal_size_limit = 67108864",
    # What is erased is overwritten, not only forgotten. Appending frees no page, so it costs
    # nothing there.
    "PRAGMA secure_delete = ON",
)
# Writes are refused by the connection itself, whatever a statement says.
_READER = ("PRAGMA query_only = ON",)

LOCKED = "the database is locked by another program"
_PLAIN_ERRORS = (
    ("database or disk is full", "disk full"),
    ("readonly database", "the database is read-only"),
    ("database is locked", LOCKED),
    ("disk I/O error", "disk error"),
    ("unable to open database file", "unable to open the file"),
)


def writer_engine(path: Path) -> Engine:
    """The one connection that writes. It makes the database if there is none."""
    return _engine(path, "rwc", _WRITER)


def reader_engine(path: Path) -> Engine:
    """The one connection that reads history. The log's readers never stop its writer."""
    return _engine(path, "ro", _READER)


def _engine(path: Path, mode: str, pragmas: tuple[str, ...]) -> Engine:
    # Opened by its URI, the only way to ask for a mode.
    uri = f"{path.as_uri()}?mode={mode}"
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(
            uri, uri=True, timeout=LOCK_TIMEOUT_S, check_same_thread=False
        ),
        poolclass=StaticPool,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, record: object) -> None:
        for pragma in pragmas:
            connection.execute(pragma)

    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """One transaction; SQLAlchemy's errors in it become a `StoreError` for users."""
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise StoreError(plainly(error)) from error


def plainly(error: SQLAlchemyError) -> str:
    """A driver's error in words that mean something to a user."""
    text = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    for theirs, ours in _PLAIN_ERRORS:
        if theirs in text:
            return ours
    return text
