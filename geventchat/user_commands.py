"""The command line's `geventchat user`: asks for passwords, prints what there is."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click

from geventchat import settings
from geventchat.chat.text import clean_for_terminal
from geventchat.config import Config
from geventchat.errors import ConfigError

# Nobody types one as long, and a file that was given by mistake is not read whole.
_LONGEST_INPUT = 65_536


def on_a_database(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say which database, as `serve` has them."""
    command = click.option("--config", "path", help="TOML file with settings, as serve has.")(
        command
    )
    return click.option("--database", help="The server's database, as serve has it.")(command)


def config_of(path: str | None, database: str | None) -> Config:
    """The settings that a server with these options has. Raises `ConfigError`."""
    given = {} if database is None else {"database": database}
    path = path or os.environ.get(f"{settings.ENVIRONMENT_PREFIX}CONFIG")
    return settings.load(given, os.environ, path)


@click.group()
def user() -> None:
    """Make, list, change and delete accounts."""


_STDIN = click.option(
    "--password-stdin", "stdin", is_flag=True, help="Read the password from a line of stdin."
)


def _password(stdin: bool) -> str:
    """A new password: asked for twice, without showing it, or a line that a program sends."""
    if stdin:
        line = sys.stdin.buffer.readline(_LONGEST_INPUT)
        try:
            password = line.decode().rstrip("\r\n")
        except UnicodeDecodeError:
            raise ConfigError("the password on stdin is not UTF-8") from None
    elif sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        raise ConfigError("there is no terminal to ask at; use --password-stdin")
    if not password:
        raise ConfigError("an empty password is none")
    return password


def _ordered(path: str | None, database: str | None, order: str, name: str, word: str = "") -> None:
    from geventchat.users import order as ordered  # It needs all of the server.

    click.echo(clean_for_terminal(ordered(config_of(path, database), order, name, word)))


@user.command()
@click.argument("name")
@_STDIN
@on_a_database
def add(name: str, stdin: bool, path: str | None, database: str | None) -> None:
    """Make an account; a guest of that name gets another."""
    config_of(path, database)  # What is wrong there is told before anything is asked.
    _ordered(path, database, "add", name, _password(stdin))


@user.command()
@click.argument("name")
@_STDIN
@on_a_database
def passwd(name: str, stdin: bool, path: str | None, database: str | None) -> None:
    """Give an account another password."""
    config_of(path, database)
    _ordered(path, database, "passwd", name, _password(stdin))


@user.command()
@click.argument("name")
@on_a_database
def disable(name: str, path: str | None, database: str | None) -> None:
    """Put the owner out; the name stays taken."""
    _ordered(path, database, "disable", name)


@user.command()
@click.argument("name")
@on_a_database
def enable(name: str, path: str | None, database: str | None) -> None:
    """Let the owner log in again."""
    _ordered(path, database, "enable", name)


@user.command()
@click.argument("name")
@on_a_database
def delete(name: str, path: str | None, database: str | None) -> None:
    """Delete an account; what it has said stays."""
    _ordered(path, database, "delete", name)


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each account.")
@on_a_database
def list_(as_json: bool, path: str | None, database: str | None) -> None:
    """Print the accounts there are. Times are UTC."""
    from geventchat.users import Listed, accounts

    def row(account: Listed) -> dict[str, Any]:
        shown = account._asdict()
        for name in ("registered_at", "last_seen_at"):
            shown[name] = time_of(shown[name])
        return shown

    rows = map(row, accounts(config_of(path, database)))
    if as_json:
        for found in rows:
            click.echo(json.dumps(found))
        return
    everything = [_cells(found) for found in rows]
    heads = "NAME", "REGISTERED", "LAST SEEN", "", "ROOMS"
    widths = [max(map(len, column)) for column in zip(heads, *everything, strict=True)]
    for cells in (heads, *everything):
        line = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        click.echo(line.rstrip())


def time_of(at: int) -> str:
    """A moment (milliseconds since 1970), in UTC as ISO 8601 has it."""
    moment = datetime.fromtimestamp(at / 1000, UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _cells(account: dict[str, Any]) -> tuple[str, ...]:
    flags = ", ".join(flag for flag in ("disabled", "oper") if account[flag])
    rooms = clean_for_terminal(" ".join(account["rooms"]))
    return account["name"], account["registered_at"], account["last_seen_at"], flags, rooms
