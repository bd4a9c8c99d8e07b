"""Commands about what one sees, and how it looks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from geventchat.chat.names import fold
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.table import READING, Table
from geventchat.dialects.human.terminal import leave

_COLUMNS = re.compile(r"[0-9]{1,9}", re.ASCII)
IGNORING_MAX = 100

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
    "time, tz, colour, bell, width, screenreader",
    READING,
    typed="/set tz Europe/Vienna",
    notes=(
        "/set alone shows how things are set; on and off switch most of them.",
        "time: the time before lines, and the day above them. tz: whose time it is.",
        "bell: rings for private lines and for your name.",
        "width: how wide tables such as /who may be, and with /prompt on all lines.",
        "screenreader: names and words alone, without signs around them.",
    ),
)
def _set(client: Client, rest: str) -> None:
    key, _, value = rest.partition(" ")
    if not key:
        look = client.look
        client.reply(
            f"time {_on(look.time)}, tz {look.zone or 'server'}, colour {_on(look.colour)},"
            f" bell {_on(look.bell)}, width {client.columns}, screenreader {_on(look.screenreader)}"
        )
        return
    key = {"color": "colour"}.get(key.lower(), key.lower())
    change = _SETTINGS.get(key)
    if change is None:
        client.reply(f"There is no setting {key[:40]}: {', '.join(_SETTINGS)}.")
        return
    try:
        change(client, value.strip())
    except ValueError as error:
        client.reply(f"{key}: {error}")
    else:
        client.reply(f"{key} is {_canonical(value.strip())} now.")
        if key == "width" and client.screen is None:
            client.reply("Tables such as /who keep to it; lines are your terminal's to wrap.")


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
