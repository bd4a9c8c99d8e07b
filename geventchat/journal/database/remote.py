"""A database with a server of its own: what PostgreSQL and MySQL have in common.

Whoever writes holds a lock that lives and dies with its connection, so a second geventchat
is kept out while the first lives, and let in at once when it is gone. The lock is also
what makes a lost answer sure: a commit that was sent and not answered may still be under way
on the old connection, and a new one gets the lock only after that has ended, one way or
the other. So what is truncated then cannot come back.
"""

from __future__ import annotations

from abc import abstractmethod
from importlib.util import find_spec
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError

from geventchat.errors import JournalTaken, StartError, StoreError
from geventchat.journal.database.backend import UNREACHABLE, Backend

CONNECT_S = 5
# The server gives up a statement or a wait for a lock after so long.
STATEMENT_S, LOCK_S = 5, 3
# We give up a server that does not even say so.
SILENCE_S = 10

TAKEN = "another server has opened the database since, and writes to it"
_HELD = "the database still holds an earlier connection of this server"


class Hung(Exception):
    """The server did not answer in time."""


class Remote(Backend):
    """A database on a server."""

    title = ""
    driver = ""
    extra = ""

    def __init__(self, url: URL) -> None:
        """Look at the URL only. Raises `StartError`."""
        if not url.database:
            raise StartError(f"database: a {self.title} URL names a database, as in {self.example}")
        if find_spec(self.driver) is None:
            raise StartError(
                f"database: {self.title} needs {self.driver};"
                f" install it with pip install 'geventchat[{self.extra}]'"
            )
        self._url = url
        self._token = ""
        port = f":{url.port}" if url.port else ""
        self.name = f"{url.get_backend_name()}://{url.host or 'localhost'}{port}/{url.database}"

    @property
    def example(self) -> str:
        """A URL of this kind."""
        return f"{self.extra}+{self.driver}://user:password@host/database"

    @abstractmethod
    def _options(self) -> dict[str, Any]:
        """What SQLAlchemy is told of connections."""

    @abstractmethod
    def _set_up(self, cursor: Any, writes: bool) -> None:
        """Make the settings of a new connection."""

    @abstractmethod
    def _hold(self, cursor: Any) -> bool:
        """Get the lock within `LOCK_S` seconds; whether that came about."""

    def writer_engine(self) -> Engine:
        """The one connection that writes, and holds the lock."""
        return self._engine(writes=True)

    def guest_engine(self) -> Engine:
        """A connection of another program, without the lock."""
        return self._engine(writes=True, owns=False)

    def reader_engine(self) -> Engine:
        """The one connection that reads history. Each question is a transaction by itself."""
        return self._engine(writes=False)

    def _engine(self, writes: bool, owns: bool = True) -> Engine:
        options = self._options()
        options["isolation_level"] = "READ COMMITTED" if writes else "AUTOCOMMIT"
        engine = create_engine(
            self._url,
            pool_size=1,
            max_overflow=0,
            pool_reset_on_return=None,  # Each transaction is ended where it was begun.
            hide_parameters=True,
            **options,
        )

        @event.listens_for(engine, "connect")
        def configure(connection: Any, record: object) -> None:
            try:
                cursor = connection.cursor()
                self._set_up(cursor, writes)
                if writes and owns:
                    self._own(cursor)
                cursor.close()
                connection.commit()
            except BaseException:
                connection.close()
                raise

        @event.listens_for(engine, "handle_error")
        def lost(context: ExceptionContext) -> None:
            if isinstance(context.original_exception, Hung):
                context.is_disconnect = True

        return engine

    def _own(self, cursor: Any) -> None:
        held = self._hold(cursor)
        if self._token:
            cursor.execute("SELECT token FROM writer")
            if [token for (token,) in cursor.fetchall()] != [self._token]:
                raise JournalTaken(TAKEN)
        if not held:
            raise StoreError(_HELD if self._token else "it is in use by another geventchat")

    def words_of(self, error: Exception) -> str:
        """What an error says, in one line."""
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            return UNREACHABLE
        return super().words_of(error)

    def opened(self, token: str) -> None:
        """The database is ours from now on: this token is in it."""
        self._token = token

    def close(self) -> None:
        """The lock went with its connection."""
