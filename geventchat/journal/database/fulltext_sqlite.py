"""The index of an SQLite database: FTS5, in a file of its own beside it.

A file has one writer at a time. In the database's own file, each step of indexing would keep
commits waiting, and a damaged index would be a damaged database. In its own it costs no line
anything, needs no `fsync` but at checkpoints, and can be deleted at any time.

FTS5 is given terms separated by spaces. Its tokenizer `ascii` splits at ASCII's punctuation,
which no term has, and takes all else for letters.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from geventchat.errors import StoreError
from geventchat.journal.database.fulltext import (
    VERSION,
    Bounds,
    Damaged,
    FullText,
    Line,
    Wanted,
    all_of,
)

_MODE = 0o600
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # A power cut may lose the last steps, which are then made again.
    "PRAGMA synchronous = NORMAL",
    "PRAGMA secure_delete = ON",
    "PRAGMA journal_size_limit = 16777216",
)
_TABLES = (
    # Without positions: what is found is looked at again. The terms themselves are kept, or
    # FTS5 could not take a line out again.
    "CREATE VIRTUAL TABLE lines USING fts5(terms, tokenize='ascii', detail=none, columnsize=0)",
    "CREATE TABLE bounds (version INTEGER, low INTEGER, high INTEGER)",
)
# One step of SQLite for many rows, and so one release of the interpreter lock.
_ADD = """INSERT INTO lines (rowid, terms)
    SELECT value ->> 0, value ->> 1 FROM json_each(?)"""
_REMOVE = "DELETE FROM lines WHERE rowid = ?"
_FIND = """SELECT rowid FROM lines WHERE lines MATCH ? AND rowid > ? AND rowid < ?
    ORDER BY rowid DESC LIMIT ?"""
# Another program looks into it, or the disk is full: it will pass.
_PASSING = "locked", "busy", "full", "unable to open", "readonly"
_TIMEOUT_S = 5.0


class SqliteFullText(FullText):
    """FTS5 in the file `chat.db-search`."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}-search")
        self._writing: sqlite3.Connection | None = None
        self._reading: sqlite3.Connection | None = None
        # Of the file as it was made last, and as it is read.
        self._made = self._read = 0

    def open(self) -> Bounds | None:
        """The bounds of what is in the file; None if there is none, or it makes no sense."""
        if not self._path.exists():
            return None
        try:
            with self._plainly():
                found = self._writer().execute("SELECT version, low, high FROM bounds").fetchall()
        except Damaged:
            return None
        if len(found) != 1 or found[0][0] != VERSION:
            return None
        self.bounds = Bounds(found[0][1], found[0][2])
        return self.bounds

    def make(self, at: int) -> None:
        """Make the file anew."""
        self.bounds = Bounds(at, at)  # From now on nothing is to be found in the old one.
        if self._writing is not None:
            self._writing.close()
            self._writing = None
        self._made += 1
        try:
            for ending in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
            # Made before SQLite does, which gives its other files the same mode.
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, _MODE))
        except OSError as error:
            raise StoreError(f"the index: {error.strerror}") from error
        with self._plainly():
            connection = self._writer()
            for statement in _TABLES:
                connection.execute(statement)
            connection.execute("INSERT INTO bounds VALUES (?, ?, ?)", (VERSION, at, at))

    def add(self, lines: Sequence[Line], gone: Sequence[int], bounds: Bounds) -> None:
        """Add and remove lines in one transaction."""
        rows = json.dumps([(number, " ".join(terms)) for number, terms in lines])
        with self._plainly():
            connection = self._writer()
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(_REMOVE, [(number,) for number in gone])
                connection.execute(_ADD, (rows,))
                connection.execute("UPDATE bounds SET low = ?, high = ?", bounds)
        self.bounds = bounds

    def numbers(self, after: int, last: int) -> Iterable[int]:
        """Which lines are in the file."""
        statement = "SELECT id FROM lines_content WHERE id > ? AND id <= ?"
        with self._plainly():
            return [number for (number,) in self._writer().execute(statement, (after, last))]

    def find(self, wanted: Wanted, after: int, before: int, limit: int) -> list[int]:
        """The latest lines that have the terms: FTS5 knows the order of its rows."""
        match = all_of(wanted, " AND ", " OR ", '"{}"')
        with self._plainly():
            rows = self._reader().execute(_FIND, (match, after, before, limit)).fetchall()
        return [number for (number,) in rows]

    def close(self) -> None:
        """Close the file."""
        for connection in (self._writing, self._reading):
            if connection is not None:
                connection.close()
        self._writing = self._reading = None

    def _writer(self) -> sqlite3.Connection:
        if self._writing is None:
            self._writing = self._connected("rw")
            for pragma in _PRAGMAS:
                self._writing.execute(pragma)
        return self._writing

    def _reader(self) -> sqlite3.Connection:
        """The connection that reads, to the file as it was made last."""
        if self._reading is None or self._read != self._made:
            if self._reading is not None:
                self._reading.close()
            self._reading, self._read = self._connected("ro"), self._made
        return self._reading

    def _connected(self, mode: str) -> sqlite3.Connection:
        return sqlite3.connect(
            f"{self._path.as_uri()}?mode={mode}",
            uri=True,
            timeout=_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
        )

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        """Errors that pass, as they are; whatever else makes no sense is damage."""
        try:
            yield
        except sqlite3.Error as error:
            if any(word in str(error) for word in _PASSING):
                raise StoreError(f"the index: {error}") from error
            raise Damaged(f"the index: {error}") from error
