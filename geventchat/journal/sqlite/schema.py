"""The tables, and how a database of an earlier version becomes one of this version.

One table holds everything. Its key is the event number, so appending is
appending; each row stands in at most one of the two room indexes, because
every index entry is paid for by every line.

MUST: a step that has been released stays as it is; a change is another step.
"""

from __future__ import annotations

from sqlalchemy import Connection

from geventchat.errors import StartError

COLUMNS = "number, at, kind, room, session, nick, user, host, text, detail"

# The kinds between two sessions, as indexes and queries must name them, word for word.
# Not `kind IN (...)`: for three values SQLite makes a table each time it asks, and the partial
# indexes ask it of every row that is inserted (2 µs a line).
PRIVATE = "(kind = 'told' OR kind = 'signalledto' OR kind = 'redactedto')"
# What is between two sessions ends with the run in which it was said: nobody may read it after.
# The newest row keeps its number, so that no later event gets it.
FORGET_PRIVATE = (
    # (The sign keeps SQLite from walking all events by their numbers.)
    f"DELETE FROM events WHERE {PRIVATE} AND +number < (SELECT max(number) FROM events)",
    f"""UPDATE events SET void = 1, nick = '', user = '', host = '', text = NULL, detail = NULL
        WHERE {PRIVATE}""",
)
# What was redacted, for events behind a number: a crash may have come between the two.
REDO_REDACTIONS = """UPDATE events SET void = 1, text = NULL, detail = NULL WHERE number IN (
    SELECT json_extract(detail, '$.number') FROM events
    WHERE number > ? AND kind IN ('redacted', 'redactedto') AND void = 0 AND json_valid(detail))"""

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


def upgrade(connection: Connection, name: str) -> None:
    """Bring the database of that name to the latest version, in the transaction that is open.

    Raises `StartError` when a later program made it.
    """
    version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if version > len(STEPS):
        raise StartError(f"database {name} was made by a newer geventchat (schema {version})")
    if version == len(STEPS):
        return
    for step in STEPS[version:]:
        for statement in step:
            connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"PRAGMA user_version = {len(STEPS)}")
