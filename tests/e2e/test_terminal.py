"""The programs people have already: `telnet` and `nc`, run in a terminal of their own."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest

from tests.line_client import HANG_S
from tests.running import Running

# How `nc` hands on what telnet is asked first; on a screen the welcome is written over it.
_OPENING = "\\xff\\xfd\0\r"
# What may be on a screen: printable text, line ends, and the echo of what was typed.
_RAW = re.compile(r"[^\r\n\x20-\x7e]")


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
        self.shown += more.decode(errors="backslashreplace")
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


Open = Callable[..., Terminal]


@pytest.fixture
def terminal() -> Iterator[Open]:
    """terminal(program, *arguments): that program in a new terminal."""
    opened: list[Terminal] = []

    def start(program: str, *arguments: str) -> Terminal:
        opened.append(Terminal(installed(program), *arguments))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


@pytest.mark.parametrize("program", ["telnet", "nc"])
def test_the_opening_scene(server: Running, terminal: Open, program: str) -> None:
    """As the README shows it, the other one being somebody who is here already."""
    bob = server.line_client("bob")
    alice = terminal(program, "127.0.0.1", str(server.port))
    alice.expect(
        rf"({re.escape(_OPENING)}|\r)Welcome to geventchat\."
        r" You are guest\d+ in #lobby \(2 here\)\."
    )
    alice.expect(r"/nick NAME to choose a name, /help for commands\.")
    alice.expect("-- end of history --")
    alice.types("/nick alice")
    alice.expect(r"\*\*\* guest\d+ is now known as alice\.")
    alice.types("hello bob")
    bob.expect(r"\[\d\d:\d\d\] <alice> hello bob")
    bob.send("/me waves", "/msg alice psst")
    alice.expect(r".* \* bob waves")
    alice.expect(r".* \[PM from bob\] psst")
    alice.types("/reply yes?")
    alice.expect(r"-> \[PM to bob\] yes\?")
    bob.expect(r".* \[PM from alice\] yes\?")
    alice.types("/help")
    alice.expect(r"-> +/nick NAME +choose a name")
    alice.types("/quit so long")
    alice.expect(r"-> Bye\. Online \d+s, 1 line\.")
    if program == "nc":
        alice.presses("\x04")  # It goes on waiting for the end of its own input.
    last = alice.rest()
    assert ("Connection closed by foreign host." in last) == (program == "telnet")
    assert _RAW.findall(alice.shown.replace(_OPENING, "", 1)) == []
    bob.expect(r"\*\*\* alice left \(so long\)\.")


def test_telnet_ends_by_its_own_escape(server: Running, terminal: Open) -> None:
    bob = server.line_client("bob")
    alice = terminal("telnet", "127.0.0.1", str(server.port))
    alice.expect("-- end of history --")
    alice.types("still here")
    bob.expect(r".*> still here")
    alice.presses("\x1d")
    alice.expect("telnet> ?")
    alice.types("quit")
    assert "Connection closed." in alice.rest()
    bob.expect(r"\*\*\* guest\d+ left \(.*\)\.")


def test_a_pipe_into_nc_says_its_line_and_reads_to_the_end(server: Running) -> None:
    nc = installed("nc")
    if "-N" not in subprocess.run([nc, "-h"], capture_output=True, text=True, check=False).stderr:
        missing("nc with -N")
    bob = server.line_client("bob")
    done = subprocess.run(
        ["sh", "-c", f"echo hello | {nc} -N 127.0.0.1 {server.port}"],
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=True,
    )
    bob.expect(r"\[\d\d:\d\d\] <guest\d+> hello")
    bob.expect(r"\*\*\* guest\d+ left \(.*\)\.")
    first, *_, last = done.stdout.splitlines()
    assert first.startswith("Welcome to geventchat.")
    assert last == "-- end of history --"
