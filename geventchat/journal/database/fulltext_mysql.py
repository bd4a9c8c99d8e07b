"""The index of a MariaDB or MySQL database: InnoDB's FULLTEXT, asked in boolean mode.

InnoDB leaves out words of one or two letters, stop words, and what it takes for punctuation, all
by settings of the server. So each term is written as letters and digits that no such rule
concerns: behind its block, which makes it long enough, and in hexadecimal unless it is ASCII.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, event

from geventchat.journal.database.backend import Backend
from geventchat.journal.database.fulltext import Wanted, all_of
from geventchat.journal.database.fulltext_server import LINES, ServerFullText

_SETTINGS = ("SET SESSION TRANSACTION READ WRITE",)
_TABLE = f"""CREATE TABLE {LINES} (
    number BIGINT NOT NULL PRIMARY KEY, terms MEDIUMTEXT NOT NULL, FULLTEXT {LINES}_terms (terms)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin"""
_INSERT = f"INSERT IGNORE INTO {LINES} (number, terms) VALUES "
_FIND = f"""SELECT number FROM {LINES} WHERE MATCH (terms) AGAINST (%s IN BOOLEAN MODE)
    AND number > %s AND number < %s ORDER BY number DESC LIMIT %s"""
# Words are left out from 84 letters on.
_TERM_MAX = 70
# A statement is one packet, which by default may have 16 MB.
_BYTES_A_STATEMENT = 2_000_000


class MysqlFullText(ServerFullText):
    """A table with a FULLTEXT index.

    InnoDB gathers and ranks all that match, some microseconds each, so its blocks are small; it
    looks each term of each block up, so no window has too many.
    """

    block_bits = 12
    window, window_max = 1 << 12, 1 << 19

    def _engine(self, backend: Backend) -> Engine:
        engine = backend.reader_engine()

        @event.listens_for(engine, "connect")
        def configure(connection: Any, record: object) -> None:
            with connection.cursor() as cursor:
                for setting in _SETTINGS:
                    cursor.execute(setting)

        return engine

    def _make(self, connection: Connection) -> None:
        connection.exec_driver_sql(_TABLE)

    def _insert(self, connection: Connection, lines: list[tuple[int, list[str]]]) -> None:
        values: list[int | str] = []
        size = 0
        for number, terms in lines:
            values += (number, " ".join(terms))
            size += _TERM_MAX * len(terms)
            if size > _BYTES_A_STATEMENT:
                self._send(connection, values)
                values, size = [], 0
        if values:
            self._send(connection, values)

    def _send(self, connection: Connection, values: list[int | str]) -> None:
        places = ",".join(["(%s,%s)"] * (len(values) // 2))
        connection.exec_driver_sql(_INSERT + places, tuple(values))

    def _find(
        self, connection: Connection, blocks: list[Wanted], after: int, before: int, limit: int
    ) -> Sequence[int]:
        query = " ".join(f"({_query(block)})" for block in blocks)
        return connection.exec_driver_sql(_FIND, (query, after, before, limit)).scalars().all()

    def _term(self, block: str, term: str) -> str:
        written = term if term.isascii() else f"x{term.encode().hex()}"
        return (block + written)[:_TERM_MAX]


def _query(block: Wanted) -> str:
    """A block's part of a boolean query: all with `+` must be there, and one in brackets."""
    return " ".join(f"+{part}" for part in all_of(block, "&", " ", "{}").split("&"))
