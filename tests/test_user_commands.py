"""`geventchat user`: what is typed and printed, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from geventchat.journal.database.choice import open_database
from tests.e2e.teletype import Teletype
from tests.line_client import HANG_S
from tests.running import environment, geventchat

PASSWORD = "größer horse"


@pytest.fixture
def flags(tmp_path: Path) -> tuple[str, ...]:
    url = f"sqlite:///{tmp_path}/chat.db"
    open_database(url).close()
    return "--database", url


def fed(line: bytes, *arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command that reads this line."""
    done = subprocess.run(
        [sys.executable, "-m", "geventchat", "user", *arguments],
        input=line,
        capture_output=True,
        timeout=HANG_S,
        env=environment(),
        check=False,
    )
    assert b"Traceback" not in done.stderr
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_help_tells_each_in_a_line() -> None:
    shown = geventchat("user", "--help").stdout
    assert "..." not in shown.partition("Commands:")[2]
    for name in ("add", "list", "passwd", "disable", "enable", "delete"):
        assert f"\n  {name} " in shown


def test_a_line_of_stdin_is_a_password(flags: tuple[str, ...]) -> None:
    line = f"{PASSWORD}\r\nmore\n".encode()
    assert fed(line, "add", "zoe", "--password-stdin", *flags) == (0, "zoe is registered.\n", "")
    code, told, error = fed(line, "add", "zoe", "--password-stdin", *flags)
    assert (code, told, error) == (1, "", "geventchat: zoe is registered already.\n")


@pytest.mark.parametrize(
    ("line", "code", "error"),
    [
        (b"", 2, "an empty password is none"),
        (b"\n", 2, "an empty password is none"),
        (b"\xff\xfe12345678\n", 2, "the password on stdin is not UTF-8"),
        (b"seven77\n", 1, "That password is too short: it needs 8 characters."),
        (b"x" * 70_000 + b"\n", 1, "That password is too long: the limit is 512 bytes."),
        (b"12345678\x00\n", 1, "That cannot be a password: it has characters that nobody can see."),
    ],
)
def test_what_is_no_password(flags: tuple[str, ...], line: bytes, code: int, error: str) -> None:
    found = fed(line, "add", "zoe", "--password-stdin", *flags)
    assert found == (code, "", f"geventchat: {error}\n")


def test_without_a_terminal_it_must_be_said_where_it_comes_from(flags: tuple[str, ...]) -> None:
    code, told, error = fed(b"correct horse\n", "passwd", "zoe", *flags)
    assert (code, told) == (2, "")
    assert error == "geventchat: there is no terminal to ask at; use --password-stdin\n"


def test_a_terminal_is_asked_twice_and_shows_nothing(flags: tuple[str, ...]) -> None:
    command = sys.executable, "-m", "geventchat", "user", "add", "zoe", *flags
    with Teletype(*command) as terminal:
        terminal._until(lambda: "Password: " in terminal.shown)
        terminal.types(PASSWORD)
        terminal._until(lambda: "Repeat for confirmation: " in terminal.shown)
        terminal.types(PASSWORD)
        terminal.expect(r"zoe is registered\.")
    assert PASSWORD not in terminal.shown


def test_the_list_is_a_table_or_lines_of_json(flags: tuple[str, ...]) -> None:
    for name in ("zoe", "alice"):
        fed(PASSWORD.encode(), "add", name, "--password-stdin", *flags)
    fed(b"", "disable", "zoe", *flags)
    _, table, _ = fed(b"", "list", *flags)
    heads, alice, zoe = table.splitlines()
    assert heads.split() == ["NAME", "REGISTERED", "LAST", "SEEN", "ROOMS"]
    assert alice.startswith("alice  20")
    assert zoe.endswith("Z  disabled")
    _, lines, _ = fed(b"", "list", "--json", *flags)
    found = [json.loads(line) for line in lines.splitlines()]
    assert [(one["name"], one["disabled"], one["rooms"]) for one in found] == [
        ("alice", False, []),
        ("zoe", True, []),
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (("list", "--database", "sqlite:////nowhere/x.db"), 1, "there is no database"),
        (("list", "--database", "none"), 1, "is a server's memory"),
        (("list", "--database", "oracle://x"), 1, "oracle is not supported"),
        (("list", "--config", "/nowhere.toml"), 2, "No such file"),
        (("delete",), 2, "missing argument 'NAME'"),
        (("add", "zoe", "--pasword-stdin"), 2, "did you mean '--password-stdin'?"),
    ],
)
def test_mistakes_are_told_in_a_line(arguments: tuple[str, ...], code: int, error: str) -> None:
    found, told, errors = fed(b"", *arguments)
    assert (found, told, errors.count("\n")) == (code, "", 1)
    assert error in errors


def test_a_pipe_that_is_closed_ends_it_quietly(flags: tuple[str, ...]) -> None:
    fed(PASSWORD.encode(), "add", "zoe", "--password-stdin", *flags)
    listing = subprocess.Popen(
        [sys.executable, "-m", "geventchat", "user", "list", *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert listing.stdout is not None
    assert listing.stderr is not None
    listing.stdout.close()
    assert listing.stderr.read() == b""
    assert listing.wait(HANG_S) == 1
    listing.stderr.close()
