"""A server under measurement: a child process of ours, started, watched and stopped."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from loadtest.compare.cores import Cores, pinned
from loadtest.compare.errors import RowFailed

HOST = "127.0.0.1"
START_SECONDS = 15.0
STOP_SECONDS = 5.0
# Positions in /proc/PID/stat after the ")" that ends the command's name (proc(5)).
SESSION, UTIME, STIME, RSS = 3, 11, 12, 21
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class Child:
    """The process tree of one server. Made by `running`, which also ends it."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, stderr: Path) -> None:
        self.process = process
        self.port = port
        self.stderr = stderr

    @property
    def address(self) -> tuple[str, int]:
        return HOST, self.port

    def cpu_seconds(self) -> float:
        """User and system time of the whole tree so far."""
        return sum(int(row[UTIME]) + int(row[STIME]) for row in self._rows()) / TICKS_PER_SECOND

    def rss_bytes(self) -> int:
        """Resident memory of the whole tree now."""
        return sum(int(row[RSS]) for row in self._rows()) * PAGE_BYTES

    def check_alive(self) -> None:
        """Raise RowFailed, with the server's last words, once it has ended."""
        code = self.process.poll()
        if code is not None:
            raise RowFailed(f"ended with code {code}: {self._last_words()}")

    def _rows(self) -> Iterator[list[str]]:
        # The child leads a session of its own, so its session is its tree.
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    row = (entry / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue  # it ended while we were listing
                if int(row[SESSION]) == self.process.pid:
                    yield row

    def _last_words(self) -> str:
        lines = self.stderr.read_text(errors="replace").split("\n")
        said = [line.strip() for line in lines if line.strip()]
        return said[-1][:200] if said else "it said nothing"

    def wait_until_listening(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self.check_alive()
            try:
                socket.create_connection(self.address, timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise RowFailed(f"does not listen after {START_SECONDS:.0f} s: {self._last_words()}")

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):  # killed below, with whatever it started
            self.process.wait(STOP_SECONDS)
        with suppress(ProcessLookupError):  # nothing of it is left
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def free_port(wanted: int = 0) -> int:
    """A port nobody listens on: the wanted one, or any. RowFailed when it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted))
        except OSError as why:
            raise RowFailed(f"port {wanted}: {why.strerror}") from why
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(
    command: Sequence[str], port: int, cores: Cores, home: Path, stderr: Path
) -> Iterator[Child]:
    """Start the command on the server's cores, wait until it listens, and stop it afterwards."""
    with stderr.open("wb") as sink, pinned(*cores.of_server):
        try:
            process = subprocess.Popen(
                command,
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,
            )
        except OSError as why:
            raise RowFailed(f"cannot start {command[0]}: {why.strerror}") from why
    child = Child(process, port, stderr)
    try:
        child.wait_until_listening()
        yield child
    finally:
        child.stop()
