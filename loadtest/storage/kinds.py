"""Which databases there are, and a place for each: a server of its own, or SQLite's file."""

import importlib.util
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from loadtest.compare.errors import Missing
from loadtest.storage.database_server import DatabaseServer
from loadtest.storage.folder import own_folder
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
    directory: Path  # it lies there, if it is ours
    server: DatabaseServer | None = None

    def cpu_seconds(self) -> float:
        """What the server has used of the cores so far."""
        return self.server.cpu_seconds() if self.server else 0.0


@contextmanager
def place(database: str, directory: Path, memory_mb: int = 32, disk_mb: int = 0) -> Iterator[Place]:
    """A new database of that kind, or the one whose URL was given. Raises Missing.

    With `disk_mb` it lies on a disk of that size, which needs the right to mount one.
    """
    if database == "sqlite":
        with small_disk(directory, disk_mb):
            yield Place(f"sqlite:///{directory / 'chat.db'}", directory)
    elif database in SERVERS:
        with started(database, memory_mb, disk_mb) as server:
            yield Place(server.create("chat"), server.home, server)
    else:
        yield Place(database, directory)


@contextmanager
def started(kind: str, memory_mb: int = 32, disk_mb: int = 0) -> Iterator[DatabaseServer]:
    """A server in a folder that is gone afterwards. Raises Missing with what to install."""
    driver, extra = DRIVERS[kind]
    if importlib.util.find_spec(driver) is None:
        raise Missing(f"{driver} is not installed (pip install 'geventchat[{extra}]')")
    # Not below a folder that only we may enter: the server may run as somebody else.
    with own_folder(kind) as home, small_disk(home, disk_mb):
        server = SERVERS[kind](home, memory_mb)
        server.make()
        try:
            server.start()
            yield server
        finally:
            server.stop()


@contextmanager
def small_disk(directory: Path, megabytes: int) -> Iterator[None]:
    """A disk of that size there, in memory; none for 0. Raises Missing where we may not."""
    if not megabytes:
        yield
        return
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(directory)]
    done = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(f"no disk can be mounted: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(directory)], check=True)
