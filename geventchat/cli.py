"""The command line: reads flags, builds a `Config`, calls the app. No logic."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Callable
from typing import Any

import click

from geventchat import __version__, settings
from geventchat.config import Config
from geventchat.errors import GeventchatError
from geventchat.history_commands import history
from geventchat.user_commands import user


def _every_setting(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command one option per setting; unset ones stay out of the way."""
    for name, kind, default, why in reversed(list(settings.settings())):
        shown = default if default != "" else "nothing"
        command = click.option(
            f"--{name.replace('_', '-')}", name, type=kind, help=f"{why} Default: {shown}."
        )(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="geventchat")
def cli() -> None:
    """A chat server: telnet, nc and more in the same rooms, on one port."""


@cli.command()
@click.option("--config", "path", type=str, help="TOML file with settings.")
@click.option("--print-config", is_flag=True, help="Print the settings as TOML and exit.")
@click.option("--check-config", is_flag=True, help="Check the settings and exit.")
@_every_setting
def serve(path: str | None, print_config: bool, check_config: bool, **flags: Any) -> None:
    """Run the server."""
    given = {name: value for name, value in flags.items() if value is not None}
    path = path or os.environ.get(f"{settings.ENVIRONMENT_PREFIX}CONFIG")

    def read() -> Config:
        config = settings.load(given, os.environ, path)
        for doubt in config.doubts:  # When they are read again, too.
            click.echo(f"geventchat: warning: {doubt}", err=True)
        return config

    config = read()
    if print_config:
        click.echo(settings.dump(config), nl=False)
        return
    if check_config:
        click.echo("The configuration is good.")
        return
    from geventchat.app import serve as run  # only a server needs all of it

    run(config, read)


@cli.command()
@click.argument("address", metavar="[HOST][:PORT]", default="")
@click.option("--nick", default="", help="Who to be. Default: your login name.")
@click.option("--room", "rooms", multiple=True, help='A room, or "#room KEY"; may be repeated.')
@click.option(
    "--password",
    default="",
    envvar=f"{settings.ENVIRONMENT_PREFIX}PASSWORD",
    help="The server's; better in GEVENTCHAT_PASSWORD, which no list of processes shows.",
)
@click.option("--login", default="", metavar="NAME", help="Your account; asks for its password.")
@click.option(
    "--login-file", default="", metavar="FILE", help="Its password, in the file's first line."
)
@click.option(
    "--tls",
    type=click.Choice(["auto", "on", "off"]),
    default="auto",
    help="Encrypt: if the server can (auto, default), always, or never.",
)
@click.option("--no-verify", is_flag=True, help="Accept any certificate.")
@click.option("--cafile", default="", help="Certificates to trust, as a PEM file.")
@click.option("--print", "prints", is_flag=True, help="In a pipe: print what is said.")
def connect(address: str, tls: str, no_verify: bool, **given: Any) -> None:
    """Talk at a terminal, or say the lines of a pipe.

    The exit code of a pipe: 0 all lines are said, 1 one was refused, 2 wrong usage,
    3 no connection, 4 connection lost before all were confirmed.
    """
    # What the client is made of is not the server's, and the server does without.
    from geventchat.client.terminal.connect import Options
    from geventchat.client.terminal.connect import connect as run
    from geventchat.client.terminal.tls import Tls

    # Not an option: every list of processes would show it.
    secret = os.environ.get(f"{settings.ENVIRONMENT_PREFIX}LOGIN_PASSWORD", "")
    verify = not no_verify
    sys.exit(run(Options(address, tls=Tls(tls), verify=verify, login_password=secret, **given)))


cli.add_command(user)
cli.add_command(history)


def _in_words(error: click.ClickException) -> str:
    """A slip on the command line, told as one in a file or the environment is."""
    if isinstance(error, click.NoSuchOption):
        near = difflib.get_close_matches(error.option_name, error.possibilities or (), 1, 0.5)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"unknown option {error.option_name!r}{hint}"
    message = error.format_message().removesuffix(".")
    return message[:1].lower() + message[1:]


def main() -> None:
    """Run the command line; every error of ours is one line and an exit code."""
    try:
        cli(standalone_mode=False)
    except GeventchatError as error:
        click.echo(f"geventchat: {error}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        click.echo(f"geventchat: {_in_words(error)}", err=True)
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read what is printed has enough. What Python still holds goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
