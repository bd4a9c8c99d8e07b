"""Words about what you read: history, ignoring, how lines look."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from geventchat.chat.names import fold
from geventchat.dialects.base import ReadLines, Steps
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.encoder import dated
from geventchat.dialects.human.table import Command

_SPAN = re.compile(r"([0-9]{1,6})([smhd])", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DEFAULT_LINES = 30
IGNORING_MAX = 100


def _history(client: Client, rest: str) -> Steps:
    """`/history [N or 2h] [#room]`."""
    limit, since, room_name = _DEFAULT_LINES, 0, ""
    for word in rest.split():
        span = _SPAN.fullmatch(word)
        if word.startswith("#"):
            room_name = word
        elif span:
            since = client.now() - 1000 * int(span[1]) * _SECONDS[span[2]]
            limit = client.config.history_max_lines
        elif _COUNT.fullmatch(word) and int(word):
            limit = min(int(word), client.config.history_max_lines)
        else:
            client.reply("Usage: /history [N or 2h] [#room]")
            return
    key = fold(room_name) or (client.here.room.key if client.here else "")
    if key not in client.me.memberships:
        client.reply(
            f"You are not in {room_name}. /join {room_name}" if key else "You are in no room."
        )
        return
    yield from _page(client, key, None, limit, since)


def _more(client: Client, rest: str) -> Steps:
    if client.more is None or client.more[0] not in client.me.memberships:
        client.reply("Nothing to go on from. /history first.")
        return
    yield from _page(client, *client.more, since=0)


def _page(client: Client, key: str, before: int | None, limit: int, since: int) -> Steps:
    found = yield ReadLines(key, before, limit)
    if not isinstance(found, list):
        client.reply(f"History cannot be read now: {found}.")
        return
    lines = [entry for entry in found if entry.at >= since]
    if lines:
        client.more = (key, lines[0].number, limit)
    client.write(*(dated(entry, client.look) for entry in lines))
    noun = "line" if len(lines) == 1 else "lines"
    full = len(lines) == limit
    client.write(f"-- {len(lines)} {noun}{', /more for earlier' if full else ''} --")


def _ignore(client: Client, nick: str) -> None:
    ignoring = client.me.ignoring
    if not nick:
        client.reply(f"Ignoring: {', '.join(sorted(ignoring)) or 'nobody'}.")
    elif len(ignoring) >= IGNORING_MAX:
        client.reply(f"You ignore {IGNORING_MAX} already; /unignore somebody first.")
    elif fold(nick) == fold(client.me.nick):
        client.reply("You cannot ignore yourself.")
    elif len(nick) > client.config.nick_max_chars:
        client.reply(f"Nobody is called {nick[:40]}.")
    else:
        client.me.ignoring = ignoring | {fold(nick)}
        client.restyle(client.look)
        client.reply(f"You will not see what {nick} writes. /unignore {nick} ends it.")


def _unignore(client: Client, nick: str) -> None:
    if fold(nick) not in client.me.ignoring:
        client.reply(f"You do not ignore {nick}.")
        return
    client.me.ignoring -= {fold(nick)}
    client.restyle(client.look)
    client.reply(f"You see what {nick} writes again.")


def _quiet(client: Client, rest: str) -> None:
    client.me.quiet = not client.me.quiet
    client.restyle(client.look)
    client.reply(f"Join and leave lines are {'off' if client.me.quiet else 'on'}.")


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
        client.reply(f"{key} is {value.strip()} now.")


def _on(flag: bool) -> str:
    return "on" if flag else "off"


def _flag(name: str) -> Callable[[Client, str], None]:
    def change(client: Client, value: str) -> None:
        if value.lower() not in ("on", "off"):
            raise ValueError("say on or off")
        changes: dict[str, Any] = {name: value.lower() == "on"}
        client.restyle(replace(client.look, **changes))

    return change


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
    if not _COUNT.fullmatch(value) or not 20 <= int(value) <= 500:
        raise ValueError("a number of columns from 20 to 500")
    client.columns = int(value)


_SETTINGS: dict[str, Callable[[Client, str], None]] = {
    "time": _flag("time"),
    "tz": _zone,
    "colour": _flag("colour"),
    "bell": _flag("bell"),
    "width": _width,
    "screenreader": _flag("screenreader"),
}


COMMANDS = (
    Command("history", "/history [N or 2h] [#room]", "read earlier lines", _history, "Reading"),
    Command("more", "/more", "read still earlier ones", _more, "Reading"),
    Command("ignore", "/ignore [NICK]", "do not see what someone writes", _ignore, "Reading"),
    Command("unignore", "/unignore NICK", "see it again", _unignore, "Reading", needs=True),
    Command("quiet", "/quiet", "join and leave lines off and on", _quiet, "Reading"),
    Command(
        "set", "/set [KEY VALUE]", "time, tz, colour, bell, width, screenreader", _set, "Reading"
    ),
)
