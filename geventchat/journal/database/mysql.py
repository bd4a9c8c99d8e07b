"""MariaDB and MySQL, through PyMySQL.

PyMySQL is Python throughout. Its sockets are made by us, since its own would be gevent's.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

from geventchat.journal.database.backend import (
    DISK_FULL,
    LOCKED,
    READ_ONLY,
    UNREACHABLE,
)
from geventchat.journal.database.fulltext import FullText
from geventchat.journal.database.fulltext_mysql import MysqlFullText
from geventchat.journal.database.remote import CONNECT_S, LOCK_S, SILENCE_S, STATEMENT_S, Remote
from geventchat.journal.database.tls import Wrapping
from geventchat.journal.database.unpatched import connected, connected_to_file
from geventchat.journal.rows import Row

log = logging.getLogger(__name__)

_INSERT = """INSERT INTO events (number, at, kind, room, session, nick, user, host, text, detail)
    VALUES """
_PLACE = "(%s,%s,%s,%s,%s,%s,%s,%s,%s,%s)"
# A statement is one packet, which by default may have 16 MB (MySQL: 64).
_ROWS_MAX, _CHARS_MAX = 256, 1_000_000

_SETTINGS = (
    # What does not fit is refused, not cut.
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'",
    f"SET SESSION innodb_lock_wait_timeout = {LOCK_S}",
    f"SET SESSION lock_wait_timeout = {LOCK_S}",
    # A night without a word is no reason to hang up on us.
    "SET SESSION wait_timeout = 31536000",
)
# MySQL: Server Error Message Reference; MariaDB adds those from 1900 on.
_PLAIN_ERRORS = {
    1021: DISK_FULL,
    1114: DISK_FULL,
    1290: READ_ONLY,
    1792: READ_ONLY,
    1836: READ_ONLY,
    1205: LOCKED,
    1213: LOCKED,
    1969: LOCKED,
    3024: LOCKED,
    1040: "the database takes no more connections",
    1153: "that is too much for the database at once",
    **dict.fromkeys((1053, 1927, 2002, 2003, 2005, 2006, 2013, 2055), UNREACHABLE),
}
_NO_SPACE = "28 "


class MySQL(Remote):
    """A database of a MariaDB or MySQL server."""

    title, driver, extra = "MySQL", "pymysql", "mysql"

    def _options(self) -> dict[str, Any]:
        return {
            "connect_args": {
                "connect_timeout": CONNECT_S,
                "read_timeout": SILENCE_S,
                "write_timeout": SILENCE_S,
                "charset": "utf8mb4",
                "collation": "utf8mb4_bin",
            }
        }

    def _engine(self, writes: bool, owns: bool = True) -> Engine:
        engine = super()._engine(writes, owns)

        @event.listens_for(engine, "do_connect")
        def connect(dialect: Any, record: object, args: Any, more: dict[str, Any]) -> Any:
            import pymysql

            connection = pymysql.connect(*args, defer_connect=True, **more)
            if connection.ssl:
                connection.ctx = Wrapping(connection.ctx)
            try:
                if connection.unix_socket:
                    sock = connected_to_file(connection.unix_socket, CONNECT_S)
                else:
                    sock = connected(connection.host, connection.port, CONNECT_S)
            except OSError as error:
                raise pymysql.OperationalError(2003, f"{error.strerror or error}") from error
            connection.connect(sock)
            return connection

        return engine

    def _set_up(self, cursor: Any, writes: bool) -> None:
        for setting in _SETTINGS:
            cursor.execute(setting)
        cursor.execute("SELECT VERSION(), @@innodb_flush_log_at_trx_commit")
        version, flushes = cursor.fetchone()
        if "mariadb" in version.lower():
            cursor.execute(f"SET SESSION max_statement_time = {STATEMENT_S}")
        else:  # Of what reads, alone.
            cursor.execute(f"SET SESSION max_execution_time = {STATEMENT_S * 1000}")
        if not writes:
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
        elif flushes != 1:
            log.warning(
                "database %s: innodb_flush_log_at_trx_commit is %s there; unless it is 1,"
                " a power cut loses lines that were acknowledged",
                self.name,
                flushes,
            )

    def _hold(self, cursor: Any) -> bool:
        cursor.execute("SELECT GET_LOCK(%s, %s)", (self._lock, LOCK_S))
        return bool(cursor.fetchone() == (1,))

    def held(self, connection: Connection) -> bool:
        """Whether a connection holds the lock."""
        found = connection.exec_driver_sql("SELECT IS_USED_LOCK(%s)", (self._lock,))
        return found.scalar() is not None

    @property
    def _lock(self) -> str:
        # Locks are the server's there, for all its databases, and their names have 64 characters.
        database = hashlib.sha256(str(self._url.database).encode()).hexdigest()[:32]
        return f"geventchat.{database}"

    def full_text(self) -> FullText:
        """FULLTEXT, in a table of its own."""
        return MysqlFullText(self)

    def insert(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Add rows to `events`, up to 256 with a statement."""
        for some in _packets(rows):
            places = ",".join([_PLACE] * len(some))
            connection.exec_driver_sql(_INSERT + places, tuple(chain.from_iterable(some)))

    def plain(self, error: DBAPIError) -> str:
        """A driver's error in words that mean something to a user."""
        code, *more = getattr(error.orig, "args", ()) or (0,)
        if code in (1026, 1030) and _NO_SPACE in str(more):
            return DISK_FULL
        return _PLAIN_ERRORS.get(code, "")


def _packets(rows: Sequence[Row]) -> Iterator[list[Row]]:
    some: list[Row] = []
    size = 0
    for row in rows:
        size += len(row[8] or "") + len(row[9] or "")
        if some and (size > _CHARS_MAX or len(some) == _ROWS_MAX):
            yield some
            some, size = [], len(row[8] or "") + len(row[9] or "")
        some.append(row)
    if some:
        yield some
