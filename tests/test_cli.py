"""The command line: one line and an exit code for every mistake, never a traceback."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from geventchat import __version__
from tests.running import geventchat


def failing(*arguments: str, **more: str) -> tuple[int, str]:
    """The exit code and the one line of a command that fails."""
    done = geventchat(*arguments, **more)
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    return done.returncode, done.stderr.strip()


def test_version_and_help() -> None:
    assert geventchat("--version").stdout == f"geventchat, version {__version__}\n"
    shown = geventchat("serve", "--help")
    assert shown.returncode == 0
    assert "--line-max-bytes" in shown.stdout
    assert "Longest line of a human" in shown.stdout


def test_connect_is_listed_and_told_of() -> None:
    listed = geventchat("--help").stdout
    assert re.search(r"connect +Talk at a terminal", listed)
    assert "..." not in listed.partition("Commands:")[2]  # None is cut in the middle.
    shown = geventchat("connect", "--help")
    assert shown.returncode == 0
    for words in ("[HOST][:PORT]", "--room", "--tls [auto|on|off]", "GEVENTCHAT_PASSWORD"):
        assert words in shown.stdout


def test_check_config(tmp_path: Path) -> None:
    path = tmp_path / "chat.toml"
    path.write_text("port = 7000\n")
    done = geventchat("serve", "--config", str(path), "--check-config")
    assert (done.returncode, done.stdout) == (0, "The configuration is good.\n")
    path.write_text("prot = 7000\n")
    assert failing("serve", "--config", str(path), "--check-config") == (
        2,
        f"geventchat: {path}: unknown setting 'prot'; did you mean 'port'?",
    )


@pytest.mark.parametrize(("there", "missing"), [("name", "password"), ("password", "name")])
def test_half_an_operator_is_told(tmp_path: Path, there: str, missing: str) -> None:
    done = geventchat("serve", f"--oper-{there}", "x", "--check-config")
    assert (done.returncode, done.stdout) == (0, "The configuration is good.\n")
    assert done.stderr == (
        f"geventchat: warning: oper_{there} is set without oper_{missing}:"
        " nobody can become an operator\n"
    )
    both = geventchat("serve", "--oper-name", "x", "--oper-password", "y", "--check-config")
    assert both.stderr == ""


def test_print_config_shows_what_would_be_used(tmp_path: Path) -> None:
    path = tmp_path / "chat.toml"
    path.write_text('port = 7000\nhost = "127.0.0.2"\nname = "tea \\"house\\""\n')
    given = ("serve", "--config", str(path), "--port", "7001", "--print-config")
    first = geventchat(*given, GEVENTCHAT_HOST="127.0.0.3", GEVENTCHAT_PORT="9")
    assert first.returncode == 0
    for line in ("port = 7001", 'host = "127.0.0.3"', 'name = "tea \\"house\\""'):
        assert line in first.stdout.splitlines()
    again = tmp_path / "again.toml"
    again.write_text(first.stdout)
    second = geventchat("serve", "--print-config", GEVENTCHAT_CONFIG=str(again))
    assert second.stdout == first.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("serve", "--prot", "1"),
        ("serve", "--port", "x"),
        ("serve", "--port", "70000"),
        ("serve", "--mode", "irc"),
        ("serve", "--config", "nowhere.toml"),
        ("nonsense",),
        ("connect", "--tls", "maybe"),
        ("connect", "one", "two"),
    ],
)
def test_usage_errors_exit_with_2(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = geventchat(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("serve --prot 1", "unknown option '--prot'; did you mean '--port'?"),
        ("serve --zzz", "unknown option '--zzz'"),
        ("serve --port x", "invalid value for '--port': 'x' is not a valid integer"),
        ("serve --port", "option '--port' requires an argument"),
        ("nonsense", "no such command 'nonsense'"),
    ],
)
def test_a_slip_in_a_flag_is_one_line_as_in_a_file(arguments: str, says: str) -> None:
    assert failing(*arguments.split()) == (2, f"geventchat: {says}")


@pytest.mark.parametrize("text", ["port = [", "port = " + "9" * 5000, "a = " + "[" * 5000])
def test_broken_toml(tmp_path: Path, text: str) -> None:
    path = tmp_path / "chat.toml"
    path.write_text(text)
    code, line = failing("serve", "--config", str(path))
    assert code == 2
    assert line.startswith(f"geventchat: {path}: not valid TOML")
    assert "\n" not in line


def test_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, line = failing("serve", "--port", str(port), "--database", "none")
    assert code == 1
    assert line == (f"geventchat: 127.0.0.1 port {port} is in use; choose another with --port")


@pytest.mark.parametrize("host", ["192.0.2.1", "no..host"])
def test_a_host_that_is_not_ours(host: str) -> None:
    code, line = failing("serve", "--host", host, "--port", "0", "--database", "none")
    assert code == 1
    assert line.startswith(f"geventchat: cannot listen on {host} port 0: ")
    assert "\n" not in line


USE = (
    "use sqlite:///FILE, postgresql+psycopg://USER:PASSWORD@HOST/DATABASE,"
    " mysql+pymysql://USER:PASSWORD@HOST/DATABASE or none"
)


@pytest.mark.parametrize(
    ("database", "says"),
    [
        ("nonsense", f"that is not a database URL; {USE}"),
        ("sqlite:///nowhere/chat.db", "No such file or directory"),
        ("oracle://localhost/x", f"oracle is not supported; {USE}"),
    ],
)
def test_databases_that_cannot_be(tmp_path: Path, database: str, says: str) -> None:
    done = geventchat("serve", "--port", "0", "--database", database, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("geventchat: ")
    assert done.stderr.endswith(f"{says}\n")
    assert done.stderr.count("\n") == 1


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "chat.db"
    path.write_bytes(b"Dear diary, " * 1000)
    path.chmod(0o644)
    code, line = failing("serve", "--port", "0", "--database", f"sqlite:///{path}")
    assert code == 1
    assert line == f"geventchat: cannot use database {path}: file is not a database"
    assert [found.name for found in tmp_path.iterdir()] == ["chat.db"]
    assert path.stat().st_mode & 0o777 == 0o644
    (tmp_path / "chat.db-lock").write_text("somebody's")
    assert failing("serve", "--port", "0", "--database", f"sqlite:///{path}")[0] == 1
    assert (tmp_path / "chat.db-lock").exists()
