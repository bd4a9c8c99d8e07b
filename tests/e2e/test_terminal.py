"""The programs people have already: `telnet` and `nc`, run in a terminal of their own."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.e2e.conftest import Open
from tests.line_client import HANG_S, WELCOMED
from tests.running import Running
from tests.terminal import installed, missing

# How `nc` hands on what telnet is asked first; on a screen the welcome is written over it.
_OPENING = "\\xff\\xfd\0\r"
# What may be on a screen: printable text, line ends, and the echo of what was typed.
_RAW = re.compile(r"[^\r\n\x20-\x7e…]")


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
    alice.expect(WELCOMED)
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
    alice.expect(WELCOMED)
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
    assert re.fullmatch(WELCOMED, last)
