"""`DatabaseStore`: one connection that writes, one thread, one server a database.

Whoever opened the database last owns it: it writes a token into it, and transactions ask
first whether that still stands. The backend's lock keeps a second server from starting; the
token ends the first one if that lock was lost.

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

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from geventchat.chat.events import Entry
from geventchat.errors import JournalTaken, StartError, StoreError
from geventchat.journal.database import queries
from geventchat.journal.database.backend import UNFIT, Backend
from geventchat.journal.database.belongings import DatabaseBelongings
from geventchat.journal.database.forgetting import Forgetting, correct, forget_guests
from geventchat.journal.database.places import Places, places_of
from geventchat.journal.database.reader import DatabaseReader
from geventchat.journal.database.remote import TAKEN
from geventchat.journal.database.schema import erasing, secret, writer
from geventchat.journal.database.searcher import DatabaseSearcher
from geventchat.journal.database.upgrade import upgrade
from geventchat.journal.rows import NUMBER_MAX, Row, encodable, readable, row_of
from geventchat.journal.store import (
    NO_CORRECTIONS,
    SECRET_BYTES,
    Author,
    Corrections,
    Restored,
    with_authors,
)

# The first statement of a transaction: it takes the lock, and finds no row if the token
# is another's. What it sets is what is there, so it writes nothing.
_ASK = "UPDATE writer SET corrections = corrections WHERE token = '{}'"
# To read it is enough to look; where the look would write, it would each second.
_SEE = "SELECT token FROM writer WHERE token = '{}'"
_SURE_S = 1.0
_WRITTEN = "another program has written events into the database"
# Farther back than any batch goes, as it may be set.
_LAST_BATCH = 20_000


class DatabaseStore(DatabaseBelongings):
    """Events in a database of any kind."""

    in_thread = True

    def __init__(self, backend: Backend) -> None:
        """Open the database, and create or upgrade it if need be. Raises `StartError`."""
        self.name = backend.name
        self._backend = backend
        token = uuid.uuid4().hex
        self._ask, self._see = _ASK.format(token), _SEE.format(token)
        self._sure_until = 0.0
        self._erased = False
        self._forgetting = Forgetting()
        self._engine: Engine = backend.writer_engine()
        self.begun, self.looked = self._transaction, partial(self._transaction, writes=False)
        try:
            upgrade(backend, self._engine)
            with self._engine.begin() as connection:
                backend.begin(connection)
                self._prepare(connection, token)
            backend.opened(token)
            self.reader = DatabaseReader(backend)
            self.searcher = DatabaseSearcher(backend, backend.full_text())
        except (SQLAlchemyError, StoreError, StartError) as error:
            self._engine.dispose()
            backend.close()
            if isinstance(error, StartError):
                raise
            why = backend.words_of(error) if isinstance(error, SQLAlchemyError) else str(error)
            raise StartError(f"cannot use database {self.name}: {why}") from error

    def _prepare(self, connection: Connection, token: str) -> None:
        number, at = connection.execute(queries.LAST).one_or_none() or (0, 0)
        if not 0 <= number < NUMBER_MAX or not isinstance(at, int):
            raise StartError(
                f"cannot use database {self.name}: its last event, number {number} of time"
                f" {at!r}, makes no sense; another program must have written it"
            )
        # A crash may have come between a redaction and the erasing.
        rows = connection.execute(queries.redactions(number - _LAST_BATCH)).all()
        redacted = [entry.event.number for entry in readable(rows, set())]  # type: ignore[attr-defined]
        correct(connection, Corrections(redact=tuple(redacted)))
        forget_guests(connection)
        # A database that can only be read stops the start here, not at the first line.
        connection.execute(update(writer).values(token=token))
        found = connection.execute(select(secret.c.value)).scalar()
        if found is None:
            found = os.urandom(SECRET_BYTES)
            connection.execute(insert(secret), [{"value": found}])
        self._secret = bytes(found)

    def secret(self) -> bytes:
        """As long as the database is, so are they."""
        return self._secret

    def restore(self) -> Restored:
        """Read the last number and time."""
        with self._transaction() as connection:
            return Restored(*(connection.execute(queries.LAST).one_or_none() or (0, 0)))

    def append(self, entries: Sequence[Entry], corrections: Corrections = NO_CORRECTIONS) -> None:
        """Make corrections, then insert entries, in one transaction."""
        rows = [row_of(entry) for entry in entries]
        places = places_of(entries)
        corrections = with_authors(corrections, entries)
        self._forgetting.corrected(corrections)
        try:
            self._append(rows, places, corrections)
        except StoreError as error:
            if str(error) != UNFIT:
                raise
            # One author's words, which nobody could be sent: the others need not suffer.
            self._append([encodable(row) for row in rows], places, corrections)
        self._erased = self._backend.committed(self._engine, self._erased)

    def _append(self, rows: list[Row], places: Places, corrections: Corrections) -> None:
        with self._transaction(sure=corrections != NO_CORRECTIONS) as connection:
            correct(connection, corrections)
            erased = self._forgetting.step(connection)
            try:
                self._backend.insert(connection, rows)
            except IntegrityError as error:
                raise JournalTaken(_WRITTEN) from error
            for table, values in places.items():
                connection.execute(insert(table), values)
        self._forgetting.committed(places)
        self._erased |= erased or bool(corrections.redact)
        if erased:
            self.searcher.sweep()

    def correct(self, corrections: Corrections) -> None:
        """Make corrections alone. Nothing of a failed call before it can come back after it.

        A commit whose sync failed may stand whole in SQLite's log, where only this process
        knows that it does not count. So something is always written here: it takes the
        place of the failed commit in the log, and what follows it there is void.
        """
        self._forgetting.corrected(corrections)
        with self._transaction() as connection:
            correct(connection, corrections)
            connection.execute(update(writer).values(corrections=writer.c.corrections + 1))
        self._erased |= bool(corrections.redact)
        self._erased = self._backend.committed(self._engine, self._erased)

    def changes(self, after: int, limit: int) -> list[Entry]:
        """Entries after a number whose kind changes the state, in order; `limit` at most."""
        while True:
            with self._transaction() as connection:
                rows = connection.execute(queries.changed(after, limit)).all()
            found = readable(rows, self.reader.unreadable)
            if found or not rows:  # None at all would be taken for the end.
                return found
            after = rows[-1].number

    def forget_lines(
        self, before_at: int, room: str | None, limit: int, but: Collection[str] = ()
    ) -> int:
        """Forget the oldest words from before a moment, of a room or of all but some; how many."""
        try:
            with self._transaction() as connection:
                before = queries.moment(connection, before_at)
                count = self._forgetting.forget_words(connection, before, room, limit, but)
        except StoreError:
            self._forgetting.begin_again()
            raise
        self._erased |= count > 0
        if count:
            self.searcher.sweep()
        self._erased = self._backend.committed(self._engine, self._erased)
        return count

    def erasing(self) -> list[Author]:
        """Whose words are still to be erased, and behind which event."""
        wanted = select(erasing.c.account, erasing.c.number, erasing.c.until)
        with self.looked() as connection:
            return [Author(*row) for row in connection.execute(wanted.order_by(erasing.c.until))]

    def erase_more(self) -> bool:
        """Go on with what was to be erased; whether there may be more."""
        if self._forgetting.unfinished:
            with self._transaction() as connection:
                erased = self._forgetting.step(connection)
            self._forgetting.committed({})
            self._erased |= erased
            if erased:
                self.searcher.sweep()
        self._erased = self._backend.committed(self._engine, self._erased)
        return self._forgetting.unfinished

    def close(self) -> None:
        """Close the database and let go of what keeps others out."""
        # The last one copies SQLite's log back into the database, which a reader cannot.
        self.searcher.close()
        self.reader.close()
        self._engine.dispose()
        self._backend.close()

    @contextmanager
    def _transaction(self, sure: bool = True, writes: bool = True) -> Iterator[Connection]:
        """One transaction, if the database is still ours.

        Without being `sure` that is asked once a second: appending to another's events fails
        by itself, since their numbers are taken.
        """
        self._backend.check()
        sure = sure or time.monotonic() > self._sure_until
        try:
            with self._backend.plainly(), self._begun(sure, writes) as connection:
                yield connection
                connection.commit()
        except StoreError as error:
            self._sure_until = 0.0
            self._backend.failed(self._engine, str(error))
            raise
        if sure:
            self._sure_until = time.monotonic() + _SURE_S

    def _is_ours(self, connection: Connection, writes: bool) -> bool:
        if writes:
            return connection.exec_driver_sql(self._ask).rowcount == 1
        return connection.exec_driver_sql(self._see).first() is not None

    def _begun(self, sure: bool, writes: bool) -> Connection:
        """A connection on which a transaction has begun.

        If it was lost while nobody used it, a new one is made: nothing was sent on it yet.
        """
        for again in (True, False):
            connection = self._engine.connect()
            try:
                connection.begin()
                if sure and not self._is_ours(connection, writes):
                    raise JournalTaken(TAKEN)
            except DBAPIError as error:
                connection.close()
                if not (again and error.connection_invalidated):
                    raise
            except BaseException:
                connection.close()
                raise
            else:
                break
        return connection
