"""The server under attack: started in an empty directory, looked at from outside, ended."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from loadtest.compare.child import PAGE_BYTES, Child, free_port, running
from loadtest.compare.cores import Cores

# Threads and libraries open a file now and then; a leak is more than this.
SPARE_FILES = 4
# The limits of rate and address, as strict as they are for the rest of the world.
LIMITS_FOR_LOOPBACK = ("--limit-loopback", "true")


@dataclass
class Server:
    """A running server."""

    child: Child

    @property
    def port(self) -> int:
        return self.child.port

    @property
    def pid(self) -> int:
        return self.child.process.pid

    def alive(self) -> bool:
        return self.child.process.poll() is None

    def memory_bytes(self) -> int:
        statm = Path(f"/proc/{self.pid}/statm").read_text()
        return int(statm.split()[1]) * PAGE_BYTES

    def cpu_seconds(self) -> float:
        return self.child.cpu_seconds()

    def open_files(self) -> int:
        return sum(1 for _ in Path(f"/proc/{self.pid}/fd").iterdir())

    def log(self) -> str:
        return self.child.stderr.read_text(errors="replace")

    def kill(self) -> None:
        """SIGKILL: it gets to write nothing more."""
        self.child.process.kill()
        self.child.process.wait()

    def stop(self) -> None:
        self.child.stop()


@dataclass
class Ground:
    """A checkout and a directory, in which one server after another may run.

    The database stays from one to the next, as it does over a restart.
    """

    source: Path
    directory: Path
    database: str  # none or sqlite
    cores: Cores
    flags: tuple[str, ...] = ()
    cache: Path | None = None  # for databases that take long to make
    logs: list[Path] = field(default_factory=list)

    @property
    def file(self) -> Path:
        return self.directory / "chat.db"

    @contextmanager
    def server(
        self, *flags: str, files: int = 0, limited: bool = False, database: str = ""
    ) -> Iterator[Server]:
        """Start one; `files` bounds its descriptors. RowFailed when it does not come up."""
        kept = (database or self.database) == "sqlite"
        port = free_port()
        command = [sys.executable, "-m", "geventchat", "serve", "--port", str(port)]
        command += ["--database", f"sqlite:///{self.file}" if kept else "none"]
        command += [*self.flags, *flags]
        if limited and knows(self.source, LIMITS_FOR_LOOPBACK[0]):
            command += LIMITS_FOR_LOOPBACK
        if files:
            command = ["sh", "-c", f'ulimit -n {files}; exec "$@"', "sh", *command]
        log = self.directory / f"log{len(self.logs)}"
        self.logs.append(log)
        with running(command, port, self.cores, self.source, log) as child:
            yield Server(child)

    def tracebacks(self) -> int:
        """How many the servers have written that ran here."""
        return sum(log.read_text(errors="replace").count("Traceback") for log in self.logs)


@cache
def knows(source: Path, flag: str) -> bool:
    """Whether the server of that checkout has such a setting."""
    return flag in options(source)


@cache
def options(source: Path) -> str:
    """What its `serve --help` says."""
    command: Sequence[str] = [sys.executable, "-m", "geventchat", "serve", "--help"]
    return subprocess.run(command, cwd=source, capture_output=True, text=True, check=True).stdout


def settle(server: Server, bytes_at_most: float, files_at_most: int, seconds: float) -> None:
    """Wait until memory and files have come down that far, or the time is up."""
    deadline = time.monotonic() + seconds
    while server.alive() and time.monotonic() < deadline:
        if server.memory_bytes() <= bytes_at_most and server.open_files() <= files_at_most:
            return
        time.sleep(0.25)
