"""A program in a terminal of its own: what it shows, and somebody who types."""

from __future__ import annotations

import codecs
import os
import pty
import re
import select
import shutil
import subprocess
import time
from typing import NoReturn

import pytest

from tests.line_client import HANG_S


def installed(program: str) -> str:
    """Where a program is."""
    return shutil.which(program) or missing(program)


def missing(program: str) -> NoReturn:
    """Skip the test without a program; but not where all must be tested."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{program} is not installed")


class Terminal:
    """A program in a terminal: what it shows, and somebody who types."""

    def __init__(self, *command: str) -> None:
        self._screen, inside = pty.openpty()
        self.process = subprocess.Popen(
            command,
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
            env={**os.environ, "TERM": "vt100"},
        )
        os.close(inside)
        self.shown = ""
        # A letter may come in two pieces.
        self._decode = codecs.getincrementaldecoder("utf-8")("backslashreplace").decode
        self._seen = 0

    def presses(self, keys: str) -> None:
        os.write(self._screen, keys.encode())

    def types(self, *lines: str) -> None:
        for line in lines:
            self.presses(f"{line}\n")

    def expect(self, pattern: str) -> None:
        """Wait until it shows a line like this, below what was expected before."""
        whole = re.compile(rf"^{pattern}\r*$", re.MULTILINE)
        give_up = time.monotonic() + HANG_S
        while not (found := whole.search(self.shown, self._seen)):
            if not self._read(give_up):
                raise AssertionError(f"not shown: {pattern!r}; but {self.shown!r}")
        self._seen = found.end()

    def _read(self, give_up: float) -> bool:
        """Take what comes, unless nothing comes any more."""
        ready, _, _ = select.select([self._screen], [], [], max(0.0, give_up - time.monotonic()))
        try:
            more = os.read(self._screen, 65536) if ready else b""
        except OSError:
            more = b""  # So a terminal says that the last program in it has ended.
        self.shown += self._decode(more)
        return bool(more)

    def rest(self) -> str:
        """All it shows from here to its end."""
        give_up = time.monotonic() + HANG_S
        while self._read(give_up):
            pass
        assert self.process.wait(HANG_S) is not None
        return self.shown[self._seen :]

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(HANG_S)
        os.close(self._screen)
