"""`DatabaseReader`: history, on a connection of its own that cannot write.

Each question is one short statement, so no commit ever waits for one. A row that
makes no sense (another program wrote it) is left out and counted; it must not
keep anybody from reading the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Executable

from geventchat.chat.events import Entry
from geventchat.chat.history import HistoryQuery, HistoryRange, Private, ends_of
from geventchat.chat.names import fold
from geventchat.errors import StoreError
from geventchat.journal.database import queries
from geventchat.journal.database.backend import UNREACHABLE, Backend
from geventchat.journal.database.unpatched import give_way
from geventchat.journal.rows import account_of, readable

_Answer = TypeVar("_Answer")

# After so many rows the interpreter is the hub's if it wants it, 0.2 ms after it asked;
# it would wait for 5 ms otherwise, several times for each line that is said.
_ROWS_A_TURN = 32
# Of so many private lines at most, with whom they were; a piece takes some 5 ms.
_PIECE, _PIECES_MAX = 500, 10


class DatabaseReader:
    """Reads one database, from one thread at a time."""

    in_thread = True

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._engine = backend.reader_engine()
        self.unreadable: set[int] = set()

    def lines(self, room: str, before: int, limit: int, after: int = 0) -> list[Entry]:
        """The latest lines of a room between two numbers, oldest first; `limit` at most."""
        return self._entries(queries.lines(room, before, limit, after))[::-1]

    def history(self, query: HistoryQuery, owner: str) -> list[Entry]:
        """The entries a query asks for, oldest first; of private talks, those of `owner`."""
        entries = self._entries(queries.history(query, owner))
        return entries[::-1] if query.latest else entries

    def peers(self, within: HistoryRange, limit: int, owner: str) -> list[tuple[str, int]]:
        """The nicks an owner talked with in private and when last, the latest first.

        Who has talked with thousands must not keep others from reading: only so many of the
        latest lines are looked through, in pieces.
        """
        found: dict[str, tuple[str, int]] = {}
        before = within.before
        for _ in range(_PIECES_MAX):
            entries = self._entries(queries.latest_told(owner, within.after, before, _PIECE))
            for entry in entries:
                event = entry.event
                assert isinstance(event, Private)
                peer = ends_of(event).get(owner)
                if peer is not None:
                    nick = event.nick if fold(event.nick) == peer else event.by.nick
                    found.setdefault(peer, (nick, entry.at))
            if len(entries) < _PIECE or len(found) >= limit:
                break
            before = entries[-1].number
        return list(found.values())[:limit]

    def count(self, room: str, after: int, before: int, most: int) -> int:
        """How many lines were said in a room between two numbers; `most` at most."""
        query = queries.count(room, after, before, most)
        (found,) = self._rows(query)
        return int(found[0])

    def told(self, owner: str, after: int, before: int, limit: int) -> list[Entry]:
        """An owner's private lines with anybody between two numbers: the first, oldest first."""
        return self._entries(queries.first_told(owner, after, before, limit))

    def said_by(
        self, account: str, after: int, before: int, events: int
    ) -> tuple[int, list[Entry]]:
        """What an account (its key) said in rooms among the next events between two numbers.

        And the number of the last of these events, or `before`, if there are no more.
        """
        rows = self._rows(queries.following(after, before, events))
        theirs = [row for row in rows if row.kind == "said" and account_of(row.detail) == account]
        last = rows[-1].number if len(rows) == events else before
        return last, readable(theirs, self.unreadable)

    def event(self, number: int) -> Entry | None:
        """The entry with that number, unless it was voided or redacted."""
        return next(iter(self._entries(queries.event(number))), None)

    def last_seen(self, nick: str, before: int) -> Entry | None:
        """The last arrival, departure or renaming under that nick, before an event number."""
        return next(iter(self._entries(queries.last_seen(nick, before))), None)

    def first_since(self, at: int) -> int:
        """The number of the first event at that time or later; one more than all, if none is."""
        return self._asked(lambda connection: queries.moment(connection, at))

    def close(self) -> None:
        """Close the connection."""
        self._engine.dispose()

    def _rows(self, query: Executable) -> Sequence[Any]:
        return self._asked(lambda connection: connection.execute(query).all())

    def _asked(self, ask: Callable[[Connection], _Answer]) -> _Answer:
        """An answer, if need be from a new connection: to ask twice does no harm."""
        for again in (True, False):
            try:
                with self._backend.transaction(self._engine) as connection:
                    return ask(connection)
            except StoreError as error:
                if not again or str(error) != UNREACHABLE:
                    raise
        raise AssertionError(again)

    def _entries(self, query: Executable) -> list[Entry]:
        rows, entries = self._rows(query), []
        for start in range(0, len(rows), _ROWS_A_TURN):
            entries += readable(rows[start : start + _ROWS_A_TURN], self.unreadable)
            give_way()
        return entries
