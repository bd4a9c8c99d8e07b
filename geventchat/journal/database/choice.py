"""Which kind of database a URL names, and the store in it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import URL
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from geventchat.errors import StartError
from geventchat.journal.database.backend import Backend
from geventchat.journal.database.mysql import MySQL
from geventchat.journal.database.postgresql import PostgreSQL
from geventchat.journal.database.sqlite import Sqlite
from geventchat.journal.database.store import DatabaseStore

# By what a URL begins with; without a driver, it is the one we have.
_KINDS: dict[str, tuple[str, Callable[[URL], Backend]]] = {
    "sqlite": ("sqlite", Sqlite),
    "postgresql": ("postgresql+psycopg", PostgreSQL),
    "mysql": ("mysql+pymysql", MySQL),
    "mariadb": ("mysql+pymysql", MySQL),
}
_DRIVERS = "pysqlite", "psycopg", "pymysql"
_USE = (
    "use sqlite:///FILE, postgresql+psycopg://USER:PASSWORD@HOST/DATABASE,"
    " mysql+pymysql://USER:PASSWORD@HOST/DATABASE or none"
)


def open_database(url: str) -> DatabaseStore:
    """The store in the database that a URL names. Raises `StartError`."""
    return DatabaseStore(backend_of(url))


def backend_of(url: str) -> Backend:
    """The database that a URL names; nothing is connected yet. Raises `StartError`."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        # It may hold a password all the same.
        raise StartError(f"database: that is not a database URL; {_USE}") from None
    kind, _, driver = parsed.drivername.partition("+")
    if kind not in _KINDS:
        raise StartError(f"database: {kind} is not supported; {_USE}")
    if driver and driver not in _DRIVERS:
        raise StartError(f"database: {kind} is not spoken through {driver}; {_USE}")
    name, backend = _KINDS[kind]
    return backend(parsed.set(drivername=name))
