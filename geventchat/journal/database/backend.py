"""What each kind of database does in its own way: connecting, locks, the insert, its errors.

SQLAlchemy opens and holds a connection, commits or rolls back, builds the
statements that are the same everywhere, and puts the driver's errors under one
class. What is said here is what a new kind of database must bring.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from geventchat.errors import StoreError
from geventchat.journal.database.fulltext import FullText
from geventchat.journal.rows import Row

LOCKED = "the database is locked by another program"
READ_ONLY = "the database is read-only"
DISK_FULL = "disk full"
UNREACHABLE = "the database cannot be reached"
UNFIT = "the database takes no such text"


class Backend(ABC):
    """One database of one kind. `name` tells an operator which; it holds no password."""

    name: str

    @abstractmethod
    def writer_engine(self) -> Engine:
        """The one connection that writes. It is made anew when it was lost."""

    @abstractmethod
    def reader_engine(self) -> Engine:
        """The one connection that reads history; it cannot write."""

    @abstractmethod
    def full_text(self) -> FullText:
        """The index of what was said; nothing is connected yet."""

    @abstractmethod
    def guest_engine(self) -> Engine:
        """A connection of another program, which may leave something for the one that writes.

        It makes no database. Raises `StartError`.
        """

    @abstractmethod
    def held(self, connection: Connection) -> bool:
        """Whether somebody holds the lock of the one that writes."""

    @abstractmethod
    def insert(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Add rows to `events`, several hundred with a statement: the measured path."""

    @abstractmethod
    def plain(self, error: DBAPIError) -> str:
        """A driver's error in words that mean something to a user; empty if nothing fits."""

    @contextmanager
    def transaction(self, engine: Engine) -> Iterator[Connection]:
        """One transaction; errors in it become a `StoreError` for users."""
        with self.plainly(), engine.begin() as connection:
            yield connection

    @contextmanager
    def plainly(self) -> Iterator[None]:
        """SQLAlchemy's errors become a `StoreError` for users."""
        try:
            yield
        except SQLAlchemyError as error:
            raise StoreError(self.words_of(error)) from error
        except UnicodeError as error:
            raise StoreError(UNFIT) from error

    def words_of(self, error: Exception) -> str:
        """What an error says, in one line, and without the statement that failed."""
        if not isinstance(error, DBAPIError):
            return str(error).partition("\n")[0]
        return self.plain(error) or str(error.orig).partition("\n")[0]

    def begin(self, connection: Connection) -> None:
        """Begin the transaction of a start, in which tables may be changed."""
        return

    def back_up(self, engine: Engine, version: str) -> None:
        """Copy a database that is about to be changed, where that is ours to do."""
        return

    def opened(self, token: str) -> None:
        """The database is ours from now on: this token is in it."""
        return

    def check(self) -> None:
        """Raise `StoreError` if what is written now would be lost."""
        return

    def committed(self, engine: Engine, erased: bool) -> bool:
        """After a commit: whether what was `erased` is still to be found somewhere."""
        return False

    def failed(self, engine: Engine, why: str) -> None:
        """A transaction failed, for a reason as `plain` words it."""
        return

    @abstractmethod
    def close(self) -> None:
        """Let go of what keeps a second server out."""
