"""The command line's `geventchat history`."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import click

from geventchat.errors import ConfigError, NotDone
from geventchat.user_commands import config_of, on_a_database


@click.group()
def history() -> None:
    """Write what was said to a file."""


@history.command()
@click.option("--room", default="", help="What was said in that room.")
@click.option("--account", default="", help="What that account has said in rooms.")
@click.option("--private", is_flag=True, help="With --account: its private talk too.")
@click.option("--since", default="", help="From that date or time on, as 2026-11-01, in UTC.")
@click.option("--until", default="", help="Up to the beginning of that date, or that time.")
@click.option("--format", "form", type=click.Choice(["jsonl", "text"]), default="text")
@click.option("--output", default="", help="The file; it must not be there. Default: stdout.")
@on_a_database
def export(
    room: str,
    account: str,
    private: bool,
    since: str,
    until: str,
    form: str,
    output: str,
    path: str | None,
    database: str | None,
) -> None:
    """Write what was said, while the server runs or not.

    For a room, everybody's lines; for an account its own, which is what somebody may ask
    for who wants to know what is kept of them.
    """
    if bool(room) == bool(account):
        raise ConfigError("say either --room or --account")
    if private and not account:
        raise ConfigError("private lines are written for one --account only")
    config = config_of(path, database)
    # It needs the database's modules, which take a while to import.
    from geventchat.export import Wanted, as_json, as_text, exported, moment_of
    from geventchat.users import reading

    times = [moment_of(text) if text else bound for text, bound in ((since, 0), (until, 1 << 62))]
    wanted = Wanted(room, account, private, *times)
    write = as_json if form == "jsonl" else as_text
    with reading(config) as reader, _written(output) as file:
        for entry in exported(reader, wanted):
            print(write(entry), file=file)


@contextmanager
def _written(output: str) -> Iterator[IO[str]]:
    """Where it is written: a new file that only its user may read, or stdout, as UTF-8."""
    try:
        if not output:
            with open(sys.stdout.fileno(), "w", encoding="utf-8", closefd=False) as file:
                yield file
            return
        made = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(made, "w", encoding="utf-8") as file:  # noqa: PTH123
            yield file
    except BrokenPipeError:
        raise
    except OSError as error:
        where = output or "stdout"
        what = "it is there already" if error.errno == errno.EEXIST else error.strerror
        raise NotDone(f"cannot write {where}: {what}") from error
