"""A MariaDB of our own. As durable as it comes; everybody on this machine's loopback may in."""

import signal

from loadtest.compare.child import HOST
from loadtest.storage.database_server import DatabaseServer, found

USER = "geventchat"


class MariaDB(DatabaseServer):
    name = "mariadb"
    package = "mariadb-server"
    user = "mysql"
    polite = signal.SIGTERM

    def prepare(self) -> list[str]:
        # The other needs this one, and their packages do not say so.
        found("my_print_defaults", self.package)
        return [
            found("mariadb-install-db", self.package),
            "--no-defaults",
            f"--datadir={self.data}",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--skip-name-resolve",
        ]

    def command(self) -> list[str]:
        return [
            *(found("mariadbd", self.package), "--no-defaults", "--skip-name-resolve"),
            *(f"--bind-address={HOST}", f"--port={self.port}"),
            # Named as seen from its data: a whole path may be too long for a socket.
            *("--socket=socket", "--pid-file=pid"),
            *(f"--datadir={self.data}", f"--tmpdir={self.home}", "--max-connections=40"),
            *(f"--innodb-buffer-pool-size={self.memory_mb}M", "--innodb-log-file-size=64M"),
            *("--innodb-flush-log-at-trx-commit=1", "--innodb-doublewrite=ON"),
            *("--character-set-server=utf8mb4", "--performance-schema=OFF"),
        ]

    def url(self, database: str) -> str:
        return f"mysql+pymysql://{USER if database else 'root'}@{HOST}:{self.port}/{database}"

    def create(self, database: str) -> str:
        user = f"{USER}@{HOST}"
        self.run("", f"CREATE USER IF NOT EXISTS {user}", f"GRANT ALL ON {database}.* TO {user}")
        return super().create(database)
