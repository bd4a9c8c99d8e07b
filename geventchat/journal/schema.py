"""The tables, as SQLite is told them.

One table holds everything. Its key is the event number, so appending is
appending; each row stands in at most one of the two room indexes, because
every index entry is paid for by every line.
"""

from __future__ import annotations

SCHEMA_VERSION = 2

COLUMNS = "number, at, kind, room, session, nick, user, host, text, detail"

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS events (
        number INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        kind TEXT NOT NULL,
        room TEXT,
        session INTEGER NOT NULL,
        nick TEXT NOT NULL,
        user TEXT NOT NULL,
        host TEXT NOT NULL,
        text TEXT,
        detail TEXT,
        void INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE INDEX IF NOT EXISTS events_lines ON events (room, number) WHERE kind = 'said'",
    """CREATE INDEX IF NOT EXISTS events_doings ON events (room, number)
        WHERE kind <> 'said' AND room IS NOT NULL""",
    """CREATE INDEX IF NOT EXISTS events_topics ON events (room, number)
        WHERE kind = 'topic' AND void = 0""",
    """CREATE INDEX IF NOT EXISTS events_told_by ON events (session, number)
        WHERE kind IN ('told', 'signalledto')""",
    """CREATE INDEX IF NOT EXISTS events_told_to ON events (json_extract(detail, '$.to'), number)
        WHERE kind IN ('told', 'signalledto')""",
    """CREATE INDEX IF NOT EXISTS events_seen ON events (lower(nick), number)
        WHERE kind IN ('arrived', 'left', 'renamed')""",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)
