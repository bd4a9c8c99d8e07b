"""The SQL that reads the journal.

Each function returns a statement and its parameters. The public statements are
those of a start, which goes on behind the last event, and of the search for a
moment.

MUST: be a search in an index whose rows are wanted, all but a few. Ranges are
event numbers, the last column of every index; `at` has none (see
`SqliteReader.first_since`).
"""

from __future__ import annotations

from geventchat.chat.apply import KINDS
from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.journal.sqlite.schema import COLUMNS, PRIVATE

Query = tuple[str, tuple[str | int, ...] | dict[str, int]]

LAST = "SELECT number, at FROM events ORDER BY number DESC LIMIT 1"
ENDS = "SELECT (SELECT min(number) FROM events), (SELECT max(number) FROM events)"
TIME_FROM = "SELECT number, at FROM events WHERE number >= ? ORDER BY number LIMIT 1"

_LINES = f"""SELECT {COLUMNS} FROM events
    WHERE kind = 'said' AND room = ? AND number > ? AND number < ? AND void = 0
    ORDER BY number DESC LIMIT ?"""
_EVENT = f"SELECT {COLUMNS} FROM events WHERE number = ? AND void = 0"
_SEEN = f"""SELECT {COLUMNS} FROM events
    WHERE kind IN ('arrived', 'left', 'renamed') AND lower(nick) = lower(?)
    AND number < ? AND void = 0
    ORDER BY number DESC LIMIT 1"""

_WITHIN = "number > ? AND number < ? AND void = 0"
_TO = "json_extract(detail, '$.to')"
_PEER = "lower(json_extract(detail, '$.nick'))"


def lines(room: str, before: int, limit: int, after: int) -> Query:
    """The latest lines of a room between two event numbers, latest first."""
    return _LINES, (room, after, before, limit)


def event(number: int) -> Query:
    """The event with that number, unless it was voided or redacted."""
    return _EVENT, (number,)


# Kinds of event that stand in an index of their own (events_lines, events_pinned).
_OWN_INDEX = ("said", "pinned")


def last_seen(nick: str, before: int) -> Query:
    """The last arrival, departure or renaming under a nick, before an event number."""
    return _SEEN, (nick, before)


def history(query: HistoryQuery, session: int) -> Query:
    """Events of a room or of a session's private talk.

    They come latest first if the query asks for the latest, else oldest first.
    """
    order = f"ORDER BY number {'DESC' if query.latest else 'ASC'} LIMIT ?"
    parts: list[tuple[str, tuple[str | int, ...]]]
    names = [KINDS[kind].name for kind in query.kinds]
    if query.room:
        own = [name for name in names if name in _OWN_INDEX]
        parts = [(f"kind = '{name}' AND room = ?", (query.room,)) for name in own]
        others = ", ".join(f"'{name}'" for name in names if name not in _OWN_INDEX)
        if others:
            # A partial index (events_doings) serves only queries that repeat its condition.
            condition = f"kind <> 'said' AND room IS NOT NULL AND room = ? AND kind IN ({others})"
            parts.append((condition, (query.room,)))
    else:
        # The condition of the two indexes on private talks comes first, as above.
        wanted = ", ".join(f"'{name}'" for name in names)
        private = f"{PRIVATE} AND kind IN ({wanted})"
        by = f"{private} AND session = ? AND {_PEER} = ?"
        # What a session told itself has one row, which the query by author finds.
        to = f"{private} AND {_TO} = ? AND session <> ? AND lower(nick) = ?"
        parts = [(by, (session, query.peer)), (to, (session, session, query.peer))]
    # Each part has its own index, so each is limited before they are merged.
    chosen = [
        f"SELECT {COLUMNS} FROM events WHERE {part} AND {_WITHIN} {order}" for part, _ in parts
    ]
    within = (query.within.after, query.within.before)
    parameters: list[str | int] = []
    for _, values in parts:
        parameters += [*values, *within, query.limit]
    if len(chosen) == 1:
        return chosen[0], tuple(parameters)
    merged = " UNION ALL ".join(f"SELECT * FROM ({part})" for part in chosen)
    return f"{merged} {order}", (*parameters, query.limit)


def _last_with_each(owner: str, peer: str, nick: str) -> str:
    """The last line with each peer, by skipping from peer to peer through one index."""
    mine = f"FROM events WHERE {PRIVATE} AND {owner} = :session"
    first = f"SELECT {peer} {mine} AND {peer} > {{}} ORDER BY {peer} LIMIT 1"
    last = f"""SELECT number {mine} AND {peer} = known.peer AND kind = 'told' AND void = 0
        AND number > :after AND number < :before ORDER BY number DESC LIMIT 1"""
    return f"""SELECT {nick} AS nick, at, number FROM events WHERE number IN (
        WITH RECURSIVE known(peer) AS (
            SELECT ({first.format("''")})
            UNION ALL
            SELECT ({first.format("known.peer")}) FROM known WHERE known.peer IS NOT NULL
        ) SELECT ({last}) FROM known WHERE known.peer IS NOT NULL)"""


_PEERS = f"""SELECT nick, at, max(number) FROM (
        {_last_with_each("session", _PEER, "json_extract(detail, '$.nick')")}
        UNION ALL {_last_with_each(_TO, "lower(nick)", "nick")})
    GROUP BY lower(nick) ORDER BY max(number) DESC LIMIT :limit"""


def peers(within: HistoryRange, limit: int, session: int) -> Query:
    """The nicks a session talked with in private and when last, the latest first."""
    return _PEERS, {
        "session": session,
        "after": within.after,
        "before": within.before,
        "limit": limit,
    }
