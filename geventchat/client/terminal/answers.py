"""Answers to commands, in words: what was asked for, or why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from geventchat.client.terminal.events import Event, Told
from geventchat.client.terminal.wire import Message

# Numerics of refusals: who asked, then what about, then words. {0} is what about.
_REASONS = {
    "401": "{0} is not here.",
    "403": "There is no room {0}. /rooms lists them, /join {0} makes it.",
    "405": "Too many rooms: you may not be in {0} as well.",
    "406": "{0} has not been here lately.",
    "412": "Nothing to say: that line has nothing anyone could see.",
    "417": "That line is too long.",
    "432": "{0} cannot be your name: {text}.",
    "433": "{0} is in use.",
    "435": "You may not speak in {1}, so you keep your name. /part {1} first.",
    "437": "{0} cannot be had now: {text}.",
    "441": "{0} is not in {1}.",
    "442": "You are not in {0}. /join {0}",
    "443": "{0} is in {1} already.",
    "471": "{0} is full.",
    "473": "{0} is for invited people only.",
    "474": "You are banned from {0}.",
    "475": "{0} is locked: /join {0} KEY",
    "478": "{0} has as many bans and exceptions as it may have; /unban somebody first.",
    "481": "Only operators of the server may do that.",
    "482": "Only operators of {0} may do that. /names shows them with an @.",
    "464": "Wrong name or password.",
}


def reason_of(message: Message) -> str:
    """Why something was refused, or nothing for a message that refuses nothing."""
    if message.verb == "FAIL":
        return message.param(-1)
    is_error = message.verb.isdecimal() and message.verb[:1] in "45" and len(message.verb) == 3
    if not is_error and message.verb != "696":
        return ""
    if message.verb == "422":  # No message of the day is no error.
        return ""
    about = [*message.params[1:-1], "", ""]
    text = message.param(-1)
    words = _REASONS.get(message.verb)
    if words is None:
        return " ".join([*message.params[1:-1], text]) if message.verb != "404" else text
    return words.replace("{0}", about[0]).replace("{1}", about[1]).replace("{text}", text)


def refusals(messages: list[Message]) -> list[Event]:
    """Only what was refused: for commands whose doing is seen by what happens."""
    return [Told(reason) for message in messages if (reason := reason_of(message))]


def done(words: str) -> Callable[[list[Message]], list[Event]]:
    """Say that it was done, unless it was refused."""
    return lambda messages: refusals(messages) or [Told(words)]


def names(messages: list[Message]) -> list[Event]:
    """Who is in a room."""
    found = [m for m in messages if m.verb == "353"]
    nicks = sorted((nick for m in found for nick in m.param(3).split()), key=_by_nick)
    if not found:
        room = next((m.param(1) for m in messages if m.verb == "366"), "")
        return refusals(messages) or [Told(f"There is no room {room}.")]
    return [Told(f"{len(nicks)} in {found[0].param(2)}: {', '.join(nicks)}")]


def _by_nick(shown: str) -> str:
    return shown.lstrip("@+").lower()


def who(messages: list[Message]) -> list[Event]:
    """Everybody who is online, or in a room."""
    found = {(m.param(5), m.param(6)[:1] == "G", m.param(-1)[2:]) for m in messages if _is_who(m)}
    people = sorted(found, key=lambda row: row[0].lower())
    rows = [("nick", "", "name"), *((nick, "away" if a else "", name) for nick, a, name in people)]
    wide = max(len(nick) for nick, _, _ in rows)
    lines = [Told(f"{nick:<{wide}}  {away:<4}  {name}".rstrip()) for nick, away, name in rows]
    noun = "user" if len(people) == 1 else "users"
    return refusals(messages) or [*lines, Told(f"{len(people):,} {noun} online.")]


def _is_who(message: Message) -> bool:
    return message.verb == "352" and len(message.params) > 7


def whois(messages: list[Message]) -> list[Event]:
    """What is known of somebody."""
    told: list[Event] = []
    for m in messages:
        nick, rest = m.param(1), m.params[2:]
        if m.verb == "311":
            told.append(Told(f"{nick}: {m.param(-1)}"))
        elif m.verb == "319":
            told.append(Told(f"{nick} is in {m.param(-1)}"))
        elif m.verb == "301":
            told.append(Told(f"{nick} is away: {m.param(-1)}"))
        elif m.verb == "317" and len(rest) > 1:
            told.append(Told(f"{nick} is idle for {_seconds(rest[0])}"))
            told.append(Told(f"{nick} came {_moment(rest[1])}"))
        elif m.verb == "338":
            told.append(Told(f"{nick} {m.param(-1)} {m.param(2)}"))
        elif m.verb in ("313", "330", "335"):
            told.append(Told(" ".join([nick, m.param(-1), *m.params[2:-1]])))
    return told or refusals(messages)


def rooms(messages: list[Message]) -> list[Event]:
    """All rooms, most members first."""
    found = [(m.param(1), m.param(2), m.param(3)) for m in messages if m.verb == "322"]
    if not found:
        return refusals(messages) or [Told("There are no rooms. /join #room makes one.")]
    found.sort(key=lambda row: (-_number(row[1]), row[0]))
    wide = max(len(name) for name, _, _ in found)
    return [
        Told(f"{name:<{wide}}  {members:>4}  {topic}".rstrip()) for name, members, topic in found
    ]


def topic(messages: list[Message]) -> list[Event]:
    """A room's topic, and whose it is."""
    told: list[Event] = []
    setter = next((m for m in messages if m.verb == "333"), None)
    by = f" (set by {setter.param(2)}, {_moment(setter.param(3))})" if setter else ""
    for m in messages:
        if m.verb == "332":
            told.append(Told(f"Topic of {m.param(1)}: {m.param(2)}{by}"))
        elif m.verb == "331":
            told.append(Told(f"{m.param(1)} has no topic. /topic TEXT sets one."))
    return told or refusals(messages)


def bans(messages: list[Message]) -> list[Event]:
    """Who is banned from a room."""
    found = [
        Told(f"{m.param(2)} (by {m.param(3)}, {_moment(m.param(4))})")
        for m in messages
        if m.verb == "367"
    ]
    return [*found] or refusals(messages) or [Told("Nobody is banned there.")]


def _number(word: str) -> int:
    return int(word) if word.isascii() and word.isdigit() and len(word) < 12 else 0


def _seconds(word: str) -> str:
    seconds = _number(word)
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _moment(word: str) -> str:
    seconds = _number(word)
    if not 0 < seconds < 1 << 33:
        return "at a time unknown"
    return f"{datetime.fromtimestamp(seconds):%Y-%m-%d %H:%M}"
