"""What `geventchat connect` does with its options: a terminal, or a pipe, and an exit code."""

from __future__ import annotations

import getpass
import os
import random
import sys
from dataclasses import dataclass, replace

from geventchat.chat.text import clean_for_terminal
from geventchat.client.terminal.address import parse_address
from geventchat.client.terminal.caller import Caller, Wish, nick_from
from geventchat.client.terminal.desk import as_room
from geventchat.client.terminal.errors import ConnectError, UsageError, WrongPassword
from geventchat.client.terminal.events import Event
from geventchat.client.terminal.link import Door, Link
from geventchat.client.terminal.login import Login, password_in
from geventchat.client.terminal.pipe import run_pipe
from geventchat.client.terminal.tls import Tls, context_of

INTERRUPTED = 130


@dataclass(frozen=True)
class Options:
    """As they were given."""

    address: str = ""
    nick: str = ""
    rooms: tuple[str, ...] = ()
    password: str = ""
    login: str = ""
    login_password: str = ""
    login_file: str = ""
    tls: Tls = Tls.AUTO
    verify: bool = True
    cafile: str = ""
    prints: bool = False


def connect(options: Options) -> int:
    """Run it. Every error is one line on standard error; what it returns is the exit code."""
    try:
        options = _with_login(options)
        if sys.stdin.isatty() and sys.stdout.isatty():
            return _at_a_terminal(options)
        out = _print if options.prints else None
        return run_pipe(_caller(options), sys.stdin.fileno(), _complain, out)
    except ConnectError as error:
        _complain(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # Whoever read what we printed has enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _caller(options: Options, password: str = "") -> Caller:
    """Raises UsageError."""
    password = password or options.password
    name, secret = options.login, options.login_password
    for what in (password, options.nick, name, secret, *options.rooms):
        if any(mark in what for mark in "\r\n\0"):
            raise UsageError("a nick, a room and a password are one line each")
    for name in (options.nick, options.login):
        if " " in name or name[:1] == ":":
            raise UsageError(f"{name!r} cannot be a nick")
    if any(not room.strip() or "," in room for room in options.rooms):
        raise UsageError("--room takes one room; it may be given several times")
    address = parse_address(options.address)
    context = context_of(options.verify, options.cafile)
    door = Door(address, options.tls, context, bool(password or name))
    rooms = tuple(as_room(room.strip()) for room in options.rooms)
    visitor = f"visitor{random.randrange(1000, 10000)}"
    chosen = options.nick or options.login
    nick = chosen or nick_from(_user()) or visitor
    return Caller(
        door,
        Wish(
            nick, rooms, password, "" if chosen else visitor, Login(name, secret) if name else None
        ),
    )


def _with_login(options: Options) -> Options:
    """With the password of the account, which is asked for where somebody can be asked."""
    password = options.login_password
    if options.login and options.login_file:
        password = password_in(options.login_file)
    if options.login and not password:
        if not sys.stdin.isatty():
            raise UsageError("--login wants a password: GEVENTCHAT_LOGIN_PASSWORD or --login-file")
        password = getpass.getpass(f"Password of {options.login}: ")
    return replace(options, login_password=password)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # Nobody in particular, as in a container.
        return ""


def _at_a_terminal(options: Options) -> int:
    try:
        from geventchat.client.terminal.screen import converse
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != "prompt_toolkit":
            raise
        raise UsageError(
            "talking at a terminal needs prompt_toolkit:"
            f" {sys.executable} -m pip install prompt_toolkit (a pipe does without)"
        ) from None
    caller, link, first = _called(options)
    converse(caller, link, first)
    return 0


def _called(options: Options) -> tuple[Caller, Link, list[Event]]:
    """Come in; ask for the password if the server wants one and none was given."""
    caller = _caller(options)
    try:
        return (caller, *caller.call())
    except WrongPassword:
        if options.password:
            raise
    caller = _caller(options, getpass.getpass(f"Password of {caller.door.address}: "))
    return (caller, *caller.call())


def _complain(text: str) -> None:
    # Some of it may be a server's words.
    print(f"geventchat: {clean_for_terminal(text)}", file=sys.stderr, flush=True)


def _print(line: str) -> None:
    print(line, flush=True)
