"""A database server of our own: in a folder of its own, on loopback, with nothing made less safe.

It is started at first use and ends with us, also when we are killed: the kernel sends it the
signal that `setpriv --pdeathsig` asked for. Nobody else's server is ever touched.
"""

import os
import pwd
import random
import shutil
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import SQLAlchemyError

from loadtest.compare.child import free_port
from loadtest.compare.errors import Missing, RowFailed

START_SECONDS = 60.0
STOP_SECONDS = 30.0
# Below those that the kernel gives to clients.
PORTS = 20_000, 32_000


class DatabaseServer(ABC):
    """One server; `started` makes it. `memory_mb` is for its cache of pages."""

    name: str  # what people call it
    package: str  # what to install where it is missing, on Debian
    user: str  # whom it runs as where we are root: neither server wants root
    polite: signal.Signals  # ends it in order, at once

    def __init__(self, home: Path, memory_mb: int) -> None:
        self.home = home
        self.memory_mb = memory_mb
        self.port = lasting_port()
        self.process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def prepare(self) -> list[str]:
        """The command that makes an empty folder of data. Raises Missing."""

    @abstractmethod
    def command(self) -> list[str]:
        """The command that serves it."""

    @abstractmethod
    def url(self, database: str) -> str:
        """Where a database is, as SQLAlchemy has it; "" is the server's own."""

    def create(self, database: str) -> str:
        """Make an empty database, and its URL for whoever may do anything in it, and no more."""
        self.run("", f"CREATE DATABASE {database}")
        return self.url(database)

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log"

    def make(self) -> None:
        """Make the folder of data. Raises Missing when the server is not installed."""
        command = self.prepare()
        if os.geteuid() == 0:
            os.chown(self.home, self._runs_as().pw_uid, -1)
        with self.log.open("ab") as log:
            done = subprocess.run(
                self._as_user(command), cwd=self.home, stdout=log, stderr=log, check=False
            )
        if done.returncode:
            raise RowFailed(f"{self.name}: {command[0]} fails: {self._last_words()}")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._as_user(self.command()),
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us; it ends when we have finished
            )
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.run("", "SELECT 1")
                return
            except SQLAlchemyError as why:
                if self.process.poll() is not None:
                    raise RowFailed(f"{self.name} ended: {self._last_words()}") from why
                if time.monotonic() > deadline:
                    raise RowFailed(f"{self.name} does not answer: {self._last_words()}") from why
            time.sleep(0.05)

    def stop(self) -> None:
        """End it in order, or by force if that takes too long."""
        if self.process is not None and self.process.poll() is None:
            self.resume()
            self.process.send_signal(self.polite)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """SIGKILL to it and all it has started: what a power cut leaves of it."""
        if self.process is not None:
            self._signal(signal.SIGKILL)
            self.process.wait()

    def pause(self) -> None:
        """Let it and all it has started stand still, with their connections open."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def run(self, database: str, *statements: str) -> None:
        """Run statements, each by itself. Raises SQLAlchemyError."""
        with connected(self.url(database)) as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def cpu_seconds(self) -> float:
        """User and system time of all its processes so far."""
        ticks = sum(int(row[11]) + int(row[12]) for row in self._rows().values())
        return ticks / os.sysconf("SC_CLK_TCK")

    def _signal(self, number: signal.Signals) -> None:
        # The parent first: it must not start others, nor wonder at what becomes of them.
        for pid in self._rows():
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def _rows(self) -> dict[int, list[str]]:
        """Its processes that are there, parents first: what `/proc/PID/stat` says behind ")"."""
        assert self.process is not None
        if self.process.poll() is not None:
            return {}
        rows = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with suppress(OSError):  # It ended while we were listing.
                    rows[int(entry.name)] = (entry / "stat").read_text().rpartition(")")[2].split()
        ours = [self.process.pid]
        for pid in ours:
            ours += [other for other, row in rows.items() if int(row[1]) == pid]
        return {pid: rows[pid] for pid in ours if pid in rows}

    def _runs_as(self) -> pwd.struct_passwd:
        with suppress(KeyError):
            return pwd.getpwnam(self.user)
        return pwd.getpwnam("nobody")

    def _as_user(self, command: list[str]) -> list[str]:
        # Ending in order, since a server that is killed may leave its shared memory behind.
        flags = [f"--pdeathsig={self.polite.name.removeprefix('SIG')}"]
        if os.geteuid() == 0:
            user = self._runs_as()
            flags += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        return [found("setpriv", "util-linux"), *flags, *command]

    def _last_words(self) -> str:
        lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        return " / ".join(lines[-3:]) or "it said nothing"


def found(program: str, package: str, *folders: str) -> str:
    """Where a program is. Raises Missing with what to install."""
    for path in (*folders, os.environ.get("PATH", ""), "/usr/sbin:/usr/local/sbin"):
        if where := shutil.which(program, path=path):
            return where
    raise Missing(f"{program} is not installed (on Debian: apt install {package})")


def lasting_port() -> int:
    """A port nobody listens on, of those that no client is given by chance (ip(7)).

    A server that is down for a while finds it free again.
    """
    while True:
        with suppress(RowFailed):
            return free_port(random.randrange(*PORTS))


@contextmanager
def connected(url: str, **arguments: object) -> Iterator[Connection]:
    """A connection on which every statement counts at once, and which is closed behind it.

    `arguments` are for the driver.
    """
    engine = create_engine(
        url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=arguments
    )
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
