"""Accounts made and ended from the command line, on a database that a server has open."""

from __future__ import annotations

import subprocess
import sys

from tests.line_client import HANG_S
from tests.running import Running, environment


def user(*arguments: str, password: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "geventchat", "user", *arguments],
        input=password,
        text=True,
        capture_output=True,
        timeout=HANG_S,
        env=environment(),
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


def test_from_registration_to_the_end(database: str) -> None:
    """On each kind of database: with a server, without one, and with one again."""
    flags, stdin = ("--database", database), "--password-stdin"
    server = Running(*flags)
    stranger, bob = server.line_client("alice"), server.line_client("bob")
    assert user("add", "alice", stdin, *flags, password="correct horse") == "alice is registered.\n"
    stranger.expect(".*guest.*")
    bob.expect(r"\*\*\* alice is now known as guest\d+\.")
    alice = server.line_client()
    alice.send("/login alice correct horse")
    alice.expect(".*You are logged in as alice.*")
    assert user("disable", "alice", *flags) == "alice is disabled.\n"
    bob.expect(r"\*\*\* alice left \(account disabled\)\.")
    assert any("account disabled" in line for line in alice.rest())
    server.close()

    # Nobody serves it now: the command does by itself what it wants.
    assert user("enable", "alice", *flags) == "alice is enabled.\n"
    assert user("passwd", "alice", stdin, *flags, password="another horse").endswith("password.\n")
    assert "alice" in user("list", *flags)

    again = Running(*flags)
    alice = again.line_client()
    alice.send("/login alice another horse")
    alice.expect(".*You are logged in as alice.*")
    assert user("delete", "alice", *flags) == "alice is deleted.\n"
    assert any("account deleted" in line for line in alice.rest())
    assert "alice" not in user("list", *flags)
    again.close()
