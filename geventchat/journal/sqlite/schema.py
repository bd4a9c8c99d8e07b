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
