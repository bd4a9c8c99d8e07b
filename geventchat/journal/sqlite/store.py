"""`SqliteStore`: WAL, `synchronous=FULL`, one connection, one thread.

SQLAlchemy opens and holds the connection, commits or rolls back, and puts the
driver's errors under one class. It builds no SQL: statements go to SQLite as
they stand here and in `queries`.

MUST: a call that returned has reached the disk. MUST NOT: touch anything of
the hub's; it is given entries (frozen) and returns entries or raises.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from geventchat.chat.events import Entry, Founding, Joined
from geventchat.chat.history import HistoryQuery, HistoryRange, Recollection
from geventchat.chat.rooms import founding_of
from geventchat.chat.text import clean_for_terminal
from geventchat.errors import StartError, StoreError
from geventchat.journal.rows import entry_of, row_of
from geventchat.journal.sqlite import queries
from geventchat.journal.sqlite.queries import Query
from geventchat.journal.sqlite.schema import COLUMNS, upgrade
from geventchat.journal.store import Restored

# How long SQLite waits for another process's lock before it gives up. The hub
# goes on meanwhile; the lines that wait for it do not.
_LOCK_TIMEOUT_S = 5.0

_INSERT = f"INSERT INTO events ({COLUMNS}) VALUES "
_PLACE = "(?,?,?,?,?,?,?,?,?,?)"
# Rows per statement: one step of SQLite, and so one release of the
# interpreter lock, for many rows; 2.2 µs of CPU a row against 3.5 with executemany.
_CHUNKS = {n: _INSERT + ",".join([_PLACE] * n) for n in (256, 128, 64, 32, 16, 8, 4, 2, 1)}

_TRUNCATE = "DELETE FROM events WHERE number > ?"
_VOID = "UPDATE events SET void = 1 WHERE number = ?"
_REDACT = "UPDATE events SET void = 1, text = NULL, detail = NULL WHERE number = ?"

_PLAIN_ERRORS = (
    ("database or disk is full", "disk full"),
    ("readonly database", "the database is read-only"),
    ("database is locked", "the database is locked by another program"),
    ("disk I/O error", "disk error"),
    ("unable to open database file", "unable to open the file"),
)


class SqliteStore:
    """Events in one SQLite file, guarded by a lock file against a second server."""

    in_thread = True

    def __init__(self, url: str) -> None:
        """Open the database, and create or upgrade it if need be. Raises `StartError`."""
        path = _path_of(url)
        self.name = str(path)
        self._lock = _locked(path)
        self._engine = _engine_of(path)
        try:
            with self._engine.begin() as connection:
                _prepare(connection, self.name)
        except (SQLAlchemyError, StartError) as error:
            self.close()
            if isinstance(error, StartError):
                raise
            raise StartError(f"cannot use database {path}: {_plainly(error)}") from error

    def restore(self, rooms_max: int) -> Restored:
        """Read the last number and time, and the rooms that are to be known."""
        with self._transaction() as connection:
            ask = connection.exec_driver_sql
            last = ask(queries.LAST).one_or_none()
            number, at = last or (0, 0)
            # Those with a topic first, if not all of them can be taken over.
            keys = [*ask(queries.TOPICS, (rooms_max,)).scalars()]
            keys += ask(queries.ROOMS, (rooms_max,)).scalars()
            rooms = []
            for key in dict.fromkeys(keys):
                founding = _founding(connection, key, number + 1)
                if founding.reads_from <= number:
                    rooms.append((_spelt(key, ask(queries.SPELLING, (key,)).scalar()), founding))
        return Restored(number, at, rooms)

    def append(self, entries: Sequence[Entry], truncate_after: int | None = None) -> None:
        """Insert entries in one transaction, first deleting those after `truncate_after`."""
        rows = [row_of(entry) for entry in entries]
        with self._transaction() as connection:
            if truncate_after is not None:
                connection.exec_driver_sql(_TRUNCATE, (truncate_after,))
            start = 0
            while start < len(rows):
                size = next(n for n in _CHUNKS if n <= len(rows) - start)
                values = tuple(chain.from_iterable(rows[start : start + size]))
                connection.exec_driver_sql(_CHUNKS[size], values)
                start += size

    def void(self, numbers: Sequence[int]) -> None:
        """Mark entries as refused; no query finds them."""
        with self._transaction() as connection:
            for number in numbers:
                connection.exec_driver_sql(_VOID, (number,))

    def redact(self, numbers: Sequence[int]) -> None:
        """Void entries and erase their text and detail."""
        with self._transaction() as connection:
            for number in numbers:
                connection.exec_driver_sql(_REDACT, (number,))

    def lines(self, room: str, before: int, limit: int, after: int = 0) -> list[Entry]:
        """The latest `limit` lines of a room with numbers between those two, oldest first."""
        return self._entries(queries.lines(room, before, limit, after))[::-1]

    def recall(self, room: str, end: int, limit: int) -> Recollection:
        """What a room nobody is in takes up again before event number `end`, and its last lines."""
        with self._transaction() as connection:
            founding = _founding(connection, room, end)
        return Recollection(founding, self.lines(room, end, limit, founding.reads_from - 1))

    def history(self, query: HistoryQuery, session: int) -> list[Entry]:
        """The entries a query asks for, oldest first; of private talks, those of `session`."""
        entries = self._entries(queries.history(query, session))
        return entries[::-1] if query.latest else entries

    def peers(self, within: HistoryRange, limit: int, session: int) -> list[tuple[str, int]]:
        """The nicks a session talked with in private and when last, the latest first."""
        rows = self._rows(queries.peers(within, limit, session))
        return [(clean_for_terminal(nick), at) for nick, at in rows]

    def event(self, number: int) -> Entry | None:
        """The entry with that number, unless it was voided or redacted."""
        return next(iter(self._entries(queries.event(number))), None)

    def last_seen(self, nick: str, before: int) -> Entry | None:
        """The last arrival, departure or renaming under that nick, before an event number."""
        return next(iter(self._entries(queries.last_seen(nick, before))), None)

    def close(self) -> None:
        """Close the database and release its lock file."""
        self._engine.dispose()
        self._lock.close()

    def _rows(self, query: Query) -> Sequence[Any]:
        with self._transaction() as connection:
            return connection.exec_driver_sql(*query).all()

    def _entries(self, query: Query) -> list[Entry]:
        return [entry_of(row) for row in self._rows(query)]

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """One transaction; SQLAlchemy's errors in it become a `StoreError` for users."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StoreError(_plainly(error)) from error


