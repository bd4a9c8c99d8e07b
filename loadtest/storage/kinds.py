"""Which databases there are, and a place for each: a server of its own, or SQLite's file."""

import importlib.util
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from loadtest.compare.errors import Missing
from loadtest.storage.database_server import DatabaseServer
from loadtest.storage.mariadb import MariaDB
from loadtest.storage.postgresql import PostgreSQL

SERVERS: dict[str, Callable[[Path, int], DatabaseServer]] = {
    "postgresql": PostgreSQL,
    "mariadb": MariaDB,
}
KINDS = ("sqlite", *SERVERS)
# What Python speaks to each with, and the extra that brings it.
DRIVERS = {"postgresql": ("psycopg", "postgresql"), "mariadb": ("pymysql", "mysql")}


@dataclass(frozen=True)
class Place:
    """A database, and the server it is in if that is ours."""

    url: str
    server: DatabaseServer | None = None

    def cpu_seconds(self) -> float:
        """What the server has used of the cores so far."""
        return self.server.cpu_seconds() if self.server else 0.0


@contextmanager
def place(database: str, directory: Path, memory_mb: int = 32) -> Iterator[Place]:
    """A new database of that kind, or the one whose URL was given. Raises Missing."""
    if database == "sqlite":
        yield Place(f"sqlite:///{directory / 'chat.db'}")
    elif database in SERVERS:
        with started(database, memory_mb) as server:
            server.run("", "CREATE DATABASE chat")
            yield Place(server.url("chat"), server)
    else:
        yield Place(database)


@contextmanager
def started(kind: str, memory_mb: int = 32) -> Iterator[DatabaseServer]:
    """A server in a folder that is gone afterwards. Raises Missing with what to install."""
    driver, extra = DRIVERS[kind]
    if importlib.util.find_spec(driver) is None:
        raise Missing(f"{driver} is not installed (pip install 'geventchat[{extra}]')")
    # Not below a folder that only we may enter: the server may run as somebody else.
    with tempfile.TemporaryDirectory(
        prefix=f"geventchat-{kind}-", ignore_cleanup_errors=True
    ) as at:
        server = SERVERS[kind](Path(at), memory_mb)
        server.make()
        try:
            server.start()
            yield server
        finally:
            server.stop()
