"""`SqliteReader`: history, on a connection of its own that cannot write.

Each question is one short statement, so the log of the database can always be
copied back behind it. A row that makes no sense (another program wrote it) is
left out and counted; it must not keep anybody from reading the others.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geventchat.chat.events import Entry
from geventchat.chat.history import PRIVATE_LINES, HistoryQuery, HistoryRange
from geventchat.chat.names import fold
from geventchat.chat.text import clean_for_terminal
from geventchat.journal.rows import readable
from geventchat.journal.sqlite import queries
from geventchat.journal.sqlite.engine import reader_engine, transaction
from geventchat.journal.sqlite.queries import Query

# After so many rows the interpreter is the hub's if it wants it, 0.2 ms after it asked;
# it would wait for 5 ms otherwise, several times for each line that is said.
_ROWS_A_TURN = 32


class SqliteReader:
    """Reads one database, from one thread at a time."""

    in_thread = True

    def __init__(self, path: Path) -> None:
        self._engine = reader_engine(path)
        self.unreadable: set[int] = set()

    def lines(self, room: str, before: int, limit: int, after: int = 0) -> list[Entry]:
        """The latest lines of a room between two numbers, oldest first; `limit` at most."""
        return self._entries(queries.lines(room, before, limit, after))[::-1]

    def history(self, query: HistoryQuery, owner: str) -> list[Entry]:
        """The entries a query asks for, oldest first; of private talks, those of `owner`."""
        entries = self._entries(queries.history(query, _session(owner)))
        return entries[::-1] if query.latest else entries

    def peers(self, within: HistoryRange, limit: int, owner: str) -> list[tuple[str, int]]:
        """The nicks an owner talked with in private and when last, the latest first."""
        rows = self._rows(queries.peers(within, limit, _session(owner)))
        return [(clean_for_terminal(nick), at) for nick, at, _ in rows if isinstance(nick, str)]

    def count(self, room: str, after: int, before: int, most: int) -> int:
        """How many lines were said in a room between two numbers; `most` at most."""
        return len(self._rows(queries.lines(room, before, most, after)))

    def told(self, owner: str, after: int, before: int, limit: int) -> list[Entry]:
        """An owner's private lines with anybody between two numbers: the first, oldest first."""
        within = HistoryRange(after=after, before=before)
        found: list[Entry] = []
        for nick, _ in self.peers(within, 1000, owner):
            query = HistoryQuery(within, limit, False, peer=fold(nick), kinds=PRIVATE_LINES)
            found += self.history(query, owner)
        return sorted(found, key=lambda entry: entry.number)[:limit]

    def event(self, number: int) -> Entry | None:
        """The entry with that number, unless it was voided or redacted."""
        return next(iter(self._entries(queries.event(number))), None)

    def last_seen(self, nick: str, before: int) -> Entry | None:
        """The last arrival, departure or renaming under that nick, before an event number."""
        return next(iter(self._entries(queries.last_seen(nick, before))), None)

    def first_since(self, at: int) -> int:
        """The number of the first event at that time or later; one more than all, if none is.

        Times never decrease with numbers, so it is found by halving: some twenty
        looks at the primary key, however long the journal is.
        """
        with transaction(self._engine) as connection:
            ask = connection.exec_driver_sql
            low, last = ask(queries.ENDS).one()
            if low is None:
                return 1
            found: int = last + 1
            high = found
            while low < high:
                middle = (low + high) // 2
                # Numbers may have gaps: it is the first event from there on.
                number, then = ask(queries.TIME_FROM, (middle,)).one()
                if then < at:
                    low = number + 1
                else:
                    high, found = middle, number
        return found

    def close(self) -> None:
        """Close the connection."""
        self._engine.dispose()

    def _rows(self, query: Query) -> Sequence[Any]:
        with transaction(self._engine) as connection:
            return connection.exec_driver_sql(*query).all()

    def _entries(self, query: Query) -> list[Entry]:
        rows, entries = self._rows(query), []
        for start in range(0, len(rows), _ROWS_A_TURN):
            entries += readable(rows[start : start + _ROWS_A_TURN], self.unreadable)
            time.sleep(0)
        return entries


def _session(owner: str) -> int:
    """The number of a session without an account; none that there is for an account."""
    return int(owner[1:]) if owner.startswith("~") else -1