def _path_of(url: str) -> Path:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StartError(
            f"database: {url!r} is not a database URL such as sqlite:///chat.db"
        ) from None
    if parsed.get_backend_name() != "sqlite":
        raise StartError(
            f"database: {parsed.get_backend_name()} is not supported; use sqlite:///FILE or none"
        )
    if parsed.database in (None, "", ":memory:"):
        raise StartError("database: an SQLite URL names a file; for memory only use 'none'")
    # Resolved, so that a link to it finds the same lock.
    return Path(str(parsed.database)).resolve()


def _locked(path: Path) -> IO[str]:
    """Hold the lock file beside the database; two servers would number events twice.

    SQLite's own file must not be used for it: closing any descriptor of it
    would drop SQLite's locks (POSIX advisory locks belong to the process).
    """
    lock = path.with_name(path.name + "-lock")
    try:
        file = lock.open("a+")
    except OSError as error:
        raise StartError(f"cannot use database {path}: {error.strerror}") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        holder = file.read(20).strip() or "another process"
        file.close()
        raise StartError(f"database {path} is in use by process {holder}") from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def _engine_of(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "timeout": _LOCK_TIMEOUT_S},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, record: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        # FULL syncs the log on every commit; NORMAL would lose commits to a power cut.
        connection.execute("PRAGMA synchronous = FULL")
        # Copying the log back into the database costs another sync; every 16 MB
        # instead of every 4 it is a tenth less per line.
        connection.execute("PRAGMA wal_autocheckpoint = 4000")

    return engine


def _prepare(connection: Connection, name: str) -> None:
    # Said by us, because Python's driver begins a transaction only when rows are changed:
    # without it, every statement of a schema step would be a commit of its own.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    upgrade(connection, name)
    # A database that can only be read must stop the start, not the first line.
    connection.exec_driver_sql("UPDATE events SET void = void WHERE number = -1")


def _founding(connection: Connection, room: str, end: int) -> Founding:
    """What a room takes up again, from its lives' beginnings, its modes and its topic."""
    lives = connection.exec_driver_sql(*queries.lives(room, end)).all()
    entries = [entry_of(row) for row in reversed(lives)]
    begun = any(isinstance(entry.event, Joined) for entry in entries)
    if len(entries) == queries.LIVES_MAX and not begun:
        return Founding(reads_from=end)  # It may have been guarded before that.
    topic = connection.exec_driver_sql(*queries.topic(room, end)).all()
    entries += [entry_of(row) for row in topic]
    return founding_of(sorted(entries), end)


def _spelt(room: str, detail: str | None) -> str:
    return clean_for_terminal(json.loads(detail).get("room", room) if detail else room)


def _plainly(error: SQLAlchemyError) -> str:
    """A driver's error in words that mean something to a user."""
    text = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    for theirs, ours in _PLAIN_ERRORS:
        if theirs in text:
            return ours
    return text
