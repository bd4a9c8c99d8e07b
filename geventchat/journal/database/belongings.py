"""What a database keeps beside events: snapshots, credentials, marks and orders."""

from __future__ import annotations

import hashlib
import time
import zlib
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import mysql, postgresql, sqlite

from geventchat.journal.database import schema
from geventchat.journal.database.schema import credentials, marks, orders, snapshots
from geventchat.journal.store import SNAPSHOTS_KEPT, Mark, Order, Snapshot

_FAST = 1  # zlib's level: what is saved is written by the thread that commits.


class DatabaseBelongings:
    """The part of a store that deals with no events.

    `begun` opens a transaction that writes, `looked` one that reads; both raise `StoreError`.
    """

    begun: Callable[[], AbstractContextManager[Connection]]
    looked: Callable[[], AbstractContextManager[Connection]]

    def snapshots(self) -> list[Snapshot]:
        """The snapshots that are intact, the latest first."""
        wanted = select(snapshots.c.number, snapshots.c.digest, snapshots.c.body)
        with self.looked() as connection:
            rows = connection.execute(wanted.order_by(snapshots.c.number.desc())).all()
        found = []
        for number, digest, body in rows:
            # Another program may have written anything, text too in SQLite.
            if isinstance(body, bytes) and _digest(number, body) == digest:
                found.append(Snapshot(number, zlib.decompress(body)))
        return found

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Keep a snapshot, and the one before it; earlier ones go."""
        number, body = snapshot.number, zlib.compress(snapshot.body, _FAST)
        row = {"number": number, "at": _now(), "digest": _digest(number, body), "body": body}
        with self.begun() as connection:
            connection.execute(delete(snapshots).where(snapshots.c.number == number))
            connection.execute(insert(snapshots), [row])
            kept = connection.execute(
                select(snapshots.c.number).order_by(snapshots.c.number.desc())
            ).scalars()
            for old in kept.all()[SNAPSHOTS_KEPT:]:
                connection.execute(delete(snapshots).where(snapshots.c.number == old))

    def put_credential(self, credential: str, hashed: str) -> None:
        """Keep the hash of a password under an id, in place of what is there."""
        row = {"id": credential, "hash": hashed, "made_at": _now()}
        with self.begun() as connection:
            connection.execute(delete(credentials).where(credentials.c.id == credential))
            connection.execute(insert(credentials), [row])

    def credential(self, credential: str) -> str | None:
        """The hash that is kept under an id."""
        wanted = select(credentials.c.hash).where(credentials.c.id == credential)
        with self.looked() as connection:
            return connection.execute(wanted).scalar()

    def drop_credentials(self, ids: Collection[str]) -> None:
        """Forget some hashes."""
        if ids:
            with self.begun() as connection:
                connection.execute(delete(credentials).where(credentials.c.id.in_([*ids])))

    def credential_ids(self, before_ms: int) -> list[str]:
        """The ids that were put before a moment (milliseconds since 1970)."""
        wanted = select(credentials.c.id).where(credentials.c.made_at < before_ms)
        with self.looked() as connection:
            return [*connection.execute(wanted).scalars()]

    def save_marks(self, new: Collection[Mark]) -> None:
        """Keep marks, each in place of the one of the same account, device and target."""
        if not new:
            return
        # Of several for one place the last; one statement may not set a row twice.
        latest = {mark[:3]: mark._asdict() for mark in new}
        with self.begun() as connection:
            # Row by row to SQLAlchemy: to make one statement for all takes 0.2 ms a row.
            connection.execute(_upsert(connection.dialect.name), [*latest.values()])

    def marks(self, account: str) -> list[Mark]:
        """All marks of an account."""
        wanted = select(*(marks.c[name] for name in Mark._fields))
        wanted = wanted.where(marks.c.account == account)
        with self.looked() as connection:
            return sorted(Mark(*row) for row in connection.execute(wanted))

    def drop_marks(self, account: str, device: str | None = None) -> None:
        """Forget an account's marks: those of one device, or all."""
        these = marks.c.account == account
        if device is not None:
            these &= marks.c.device == device
        with self.begun() as connection:
            connection.execute(delete(marks).where(these))

    def orders(self, limit: int) -> list[Order]:
        """The first orders of other programs that have no answer yet."""
        wanted = select(orders.c.id, orders.c.name, orders.c.body)
        wanted = wanted.where(orders.c.done_at == 0).order_by(orders.c.id).limit(limit)
        with self.looked() as connection:
            return [Order(*row) for row in connection.execute(wanted)]

    def answer_order(self, number: int, answer: str) -> None:
        """Tell what became of an order; what it asked for is no longer kept."""
        done = update(orders).where(orders.c.id == number)
        with self.begun() as connection:
            connection.execute(done.values(done_at=_now(), answer=answer, body=""))


def _upsert(backend: str) -> postgresql.Insert | sqlite.Insert | mysql.Insert:
    """A statement that puts marks in the place of those that are there."""
    if backend in schema.MYSQL:
        mine = mysql.insert(marks)
        return mine.on_duplicate_key_update(number=mine.inserted.number, at=mine.inserted.at)
    theirs = postgresql.insert(marks) if backend == "postgresql" else sqlite.insert(marks)
    return theirs.on_conflict_do_update(
        index_elements=["account", "device", "target"],
        set_={"number": theirs.excluded.number, "at": theirs.excluded.at},
    )


def _digest(number: int, body: bytes) -> str:
    return hashlib.sha256(b"%d " % number + body).hexdigest()


def _now() -> int:
    return time.time_ns() // 1_000_000
