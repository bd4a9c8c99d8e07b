"""Where other programs leave orders for the server that has the database open.

They write a row beside the server, in a transaction of milliseconds, and wait until it has
an answer. They read what the server has saved; its state they make as it does at a start.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, delete, insert, select

from geventchat.chat.events import Entry
from geventchat.errors import StartError, StoreError
from geventchat.journal.database import queries
from geventchat.journal.database.backend import Backend
from geventchat.journal.database.belongings import DatabaseBelongings
from geventchat.journal.database.reader import DatabaseReader
from geventchat.journal.database.schema import orders
from geventchat.journal.database.upgrade import VERSION, version_of
from geventchat.journal.rows import readable

# Orders that were answered so long ago are of no more use.
_KEPT_MS = 86_400_000


class OrderCounter(DatabaseBelongings):
    """A database as another program than the server uses it. Methods raise `StoreError`."""

    def __init__(self, backend: Backend) -> None:
        """Open a database that has all its tables. Raises `StartError`."""
        self.name = backend.name
        self._backend = backend
        self._engine: Engine = backend.guest_engine()
        self.begun = self.looked = self._transaction
        try:
            with self.looked() as connection:
                version = version_of(connection, self.name)
        except StoreError as error:
            self.close()
            raise StartError(f"cannot use database {self.name}: {error}") from error
        except StartError:
            self.close()
            raise
        if version != VERSION:
            self.close()
            which = f"is of an older geventchat (schema {version})" if version else "is empty"
            raise StartError(f"database {self.name} {which}: start the server on it once")

    @property
    def is_served(self) -> bool:
        """Whether somebody has it open who takes orders."""
        with self.looked() as connection:
            return self._backend.held(connection)

    def put_order(self, name: str, body: str) -> int:
        """Leave an order; its number."""
        now = time.time_ns() // 1_000_000
        old = orders.c.done_at.between(1, now - _KEPT_MS)
        row = {"name": name, "body": body, "made_at": now}
        with self.begun() as connection:
            connection.execute(delete(orders).where(old))
            made = connection.execute(insert(orders).values(row))
            assert made.inserted_primary_key is not None
            return int(made.inserted_primary_key[0])

    def answer_to(self, number: int) -> str | None:
        """What was answered to an order; None as long as nothing was."""
        with self.looked() as connection:
            return connection.execute(select(orders.c.answer).where(orders.c.id == number)).scalar()

    def withdraw_order(self, number: int) -> bool:
        """Take an order back; False if it was answered."""
        this = (orders.c.id == number) & (orders.c.done_at == 0)
        with self.begun() as connection:
            return connection.execute(delete(orders).where(this)).rowcount == 1

    def last(self) -> int:
        """The number of the last event."""
        with self.looked() as connection:
            number, _ = connection.execute(queries.LAST).one_or_none() or (0, 0)
            return int(number)

    def changes(self, after: int, limit: int) -> list[Entry]:
        """As `Store.changes`."""
        while True:
            with self.looked() as connection:
                rows = connection.execute(queries.changed(after, limit)).all()
            found = readable(rows, set())
            if found or not rows:
                return found
            after = rows[-1].number

    def reader(self) -> DatabaseReader:
        """What reads the events back, on a connection that cannot write; to be closed."""
        return DatabaseReader(self._backend)

    def close(self) -> None:
        """Close the connection."""
        self._engine.dispose()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._backend.transaction(self._engine) as connection:
            yield connection
