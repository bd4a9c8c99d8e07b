"""SQLite: WAL, `synchronous=FULL`, one file, and a lock file against a second server."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from itertools import chain
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from geventchat.errors import StartError, StoreError
from geventchat.journal.database.backend import DISK_FULL, LOCKED, READ_ONLY, Backend
from geventchat.journal.database.files import Files, is_held, path_of, privately
from geventchat.journal.database.fulltext import FullText
from geventchat.journal.database.fulltext_sqlite import SqliteFullText
from geventchat.journal.rows import Row

# How long SQLite waits for another process's lock before it gives up. The hub
# goes on meanwhile; the lines that wait for it do not.
LOCK_TIMEOUT_S = 5.0
# So long once it has given up: whoever holds a lock for seconds holds it for more, and
# what is refused then should be refused soon.
LOCK_AGAIN_TIMEOUT_S = 0.5
_WIPE_S, _WIPE_TIMEOUT_S = 10.0, 0.05

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
_GUEST = "PRAGMA synchronous = FULL", "PRAGMA secure_delete = ON"
# Writes are refused by the connection itself, whatever a statement says.
_READER = ("PRAGMA query_only = ON",)

_INSERT = """INSERT INTO events (number, at, kind, room, session, nick, user, host, text, detail)
    VALUES """
_PLACE = "(?,?,?,?,?,?,?,?,?,?)"
# Rows per statement: one step of SQLite, and so one release of the
# interpreter lock, for many rows; 2.2 µs of CPU a row against 3.5 with executemany.
_CHUNKS = {n: _INSERT + ",".join([_PLACE] * n) for n in (256, 128, 64, 32, 16, 8, 4, 2, 1)}

_PLAIN_ERRORS = (
    ("database or disk is full", DISK_FULL),
    ("readonly database", READ_ONLY),
    ("database is locked", LOCKED),
    ("disk I/O error", "disk error"),
    ("unable to open database file", "unable to open the file"),
)


class Sqlite(Backend):
    """Events in one SQLite file."""

    _files: Files

    def __init__(self, url: URL) -> None:
        """Look at the URL only. Raises `StartError`."""
        self._path = path_of(url)
        self.name = str(self._path)
        self._timeout_s = LOCK_TIMEOUT_S
        self._wipe_at = 0.0

    def writer_engine(self) -> Engine:
        """The one connection that writes. It makes the database if there is none.

        The lock on the file is held from now on. Raises `StartError`.
        """
        self._files = Files(self._path)
        return self._engine("rwc", _WRITER)

    def guest_engine(self) -> Engine:
        """A connection of another program; SQLite has the two write in turns."""
        if not self._path.is_file():
            raise StartError(f"there is no database {self.name}")
        return self._engine("rw", _GUEST)

    def held(self, connection: Connection) -> bool:
        """Whether a process holds the lock file."""
        return is_held(self._path)

    def reader_engine(self) -> Engine:
        """The one connection that reads history. The log's readers never stop its writer."""
        return self._engine("ro", _READER)

    def _engine(self, mode: str, pragmas: tuple[str, ...]) -> Engine:
        # Opened by its URI, the only way to ask for a mode.
        uri = f"{self._path.as_uri()}?mode={mode}"
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

    def full_text(self) -> FullText:
        """FTS5, in a file beside the database."""
        return SqliteFullText(self._path)

    def insert(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Add rows to `events`, up to 256 with a statement."""
        start = 0
        while start < len(rows):
            size = next(n for n in _CHUNKS if n <= len(rows) - start)
            values = tuple(chain.from_iterable(rows[start : start + size]))
            connection.exec_driver_sql(_CHUNKS[size], values)
            start += size

    def plain(self, error: DBAPIError) -> str:
        """A driver's error in words that mean something to a user."""
        text = str(error.orig)
        return next((ours for theirs, ours in _PLAIN_ERRORS if theirs in text), "")

    def begin(self, connection: Connection) -> None:
        """Begin a transaction that may change tables.

        Said by us, because Python's driver begins one only when rows are changed: without it,
        every statement of a schema step would be a commit of its own.
        """
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def back_up(self, engine: Engine, version: str) -> None:
        """Copy the database to a file beside it, named after the version it has."""
        copy = self._path.with_name(f"{self._path.name}.before-upgrade-from-{version}")
        part = copy.with_name(f"{copy.name}.part")
        try:
            self._room_for_a_copy()
            part.unlink(missing_ok=True)
            os.close(privately(str(part), os.O_RDWR | os.O_CREAT | os.O_EXCL))
            with engine.connect() as connection, closing(sqlite3.connect(part)) as target:
                connection.connection.driver_connection.backup(target)  # type: ignore[union-attr]
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.replace(copy)
        except (OSError, sqlite3.Error, SQLAlchemyError, StartError) as error:
            part.unlink(missing_ok=True)
            why = str(error)
            if isinstance(error, SQLAlchemyError):
                why = self.words_of(error)
            elif isinstance(error, OSError) and error.strerror:
                why = error.strerror
            raise StartError(
                f"database {self.name} must be upgraded, and cannot be copied before: {why}"
            ) from error

    def _room_for_a_copy(self) -> None:
        log = self._path.with_name(f"{self._path.name}-wal")
        size = self._path.stat().st_size + (log.stat().st_size if log.exists() else 0)
        # The upgrade itself needs about as much again for its log.
        free = shutil.disk_usage(self._path.parent).free
        if free < 2 * size:
            raise StartError(f"that takes {2 * size:,} bytes, and {free:,} are free")

    def opened(self, token: str) -> None:
        """Remember which files SQLite has opened."""
        self._files.opened()

    def check(self) -> None:
        """Raise `StoreError` unless the file's name still leads to what SQLite writes to."""
        self._files.check()

    def committed(self, engine: Engine, erased: bool) -> bool:
        """Have nothing of what was erased in SQLite's log: it is written back and emptied.

        Not more often than every ten seconds, since it takes two syncs, and not for as
        long as another program reads; then the next call does it.
        """
        self._wait_for_locks(engine, LOCK_TIMEOUT_S)
        if not erased or time.monotonic() < self._wipe_at:
            return erased
        self._wipe_at = time.monotonic() + _WIPE_S
        try:
            self._wait_for_locks(engine, _WIPE_TIMEOUT_S)
            with engine.connect() as connection:
                erased = bool(
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
                )
            self._wait_for_locks(engine, LOCK_TIMEOUT_S)
        except (SQLAlchemyError, StoreError):
            pass  # What was committed stays so.
        return erased

    def failed(self, engine: Engine, why: str) -> None:
        """Wait less long for a lock that was held too long."""
        if why == LOCKED:
            self._wait_for_locks(engine, LOCK_AGAIN_TIMEOUT_S)

    def _wait_for_locks(self, engine: Engine, timeout_s: float) -> None:
        if timeout_s != self._timeout_s:
            with self.transaction(engine) as connection:
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(timeout_s * 1000)}")
            self._timeout_s = timeout_s

    def close(self) -> None:
        """Release the lock file."""
        self._files.close()
