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
from geventchat.dialects.human.conversation import Conversation
from geventchat.dialects.human.render import dated
from geventchat.dialects.human.word import Word

_SPAN = re.compile(r"([0-9]{1,6})([smhd])", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DEFAULT_LINES = 30
IGNORING_MAX = 100


def _history(talk: Conversation, rest: str) -> Steps:
    """`/history [N or 2h] [#room]`."""
    limit, since, room_name = _DEFAULT_LINES, 0, ""
    for word in rest.split():
        span = _SPAN.fullmatch(word)
        if word.startswith("#"):
            room_name = word
        elif span:
            since = talk.now() - 1000 * int(span[1]) * _SECONDS[span[2]]
            limit = talk.config.history_max_lines
        elif _COUNT.fullmatch(word) and int(word):
            limit = min(int(word), talk.config.history_max_lines)
        else:
            talk.reply("Usage: /history [N or 2h] [#room]")
            return
    key = fold(room_name) or (talk.here.room.key if talk.here else "")
    if key not in talk.me.memberships:
        talk.reply(
            f"You are not in {room_name}. /join {room_name}" if key else "You are in no room."
        )
        return
    yield from _page(talk, key, None, limit, since)


def _more(talk: Conversation, rest: str) -> Steps:
    if talk.more is None or talk.more[0] not in talk.me.memberships:
        talk.reply("Nothing to go on from. /history first.")
        return
    yield from _page(talk, *talk.more, since=0)


def _page(talk: Conversation, key: str, before: int | None, limit: int, since: int) -> Steps:
    found = yield ReadLines(key, before, limit)
    if not isinstance(found, list):
        talk.reply(f"History cannot be read now: {found}.")
        return
    lines = [entry for entry in found if entry.at >= since]
    if lines:
        talk.more = (key, lines[0].number, limit)
    talk.write(*(dated(entry, talk.look) for entry in lines))
    noun = "line" if len(lines) == 1 else "lines"
    full = len(lines) == limit
    talk.write(f"-- {len(lines)} {noun}{', /more for earlier' if full else ''} --")


def _ignore(talk: Conversation, nick: str) -> None:
    ignoring = talk.me.ignoring
    if not nick:
        talk.reply(f"Ignoring: {', '.join(sorted(ignoring)) or 'nobody'}.")
    elif len(ignoring) >= IGNORING_MAX:
        talk.reply(f"You ignore {IGNORING_MAX} already; /unignore somebody first.")
    elif fold(nick) == fold(talk.me.nick):
        talk.reply("You cannot ignore yourself.")
    elif len(nick) > talk.config.nick_max_chars:
        talk.reply(f"Nobody is called {nick[:40]}.")
    else:
        talk.me.ignoring = ignoring | {fold(nick)}
        talk.restyle(talk.look)
        talk.reply(f"You will not see what {nick} writes. /unignore {nick} ends it.")


def _unignore(talk: Conversation, nick: str) -> None:
    if fold(nick) not in talk.me.ignoring:
        talk.reply(f"You do not ignore {nick}.")
        return
    talk.me.ignoring -= {fold(nick)}
    talk.restyle(talk.look)
    talk.reply(f"You see what {nick} writes again.")


def _quiet(talk: Conversation, rest: str) -> None:
    talk.me.quiet = not talk.me.quiet
    talk.restyle(talk.look)
    talk.reply(f"Join and leave lines are {'off' if talk.me.quiet else 'on'}.")


def _set(talk: Conversation, rest: str) -> None:
    key, _, value = rest.partition(" ")
    if not key:
        look = talk.look
        talk.reply(
            f"time {_on(look.time)}, tz {look.zone or 'server'}, colour {_on(look.colour)},"
            f" bell {_on(look.bell)}, width {talk.columns}, screenreader {_on(look.screenreader)}"
        )
        return
    key = {"color": "colour"}.get(key.lower(), key.lower())
    change = _SETTINGS.get(key)
    if change is None:
        talk.reply(f"There is no setting {key[:40]}: {', '.join(_SETTINGS)}.")
        return
    try:
        change(talk, value.strip())
    except ValueError as error:
        talk.reply(f"{key}: {error}")
    else:
        talk.reply(f"{key} is {value.strip()} now.")


def _on(flag: bool) -> str:
    return "on" if flag else "off"


def _flag(name: str) -> Callable[[Conversation, str], None]:
    def change(talk: Conversation, value: str) -> None:
        if value.lower() not in ("on", "off"):
            raise ValueError("say on or off")
        changes: dict[str, Any] = {name: value.lower() == "on"}
        talk.restyle(replace(talk.look, **changes))

    return change


def _zone(talk: Conversation, value: str) -> None:
    talk.restyle(replace(talk.look, zone=zone_of(value)))


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


def _width(talk: Conversation, value: str) -> None:
    if not _COUNT.fullmatch(value) or not 20 <= int(value) <= 500:
        raise ValueError("a number of columns from 20 to 500")
    talk.columns = int(value)


_SETTINGS: dict[str, Callable[[Conversation, str], None]] = {
    "time": _flag("time"),
    "tz": _zone,
    "colour": _flag("colour"),
    "bell": _flag("bell"),
    "width": _width,
    "screenreader": _flag("screenreader"),
}


WORDS = (
    Word("history", "/history [N or 2h] [#room]", "read earlier lines", _history, "Reading"),
    Word("more", "/more", "read still earlier ones", _more, "Reading"),
    Word("ignore", "/ignore [NICK]", "do not see what someone writes", _ignore, "Reading"),
    Word("unignore", "/unignore NICK", "see it again", _unignore, "Reading", needs=True),
    Word("quiet", "/quiet", "join and leave lines off and on", _quiet, "Reading"),
    Word("set", "/set [KEY VALUE]", "time, tz, colour, bell, width, screenreader", _set, "Reading"),
)
