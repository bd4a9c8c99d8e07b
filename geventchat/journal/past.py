"""Stretches of history as SQL: each function gives a statement and its parameters."""

from __future__ import annotations

from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.journal.schema import COLUMNS

Query = tuple[str, tuple[str | int, ...]]

_WITHIN = "number > ? AND number < ? AND at > ? AND at < ? AND void = 0"
_EVENTS = "('joined', 'parted', 'kicked', 'modes', 'topic', 'tagged')"
_TO = "json_extract(detail, '$.to')"
_NICK = "json_extract(detail, '$.nick')"


def history(wanted: HistoryQuery, session: int) -> Query:
    """Entries of a room, or of a session's talk with somebody, first or latest first."""
    order = f"ORDER BY number {'DESC' if wanted.latest else 'ASC'} LIMIT ?"
    parts: list[tuple[str, tuple[str | int, ...]]]
    if wanted.room:
        parts = [("kind = 'said' AND room = ?", (wanted.room,))]
        if wanted.include_events:
            include_events = (
                f"kind <> 'said' AND room IS NOT NULL AND room = ? AND kind IN {_EVENTS}"
            )
            parts.append((include_events, (wanted.room,)))
    else:
        kinds = "('told', 'signalledto')"
        private = (
            f"kind IN {kinds}" if wanted.include_events else f"kind IN {kinds} AND kind = 'told'"
        )
        by = f"{private} AND session = ? AND lower({_NICK}) = ?"
        # What one told oneself has one row, found by its author.
        to = f"{private} AND {_TO} = ? AND session <> ? AND lower(nick) = ?"
        parts = [(by, (session, wanted.peer)), (to, (session, session, wanted.peer))]
    # Each part has its own index, so each is cut to the limit before they meet.
    chosen = [
        f"SELECT * FROM (SELECT {COLUMNS} FROM events WHERE {part} AND {_WITHIN} {order})"
        for part, _ in parts
    ]
    parameters: list[str | int] = []
    for _, values in parts:
        parameters += [*values, *wanted.reach, wanted.limit]
    return f"{' UNION ALL '.join(chosen)} {order}", (*parameters, wanted.limit)


def peers(reach: HistoryRange, limit: int, session: int) -> Query:
    """The nicks a session talked with and when last, the latest first."""
    private = "kind IN ('told', 'signalledto') AND kind = 'told'"
    by = f"SELECT {_NICK} AS peer, at FROM events WHERE {private} AND session = ? AND {_WITHIN}"
    to = f"SELECT nick AS peer, at FROM events WHERE {private} AND {_TO} = ? AND {_WITHIN}"
    statement = f"""SELECT peer, max(at) FROM ({by} UNION ALL {to})
        GROUP BY lower(peer) ORDER BY max(at) DESC LIMIT ?"""
    return statement, (session, *reach, session, *reach, limit)
