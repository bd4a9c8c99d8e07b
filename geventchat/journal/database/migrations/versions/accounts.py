"""Tables for accounts, snapshots and private talk over all runs; one schema everywhere.

What is at an SQLite database of an earlier program (`legacy`) is kept and listed anew.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from geventchat.journal.database import legacy

revision = "7"
down_revision = None

_MYSQL = "mysql", "mariadb"
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_NAME = (
    sa.String(255)
    .with_variant(sa.Text(), "sqlite")
    .with_variant(sa.String(255, collation="C"), "postgresql")
)
_WORDS = sa.Text().with_variant(mysql.LONGTEXT(), *_MYSQL)
_BYTES = sa.LargeBinary().with_variant(mysql.LONGBLOB(), *_MYSQL)


def upgrade() -> None:
    """Make the tables, or those that are missing in a database of an earlier program."""
    earlier = op.get_context().dialect.name == "sqlite" and legacy.version(op.get_bind())
    if earlier:
        legacy.prepare(op.get_bind())
    else:
        _make_events()
        _table("writer", _name("token"), _number("corrections"))
        _table("secret", sa.Column("value", _BYTES, nullable=False))
        op.execute("INSERT INTO writer VALUES ('', 0)")
    _make_places()
    _make_belongings()
    if earlier:
        legacy.fill(op.get_bind())


def _make_events() -> None:
    _table(
        "events",
        _key("number", _NUMBER),
        _number("at"),
        _name("kind"),
        sa.Column("room", _NAME),
        _number("session"),
        _name("nick"),
        _name("user"),
        _name("host"),
        sa.Column("text", _WORDS),
        sa.Column("detail", _WORDS),
        sa.Column("void", sa.Integer(), nullable=False, server_default="0"),
    )
    backend = op.get_context().dialect.name
    if backend in _MYSQL:
        op.create_index("events_rooms", "events", ["room", "kind", "number"])
        return
    lines: dict[str, Any] = {f"{backend}_where": sa.text("kind = 'said'")}
    op.create_index("events_lines", "events", ["room", "number"], **lines)
    doings: dict[str, Any] = {f"{backend}_where": sa.text("kind <> 'said' AND room IS NOT NULL")}
    op.create_index("events_doings", "events", ["room", "kind", "number"], **doings)


def _make_places() -> None:
    _table(
        "talks", *(_key(name, _NAME) for name in ("owner", "peer", "kind")), _key("number", _NUMBER)
    )
    op.create_index("talks_numbers", "talks", ["number"], postgresql_using="hash")
    _table("seen", _key("number", _NUMBER), _name("nick"))
    op.create_index("seen_nicks", "seen", ["nick", "number"])
    _table("concerns", _key("room", _NAME), _key("kind", _NAME), _key("number", _NUMBER))
    op.create_index("concerns_numbers", "concerns", ["number"], postgresql_using="hash")
    _table("changes", _key("number", _NUMBER))


def _make_belongings() -> None:
    body = sa.Column("body", _BYTES, nullable=False)
    _table("snapshots", _key("number", _NUMBER), _number("at"), _name("digest"), body)
    words = sa.Column("hash", _WORDS, nullable=False)
    _table("credentials", _key("id", _NAME), words, _number("made_at"))
    op.create_index("credentials_made", "credentials", ["made_at"])
    keys = (_key(name, _NAME) for name in ("account", "device", "target"))
    _table("marks", *keys, _number("number"), _number("at"))
    _table(
        "orders",
        sa.Column("id", _NUMBER, primary_key=True),
        _number("made_at"),
        _name("name"),
        sa.Column("body", _WORDS, nullable=False),
        sa.Column("done_at", _NUMBER, nullable=False, server_default="0"),
        sa.Column("answer", _WORDS),
    )
    op.create_index("orders_done", "orders", ["done_at", "id"])
    _table("erasing", _key("account", _NAME), _key("until", _NUMBER), _number("number"))


def _table(name: str, *columns: sa.Column[Any]) -> None:
    options = {"engine": "InnoDB", "charset": "utf8mb4", "collate": "utf8mb4_bin"}
    given: dict[str, Any] = {f"{b}_{key}": v for b in _MYSQL for key, v in options.items()}
    op.create_table(name, *columns, **given)


def _key(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=False, nullable=False)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, _NUMBER, nullable=False)


def _name(name: str) -> sa.Column[Any]:
    return sa.Column(name, _NAME, nullable=False)
