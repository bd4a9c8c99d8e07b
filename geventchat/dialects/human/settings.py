"""Commands about what one sees, and how it looks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from geventchat.chat.accounts import SETTINGS
from geventchat.chat.commands_accounts import KeepSettings, SetMetadata
from geventchat.chat.names import fold
from geventchat.dialects.base import Settle, Steps
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.table import READING, Table
from geventchat.dialects.human.terminal import leave

_COLUMNS = re.compile(r"[0-9]{1,9}", re.ASCII)
IGNORING_MAX = 100
# What people tell of themselves (the names are those of IRCv3's registry of metadata).
TOLD = ("pronouns", "display-name", "homepage", "status")

COMMANDS = Table()


@COMMANDS.add("/ignore [NICK]", "do not see what someone writes", READING)
def _ignore(client: Client, nick: str) -> None:
    ignoring = client.ignoring
    if not nick:
        client.reply(f"Ignoring: {', '.join(sorted(ignoring)) or 'nobody'}.")
    elif len(ignoring) >= IGNORING_MAX:
        client.reply(f"You ignore {IGNORING_MAX} already; /unignore somebody first.")
    elif fold(nick) == fold(client.me.nick):
        client.reply("You cannot ignore yourself.")
    elif len(nick) > client.config.nick_max_chars:
        client.reply(f"Nobody is called {nick[:40]}.")
    else:
        session = client.state.session_of(nick)
        # Nobody's events bear the number 0 and a name.
        number = -1 if session is None else session.number
        client.ignoring = {**ignoring, fold(nick): number}
        client.refilter()
        client.reply(f"You will not see what {nick} writes. /unignore {nick} ends it.")


@COMMANDS.add("/unignore NICK", "see it again", READING)
def _unignore(client: Client, nick: str) -> None:
    if fold(nick) not in client.ignoring:
        client.reply(f"You do not ignore {nick}.")
        return
    client.ignoring = {key: n for key, n in client.ignoring.items() if key != fold(nick)}
    client.refilter()
    client.reply(f"You see what {nick} writes again.")


@COMMANDS.add("/quiet", "hide or show join and leave lines", READING)
def _quiet(client: Client, rest: str) -> None:
    client.quiet = not client.quiet
    client.refilter()
    client.reply(f"Join and leave lines are {'off' if client.quiet else 'on'}.")


@COMMANDS.add(
    "/set [KEY VALUE]",
    "time, tz, colour, bell, width, pronouns …",
    READING,
    typed="/set tz Europe/Vienna",
    notes=(
        "/set alone shows how things are set; on and off switch most of them.",
        "time: the time before lines, and the day above them. tz: whose time it is.",
        "bell: rings for private lines and for your name.",
        "width: how wide tables such as /who may be, and with /prompt on all lines.",
        "screenreader: names and words alone, without signs around them.",
        f"{', '.join(TOLD)}: what /whois tells of you.",
        "off ends that. All of it is kept with your account.",
    ),
)
def _set(client: Client, rest: str) -> Steps:
    key, _, value = rest.partition(" ")
    value = value.strip()
    if not key:
        _show(client)
        return
    key = {"color": "colour"}.get(key.lower(), key.lower())
    if key in TOLD:
        yield from _tell(client, key, "" if value.lower() == "off" else value)
        return
    change = _SETTINGS.get(key)
    if change is None:
        client.reply(f"There is no setting {key[:40]}: {', '.join((*_SETTINGS, *TOLD))}.")
        return
    try:
        change(client, value)
    except ValueError as error:
        client.reply(f"{key}: {error}")
        return
    client.reply(f"{key} is {_canonical(value)} now.")
    if key == "width" and client.screen is None:
        client.reply("Tables such as /who keep to it; lines are your terminal's to wrap.")
    if client.me.identity.account:
        settings = _kept(client) | {key: _canonical(value)}
        client.ask(KeepSettings(" ".join(f"{key}={value}" for key, value in settings.items())))


def _show(client: Client) -> None:
    look, told = client.look, client.state.metadata_of(client.me)
    client.reply(
        f"time {_on(look.time)}, tz {look.zone or 'server'}, colour {_on(look.colour)},"
        f" bell {_on(look.bell)}, width {client.columns}, screenreader {_on(look.screenreader)}",
        *(f"{key}: {told[key]}" for key in TOLD if key in told),
    )


def _tell(client: Client, key: str, value: str) -> Steps:
    """Have others told something of oneself, or nothing any more."""
    refusals = client.refusals
    if client.ask(SetMetadata(client.me.nick, key, value)):
        yield Settle()
    if client.refusals == refusals:
        client.reply(f"{key}: {value}" if value else f"{key}: nothing is told of it now.")


def _kept(client: Client) -> dict[str, str]:
    """What is kept with the account, by keys."""
    account = client.state.account_of(client.me)
    words = account.metadata.get(SETTINGS, "").split() if account is not None else []
    return dict(word.split("=", 1) for word in words if "=" in word)


def restore(client: Client) -> None:
    """Have things look as is kept with the account that somebody has logged in to."""
    for key, value in _kept(client).items():
        change = _SETTINGS.get(key)
        # In prompt mode the terminal tells how wide it is.
        if change is None or (key == "width" and client.screen is not None):
            continue
        try:
            change(client, value)
        except ValueError:
            pass  # A zone this machine does not know any more.


def _canonical(value: str) -> str:
    return value.lower() if value.lower() in ("on", "off", "server") else value


def _on(flag: bool) -> str:
    return "on" if flag else "off"


def _flag(name: str) -> Callable[[Client, str], None]:
    def change(client: Client, value: str) -> None:
        if value.lower() not in ("on", "off"):
            raise ValueError("say on or off")
        changes: dict[str, Any] = {name: value.lower() == "on"}
        client.restyle(replace(client.look, **changes))

    return change


def _screenreader(client: Client, value: str) -> None:
    """A row that is painted anew is read aloud anew: it is there only if asked for again."""
    _flag("screenreader")(client, value)
    if client.look.screenreader and client.screen is not None:
        leave(client)
        client.reply("Prompt mode is off, for the screen reader. /prompt on brings it back.")


def _zone(client: Client, value: str) -> None:
    client.restyle(replace(client.look, zone=zone_of(value)))


def zone_of(name: str) -> tzinfo | None:
    """The zone of that name (`Europe/Vienna`, `+02:00`, `server`). Raises `ValueError`."""
    if name.lower() == "server":
        return None
    offset = re.fullmatch(r"([+-])([0-9]{1,2}):?([0-9]{2})?", name, re.ASCII)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        if minutes <= 14 * 60:
            return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a zone such as Europe/Vienna, +02:00, or server") from None


def _width(client: Client, value: str) -> None:
    if not _COLUMNS.fullmatch(value) or not 20 <= int(value) <= 500:
        raise ValueError("a number of columns from 20 to 500")
    client.resize(int(value))


_SETTINGS: dict[str, Callable[[Client, str], None]] = {
    "time": _flag("time"),
    "tz": _zone,
    "colour": _flag("colour"),
    "bell": _flag("bell"),
    "width": _width,
    "screenreader": _screenreader,
}
