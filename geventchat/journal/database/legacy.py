"""SQLite databases of programs before Alembic: their schema, and how it becomes today's.

Their version stands in `PRAGMA user_version`. One table held everything, found by
indexes that only SQLite has.

MUST: this stays as it is; it is history.
"""

from __future__ import annotations

from sqlalchemy import Connection

_PRIVATE = "(kind = 'told' OR kind = 'signalledto' OR kind = 'redactedto')"

# One tuple of statements a version: step n brings a database from version n to n + 1.
# IF NOT EXISTS, because the first programs made their tables outside a transaction:
# where one was stopped, some of a step may be there already.
STEPS: tuple[tuple[str, ...], ...] = (
    (
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
        """CREATE INDEX IF NOT EXISTS events_seen ON events (lower(nick), number)
            WHERE kind IN ('arrived', 'left', 'renamed')""",
    ),
    (
        """CREATE INDEX IF NOT EXISTS events_told_by ON events (session, number)
            WHERE kind IN ('told', 'signalledto')""",
        """CREATE INDEX IF NOT EXISTS events_told_to
            ON events (json_extract(detail, '$.to'), number)
            WHERE kind IN ('told', 'signalledto')""",
    ),
    # Few pins stand among many joins; looking for them must not read all of those.
    (
        """CREATE INDEX IF NOT EXISTS events_pinned ON events (room, number)
            WHERE kind = 'pinned'""",
    ),
    # What tells whether a room was guarded when its last life ended.
    (
        """CREATE INDEX IF NOT EXISTS events_lives ON events (room, number)
            WHERE kind = 'modes'
            OR (kind = 'joined' AND json_extract(detail, '$.founding') IS NOT NULL)""",
    ),
    (
        # One index finds one talk between two people: no other talk is walked through.
        "DROP INDEX IF EXISTS events_told_by",
        "DROP INDEX IF EXISTS events_told_to",
        """DELETE FROM events WHERE kind IN ('told', 'signalledto', 'redactedto')
            AND number < (SELECT max(number) FROM events)""",
        """UPDATE events SET void = 1, nick = '', user = '', host = '', text = NULL, detail = NULL
            WHERE kind IN ('told', 'signalledto', 'redactedto')""",
        """CREATE INDEX events_talk_by
            ON events (session, lower(json_extract(detail, '$.nick')), number)
            WHERE (kind = 'told' OR kind = 'signalledto' OR kind = 'redactedto')""",
        """CREATE INDEX events_talk_to
            ON events (json_extract(detail, '$.to'), lower(nick), number)
            WHERE (kind = 'told' OR kind = 'signalledto' OR kind = 'redactedto')""",
        # Keys of rooms were kept once.
        """UPDATE events SET detail = json_set(detail, '$.changes', (
                SELECT json_group_array(json_array(
                    json_extract(value, '$[0]'),
                    CASE WHEN json_extract(value, '$[0]') IN ('+k', '-k') THEN ''
                        ELSE json_extract(value, '$[1]') END,
                    json_extract(value, '$[2]')))
                FROM json_each(detail, '$.changes')))
            WHERE kind = 'modes' AND json_valid(detail)
                AND (detail LIKE '%"+k"%' OR detail LIKE '%"-k"%')""",
        # What was redacted or refused, and then kept because a statement failed.
        """UPDATE events SET void = 1, text = NULL, detail = NULL WHERE number IN (
            SELECT json_extract(detail, '$.number') FROM events
            WHERE kind IN ('redacted', 'redactedto') AND void = 0 AND json_valid(detail))""",
        # Who writes here. A server that finds another's token has lost the database to it.
        "CREATE TABLE writer (token TEXT NOT NULL, corrections INTEGER NOT NULL)",
        "INSERT INTO writer VALUES ('', 0)",
    ),
    # What must stay the same over all runs, and known to nobody else; the store fills it.
    ("CREATE TABLE secret (value BLOB NOT NULL)",),
)


_COLUMNS = "number at kind room session nick user host text detail void"
# What those programs must not open any more has a version that they refuse.
_BEYOND = len(STEPS) + 1
_UNPREPARED = (
    # The newest row keeps its number, so that no later event gets it.
    f"DELETE FROM events WHERE {_PRIVATE} AND +number < (SELECT max(number) FROM events)",
    f"""UPDATE events SET void = 1, nick = '', user = '', host = '', text = NULL, detail = NULL
        WHERE {_PRIVATE}""",
    *(
        f"DROP INDEX IF EXISTS events_{name}"
        for name in ("topics", "seen", "pinned", "lives", "talk_by", "talk_to", "doings")
    ),
    """CREATE INDEX events_doings ON events (room, kind, number)
        WHERE kind <> 'said' AND room IS NOT NULL""",
)
_FILLED = (
    """INSERT INTO seen (number, nick) SELECT number, lower(nick) FROM events
        WHERE kind IN ('arrived', 'left', 'renamed') AND void = 0""",
    """INSERT OR IGNORE INTO concerns (room, kind, number)
        SELECT value, 'left', number FROM events, json_each(detail, '$.rooms')
        WHERE kind = 'left' AND void = 0 AND json_valid(detail)""",
    """INSERT INTO changes (number) SELECT number FROM events WHERE kind NOT IN
        ('said', 'told', 'signalled', 'signalledto', 'saidtosome', 'redacted', 'redactedto',
        'pinned', 'announced') AND void = 0""",
    f"PRAGMA user_version = {_BEYOND}",
)


def version(connection: Connection) -> int:
    """Which of those versions an SQLite database has; 0 if it is empty."""
    found: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if not found:
        # The first programs made their table before they said what it is.
        columns = connection.exec_driver_sql("SELECT name FROM pragma_table_info('events')")
        return int(" ".join(columns.scalars()) == _COLUMNS)
    return found


def prepare(connection: Connection) -> None:
    """Bring it to the last of those versions, without what is found otherwise now."""
    said: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    for step in STEPS[said:]:
        for statement in step:
            connection.exec_driver_sql(statement)
    for statement in _UNPREPARED:
        connection.exec_driver_sql(statement)


def fill(connection: Connection) -> None:
    """List its events in the tables that today's program finds them by."""
    for statement in _FILLED:
        connection.exec_driver_sql(statement)
