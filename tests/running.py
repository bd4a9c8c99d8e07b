"""Real servers: processes that are started, talked to, and ended by their own id."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

from tests.line_client import HANG_S, LineClient

ROOT = Path(__file__).resolve().parents[1]
_LISTENING = re.compile(r"geventchat is listening on \S+ port (\d+) \((\w+)\)")


# What a machine may have set and no test means: settings of this server, proxies
# that local addresses would be asked of, widths and colours that change what is printed.
_UNWANTED = re.compile(
    r"GEVENTCHAT_.*|.*_proxy|COLUMNS|LINES|TERM|CLICOLOR(_FORCE)?|(PY|PYTHON)_COLORS"
    r"|(FORCE|NO)_COLOR|PYTHON(WARNINGS|IOENCODING|UTF8|OPTIMIZE|DEVMODE)",
    re.IGNORECASE,
)


def unwanted(environ: Iterable[str]) -> list[str]:
    """The names of those variables that would change what tests see."""
    return [name for name in environ if _UNWANTED.fullmatch(name)]


def environment(**more: str) -> dict[str, str]:
    """This environment without what no test means, and with this source first.

    People are welcomed after a shorter silence, since every test waits for it.
    """
    short = {"GEVENTCHAT_DETECTION_SILENCE_S": "0.05"}
    clean = {key: os.environ[key] for key in os.environ.keys() - set(unwanted(os.environ))}
    return {**clean, **short, "PYTHONPATH": str(source()), "TZ": "UTC", **more}


def source() -> Path:
    """Where the package under test lies: the same one that the tests import."""
    import geventchat

    return Path(geventchat.__file__).resolve().parents[1]


def geventchat(
    *arguments: str, cwd: Path | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a command that ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "geventchat", *arguments],
        capture_output=True,
        text=True,
        timeout=HANG_S,
        env=environment(**more),
        cwd=cwd,
        check=False,
    )


class Running:
    """A server process: `geventchat serve --port 0` with more flags.

    `crashes` says that a bug of ours is part of the test; no other server may log one.
    """

    def __init__(
        self,
        *flags: str,
        command: tuple[str, ...] = ("-m", "geventchat"),
        crashes: bool = False,
    ) -> None:
        self._crashes = crashes
        self.process = subprocess.Popen(
            [sys.executable, *command, "serve", "--port", "0", *flags],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        self.line_clients: list[LineClient] = []
        self.errors = ""
        self._listen_to_errors = threading.Thread(target=self._keep_errors, daemon=True)
        self._listen_to_errors.start()
        assert self.process.stdout is not None
        first = self.process.stdout.readline()
        found = _LISTENING.match(first)
        if found is None:
            self.process.kill()
            self.process.wait(HANG_S)
            self._listen_to_errors.join()
            raise AssertionError(f"did not start: {first!r} {self.errors!r}")
        self.port = int(found[1])

    def _keep_errors(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.errors += line

    def line_client(self, nick: str = "", receive_buffer: int = 0) -> LineClient:
        """Somebody who has come in, under that nick if one is given."""
        return self.caller(receive_buffer).come_in(nick)

    def caller(self, receive_buffer: int = 0) -> LineClient:
        """A connection on which nothing has been read yet."""
        line_client = LineClient(self.port, receive_buffer)
        self.line_clients.append(line_client)
        return line_client

    def disconnect(self) -> None:
        """Close every connection made through here."""
        while self.line_clients:
            self.line_clients.pop().close()

    def terminate(self) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.ended()

    def kill(self) -> None:
        """SIGKILL: nothing more is written by this process."""
        self.process.kill()
        self.ended()

    def ended(self) -> int:
        """Wait for the process to end; its exit code."""
        code = self.process.wait(HANG_S)
        self._listen_to_errors.join(HANG_S)
        return code

    def close(self) -> None:
        """End the process, whatever it is doing. It must end well, and have had no bug."""
        self.disconnect()
        code = None
        try:
            if self.process.poll() is None:
                code = self.terminate()
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        finally:
            self._close_pipes()
        assert code in (None, 0), f"the server ended with {code}: {self.errors}"
        assert ("Traceback" in self.errors) == self._crashes, self.errors

    def _close_pipes(self) -> None:
        self._listen_to_errors.join(HANG_S)
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.process.stdout.close()
        self.process.stderr.close()
