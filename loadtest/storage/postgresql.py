"""A PostgreSQL of our own. As durable as it comes; everybody on this machine's loopback may in."""

import signal
from pathlib import Path

from loadtest.compare.child import HOST
from loadtest.storage.database_server import DatabaseServer, found

# Debian keeps the programs of each version apart, and none of them where a shell looks.
FOLDERS = Path("/usr/lib/postgresql")
OWNER = "geventchat"


class PostgreSQL(DatabaseServer):
    name = "postgresql"
    package = "postgresql"
    user = "postgres"
    polite = signal.SIGINT  # "fast": it waits for no client

    def prepare(self) -> list[str]:
        return [
            *(self._program("initdb"), f"--pgdata={self.data}", f"--username={OWNER}"),
            *("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
        ]

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": HOST,
            "port": str(self.port),
            "unix_socket_directories": "",
            "shared_buffers": f"{self.memory_mb}MB",
            "max_connections": "40",
            "fsync": "on",
            "synchronous_commit": "on",
        }
        flags = [flag for name, value in settings.items() for flag in ("-c", f"{name}={value}")]
        return [self._program("postgres"), "-D", str(self.data), *flags]

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{OWNER}@{HOST}:{self.port}/{database or 'postgres'}"

    def _program(self, name: str) -> str:
        """The newest there is that has `initdb` beside it: some `postgres` are links alone."""
        folders = sorted(FOLDERS.glob("*/bin"), key=lambda path: float(path.parent.name))
        where = found("initdb", self.package, *map(str, reversed(folders)))
        return str(Path(where).resolve().with_name(name))
