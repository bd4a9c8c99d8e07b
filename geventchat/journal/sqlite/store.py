"""`SqliteStore`: WAL, `synchronous=FULL`, one connection that writes, one thread.

Whoever opened the database last owns it: it writes a token into it, and every
transaction asks first whether that still stands. The lock file keeps a second
server from starting; the token ends the first one if somebody removed the file.

MUST: a call that returned has reached the disk. MUST NOT: touch anything of
the hub's; it is given entries (frozen) and returns entries or raises.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from geventchat.chat.apply import KINDS
from geventchat.chat.events import Entry
from geventchat.chat.history import WORDS
from geventchat.errors import JournalTaken, StartError, StoreError
from geventchat.journal.database.belongings import DatabaseBelongings
from geventchat.journal.database.schema import BELONGINGS, metadata
from geventchat.journal.rows import NUMBER_MAX, Row, readable, row_of
from geventchat.journal.sqlite import queries, schema
from geventchat.journal.sqlite.engine import (
    LOCK_AGAIN_TIMEOUT_S,
    LOCK_TIMEOUT_S,
    LOCKED,
    plainly,
    transaction,
    writer_engine,
)
from geventchat.journal.sqlite.files import Files, path_of
from geventchat.journal.sqlite.reader import SqliteReader
from geventchat.journal.sqlite.schema import COLUMNS, upgrade
from geventchat.journal.sqlite.talks import Talks
from geventchat.journal.store import NO_CORRECTIONS, SECRET_BYTES, Corrections, Restored

_INSERT = f"INSERT INTO events ({COLUMNS}) VALUES "
_PLACE = "(?,?,?,?,?,?,?,?,?,?)"
# Rows per statement: one step of SQLite, and so one release of the
# interpreter lock, for many rows; 2.2 µs of CPU a row against 3.5 with executemany.
_CHUNKS = {n: _INSERT + ",".join([_PLACE] * n) for n in (256, 128, 64, 32, 16, 8, 4, 2, 1)}

_TRUNCATE = "DELETE FROM events WHERE number > ?"
_VOID = "UPDATE events SET void = 1 WHERE number = ?"
_REDACT = "UPDATE events SET void = 1, text = NULL, detail = NULL WHERE number = ?"

_OWN = "UPDATE writer SET token = ?"
_COUNT = "UPDATE writer SET corrections = corrections + 1"
# The first statement of every transaction: it takes the lock, and finds no row if the token
# is another's. What it sets is what is there, so it writes nothing.
_ASK = "UPDATE writer SET corrections = corrections WHERE token = ?"
_SURE_S = 1.0
_WIPE_S, _WIPE_TIMEOUT_S = 10.0, 0.05
_TAKEN = "another server has opened the database since, and writes to it"
_WRITTEN = "another program has written events into the database"

# Farther back than any batch goes, as it may be set.
_LAST_BATCH = 20_000


class SqliteStore(DatabaseBelongings):
    """Events in one SQLite file."""

    in_thread = True

    def __init__(self, url: str) -> None:
        """Open the database, and create or upgrade it if need be. Raises `StartError`."""
        path = path_of(url)
        self.name = str(path)
        self._token = uuid.uuid4().hex
        self._timeout_s = LOCK_TIMEOUT_S
        self._sure_until = 0.0
        self._erased = False
        self._wipe_at = 0.0
        self._talks = Talks()
        self._files = Files(path)
        self._engine = writer_engine(path)
        self.begun, self.looked = self._transaction, partial(transaction, self._engine)
        self.reader = SqliteReader(path)
        try:
            with self._engine.begin() as connection:
                self._prepare(connection)
            self._files.opened()
        except (SQLAlchemyError, StartError) as error:
            self.close()
            if isinstance(error, StartError):
                raise
            raise StartError(f"cannot use database {path}: {plainly(error)}") from error

    def _prepare(self, connection: Connection) -> None:
        ask = connection.exec_driver_sql
        # Said by us, because Python's driver begins a transaction only when rows are changed:
        # without it, every statement of a schema step would be a commit of its own.
        ask("BEGIN IMMEDIATE")
        upgrade(connection, self.name)
        metadata.create_all(connection, BELONGINGS)
        number, at = ask(queries.LAST).one_or_none() or (0, 0)
        if not 0 <= number < NUMBER_MAX or not isinstance(at, int):
            raise StartError(
                f"cannot use database {self.name}: its last event, number {number} of time"
                f" {at!r}, makes no sense; another program must have written it"
            )
        ask(schema.REDO_REDACTIONS, (number - _LAST_BATCH,))
        for statement in schema.FORGET_PRIVATE:
            ask(statement)
        # A database that can only be read stops the start here, not at the first line.
        ask(_OWN, (self._token,))
        found = ask("SELECT value FROM secret").scalar()
        if found is None:
            found = os.urandom(SECRET_BYTES)
            ask("INSERT INTO secret VALUES (?)", (found,))
        self._secret = bytes(found)

    def secret(self) -> bytes:
        """As long as the database is, so are they."""
        return self._secret

    def restore(self) -> Restored:
        """Read the last number and time."""
        with transaction(self._engine) as connection:
            return Restored(*(connection.exec_driver_sql(queries.LAST).one_or_none() or (0, 0)))

    def append(self, entries: Sequence[Entry], corrections: Corrections = NO_CORRECTIONS) -> None:
        """Make corrections, then insert entries, in one transaction."""
        rows = [row_of(entry) for entry in entries]
        self._talks.ended(corrections.ended)
        with self._transaction(sure=corrections != NO_CORRECTIONS) as connection:
            _correct(connection, corrections)
            forgotten = self._talks.forget(connection)
            try:
                _insert(connection, rows)
            except IntegrityError as error:
                raise JournalTaken(_WRITTEN) from error
        self._erased |= bool(corrections.redact) or self._talks.pending
        self._talks.committed(entries, forgotten)
        self._wipe_log()

    def correct(self, corrections: Corrections) -> None:
        """Make corrections alone. Nothing of a failed call before it can come back after it.

        A commit whose sync failed may stand whole in the log, where only this process
        knows that it does not count. So something is always written here: it takes the
        place of the failed commit in the log, and what follows it there is void.
        """
        self._talks.ended(corrections.ended)
        with self._transaction() as connection:
            _correct(connection, corrections)
            connection.exec_driver_sql(_COUNT)
        self._erased |= bool(corrections.redact)
        self._wipe_log()

    def changes(self, after: int, limit: int) -> list[Entry]:
        """Entries after a number whose kind changes the state, in order; `limit` at most."""
        names = ", ".join(f"'{kind.name}'" for event, kind in KINDS.items() if event not in WORDS)
        with transaction(self._engine) as connection:
            rows = connection.exec_driver_sql(
                f"SELECT {COLUMNS} FROM events WHERE number > ? AND void = 0 AND kind IN ({names})"
                " ORDER BY number LIMIT ?",
                (after, limit),
            ).all()
        return readable(rows, self.reader.unreadable)

    def forget_lines(
        self, before_at: int, room: str | None, limit: int, but: Collection[str] = ()
    ) -> int:
        """Forget words from before a moment."""
        raise StoreError("not yet")

    def _wipe_log(self) -> None:
        """Have nothing of what was erased in SQLite's log: it is written back and emptied.

        Not more often than every ten seconds, since it takes two syncs, and not for as
        long as another program reads; then the next call does it.
        """
        if not self._erased or time.monotonic() < self._wipe_at:
            return
        self._wipe_at = time.monotonic() + _WIPE_S
        try:
            self._wait_for_locks(_WIPE_TIMEOUT_S)
            with self._engine.connect() as connection:
                busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
            self._erased = bool(busy)
            self._wait_for_locks(LOCK_TIMEOUT_S)
        except (SQLAlchemyError, StoreError):
            pass  # What was committed stays so.

    def close(self) -> None:
        """Close the database and release its lock file."""
        # The last one copies the log back into the database, which a reader cannot.
        self.reader.close()
        self._engine.dispose()
        self._files.close()

    @contextmanager
    def _transaction(self, sure: bool = True) -> Iterator[Connection]:
        """One transaction that writes, if the database is still ours.

        Without being `sure` that is asked once a second: appending to another's events fails
        by itself, since their numbers are taken.
        """
        self._files.check()
        sure = sure or time.monotonic() > self._sure_until
        try:
            with transaction(self._engine) as connection:
                if sure and connection.exec_driver_sql(_ASK, (self._token,)).rowcount != 1:
                    raise JournalTaken(_TAKEN)
                yield connection
            if sure:
                self._sure_until = time.monotonic() + _SURE_S
        except StoreError as error:
            if str(error) == LOCKED:
                self._wait_for_locks(LOCK_AGAIN_TIMEOUT_S)
            raise
        self._wait_for_locks(LOCK_TIMEOUT_S)

    def _wait_for_locks(self, timeout_s: float) -> None:
        if timeout_s != self._timeout_s:
            with transaction(self._engine) as connection:
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(timeout_s * 1000)}")
            self._timeout_s = timeout_s


def _correct(connection: Connection, corrections: Corrections) -> None:
    if corrections.truncate_after is not None:
        connection.exec_driver_sql(_TRUNCATE, (corrections.truncate_after,))
    for number in corrections.void:
        connection.exec_driver_sql(_VOID, (number,))
    for number in corrections.redact:
        connection.exec_driver_sql(_REDACT, (number,))


def _insert(connection: Connection, rows: list[Row]) -> None:
    start = 0
    while start < len(rows):
        size = next(n for n in _CHUNKS if n <= len(rows) - start)
        values = tuple(chain.from_iterable(rows[start : start + size]))
        connection.exec_driver_sql(_CHUNKS[size], values)
        start += size
