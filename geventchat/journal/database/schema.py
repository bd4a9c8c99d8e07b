"""The tables, the same on every backend.

`events` holds everything that happens; its key is the event number, so appending is
appending, and each line is paid for by one more index entry, that of its room.
Whatever else must be found has a small table of its own, into which only rare kinds of
events are written: so no line of chat pays for it, and no index needs an expression
or a condition that only some backends know.

Two tables have an index on numbers besides, to take rows out. On PostgreSQL it is a hash: a
planner without statistics would take an ordered one for the way to the latest of a talk.

Names are folded by us, so they are compared byte by byte everywhere.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.dialects import mysql

MYSQL = "mysql", "mariadb"

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
# Of keys and names; none is longer than 64 bytes, and InnoDB's indexes end at 3072. None ends in
# a blank, which is no difference to MySQL.
NAME = (
    String(255)
    .with_variant(Text(), "sqlite")
    .with_variant(String(255, collation="C"), "postgresql")
)
WORDS = Text().with_variant(mysql.LONGTEXT(), *MYSQL)
BYTES = LargeBinary().with_variant(mysql.LONGBLOB(), *MYSQL)

metadata = MetaData()


def _table(name: str, *columns: Column[Any] | Index) -> Table:
    options: dict[str, Any] = {}
    for backend in MYSQL:
        options[f"{backend}_engine"] = "InnoDB"
        options[f"{backend}_charset"] = "utf8mb4"
        options[f"{backend}_collate"] = "utf8mb4_bin"
    return Table(name, metadata, *columns, **options)


def _number(primary: bool = True) -> Column[Any]:
    return Column("number", NUMBER, primary_key=primary, autoincrement=False, nullable=False)


events = _table(
    "events",
    _number(),
    Column("at", NUMBER, nullable=False),
    Column("kind", NAME, nullable=False),
    Column("room", NAME),
    Column("session", NUMBER, nullable=False),
    Column("nick", NAME, nullable=False),
    Column("user", NAME, nullable=False),
    Column("host", NAME, nullable=False),
    Column("text", WORDS),
    Column("detail", WORDS),
    Column("void", Integer, nullable=False, server_default="0"),
)
_kind, _room = events.c.kind, events.c.room
for _backend in ("sqlite", "postgresql"):
    _lines: dict[str, Any] = {f"{_backend}_where": _kind == "said"}
    _doings: dict[str, Any] = {f"{_backend}_where": (_kind != "said") & _room.is_not(None)}
    Index("events_lines", _room, events.c.number, **_lines).ddl_if(dialect=_backend)
    Index("events_doings", _room, _kind, events.c.number, **_doings).ddl_if(dialect=_backend)
for _backend in MYSQL:
    Index("events_rooms", _room, _kind, events.c.number).ddl_if(dialect=_backend)

ANYBODY = ""
# Private events, two rows for each end of the talk: under the nick it was with, and under none
# (`ANYBODY`), where an owner's talks stand in one order. Those that may still be read.
talks = _table(
    "talks",
    Column("owner", NAME, primary_key=True),
    Column("peer", NAME, primary_key=True),
    Column("kind", NAME, primary_key=True),
    _number(),
    Index("talks_numbers", "number", postgresql_using="hash"),
)
# Arrivals, departures and renamings, by the key of the nick they are of.
seen = _table(
    "seen", _number(), Column("nick", NAME, nullable=False), Index("seen_nicks", "nick", "number")
)
# Departures and renamings, by the keys of the rooms that saw them.
concerns = _table(
    "concerns",
    Column("room", NAME, primary_key=True),
    Column("kind", NAME, primary_key=True),
    _number(),
    Index("concerns_numbers", "number", postgresql_using="hash"),
)
# Events that change the state.
changes = _table("changes", _number())

# The index for searches, on servers; whoever makes it says how (see `fulltext_server`).
INDEX_TABLES = ("search_lines", "search_bounds")
# What stands beside a number and goes with it.
ASIDE = (talks, seen, concerns, changes)

snapshots = _table(
    "snapshots",
    _number(),
    Column("at", NUMBER, nullable=False),
    Column("digest", NAME, nullable=False),
    Column("body", BYTES, nullable=False),
)
credentials = _table(
    "credentials",
    Column("id", NAME, primary_key=True),
    Column("hash", WORDS, nullable=False),
    Column("made_at", NUMBER, nullable=False),
    Index("credentials_made", "made_at"),
)
marks = _table(
    "marks",
    Column("account", NAME, primary_key=True),
    Column("device", NAME, primary_key=True),
    Column("target", NAME, primary_key=True),
    _number(primary=False),
    Column("at", NUMBER, nullable=False),
)
# What `geventchat user ...` wants of the server that runs; without an answer until it is done.
orders = _table(
    "orders",
    Column("id", NUMBER, primary_key=True),
    Column("made_at", NUMBER, nullable=False),
    Column("name", NAME, nullable=False),
    Column("body", WORDS, nullable=False),
    Column("done_at", NUMBER, nullable=False, server_default="0"),
    Column("answer", WORDS),
    Index("orders_done", "done_at", "id"),
)
# Accounts whose words are being erased, and the number up to which that was done.
erasing = _table(
    "erasing",
    Column("account", NAME, primary_key=True),
    Column("until", NUMBER, primary_key=True, autoincrement=False),
    _number(primary=False),
)
# Who writes here, in one row. A server that finds another's token has lost the database to it.
writer = _table(
    "writer", Column("token", NAME, nullable=False), Column("corrections", NUMBER, nullable=False)
)
# What must stay the same over all runs, and known to nobody else; one row.
secret = _table("secret", Column("value", BYTES, nullable=False))
