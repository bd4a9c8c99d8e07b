"""Private talks that nobody can read any more are not kept.

A private line may be read by the two between whom it was said, while they are
here. When one goes, its talks with others who are gone are deleted; the rest
goes with the other. Both ends of a talk stand first in an index, so nobody
else's rows are touched. Talks may be long, and everybody waits for the
transaction in which this is done, so it is done in pieces.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from geventchat.chat.events import Entry, RedactedTo, TaggedTo, Told
from geventchat.journal.sqlite.schema import PRIVATE

ROWS_A_TRANSACTION = 1000

_FORGET = "DELETE FROM events WHERE number = ?"
_TO, _PEER = "json_extract(detail, '$.to')", "lower(json_extract(detail, '$.nick'))"


class _End(NamedTuple):
    """One end of talks: how to find the rows with one peer, and the next peer."""

    rows: str
    next_peer: str


def _end(session: str, peer: str, other: str) -> _End:
    mine = f"FROM events WHERE {PRIVATE} AND {session} = ?"
    return _End(
        f"SELECT number, {other} {mine} AND {peer} = ? AND number > ? ORDER BY number LIMIT ?",
        f"SELECT {peer} {mine} AND {peer} > ? ORDER BY {peer} LIMIT 1",
    )


_SAID = _end("session", _PEER, _TO)
_HEARD = _end(_TO, "lower(nick)", "session")


class _Place(NamedTuple):
    """How far the talks of a session that is gone have been looked through."""

    end: _End
    session: int
    peer: str
    number: int


_PRIVATE = frozenset({Told, TaggedTo, RedactedTo})


class Talks:
    """Which sessions take part in private talk, and what is to be forgotten."""

    def __init__(self) -> None:
        self._here: set[int] = set()
        self._forgetting: deque[_Place] = deque()

    @property
    def pending(self) -> bool:
        """Whether some of them are yet to be looked through, or were just now."""
        return bool(self._forgetting)

    def ended(self, sessions: Iterable[int]) -> None:
        """These sessions are gone. Their talks are looked through once."""
        for session in sessions:
            if session in self._here:
                self._here.discard(session)
                self._forgetting += (_Place(end, session, "", 0) for end in (_SAID, _HEARD))

    def forget(self, connection: Connection) -> deque[_Place]:
        """Delete some rows that nobody can read; what is to be looked through after the commit."""
        places, left = self._forgetting.copy(), ROWS_A_TRANSACTION
        ask = connection.exec_driver_sql
        while places and left > 0:
            end, session, peer, after = places.popleft()
            rows = ask(end.rows, (session, peer, after, left)).all()
            for number, other in rows:
                if other not in self._here:
                    ask(_FORGET, (number,))
            if len(rows) == left:
                places.appendleft(_Place(end, session, peer, rows[-1][0]))
                break
            following = ask(end.next_peer, (session, peer)).scalar()
            if following is not None:
                places.appendleft(_Place(end, session, following, 0))
            left -= len(rows) + 1
        return places

    def committed(self, entries: Sequence[Entry], forgotten: deque[_Place]) -> None:
        """The transaction that `forget` was part of is on disk, with these entries."""
        self._forgetting = forgotten
        for entry in entries:
            event = entry.event
            # By its class alone: nearly none is, and each is asked.
            if event.__class__ in _PRIVATE:
                assert isinstance(event, Told | TaggedTo | RedactedTo)
                self._here.update((event.by.session, event.to))
