"""Events as lines on a screen, as people at telnet see them.

    [12:01] <alice> hello        what people say and do always bears a time
    *** alice joined #dev.       what happens in rooms
    -> You are in #dev           what only you see
    -- 12 lines ... --           marks between lines

MUST: whatever the network sent passes `clean_for_terminal` here, the one way to the screen.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from geventchat.chat.text import clean_for_terminal
from geventchat.client.terminal import events
from geventchat.client.terminal.events import Event, Form, Said
from geventchat.client.terminal.happenings import changes_of
from geventchat.client.terminal.state import State, fold

# A line in parts: how each looks, as the numbers of its escape sequence, and its text.
Line = list[tuple[str, str]]
DIM, BOLD, CYAN, LOUD = "2", "1", "36", "1;33"
_NICKS = ("31", "32", "34", "35", "36", "91", "92", "94", "95")
# Joining and leaving is shown in rooms of up to so many, as at telnet.
FEW = 50
_NAMES_SHOWN = 10
_CHANGES = {
    "+o": "made {} an operator",
    "-o": "took {} off the operators",
    "+v": "gave {} a voice",
    "-v": "took the voice of {}",
    "+b": "banned {}",
    "-b": "unbanned {}",
    "+m": "moderated the room",
    "-m": "let everybody speak",
    "+i": "closed the room to the uninvited",
    "-i": "opened the room to everybody",
    "+k": "locked the room",
    "-k": "unlocked the room",
}


def plain(line: Line) -> str:
    """A line without its looks."""
    return "".join(text for _, text in line)


def coloured(line: Line) -> str:
    """A line as a terminal shows it in colour."""
    return "".join(f"\x1b[{look}m{text}\x1b[0m" if look and text else text for look, text in line)


class Words:
    """Makes lines of events; remembers which day it is, to say when another begins."""

    def __init__(self, state: State, now: Callable[[], datetime] = datetime.now) -> None:
        self._state = state
        self._now = now
        self._day = now().date()

    def lines(self, event: Event) -> list[Line]:
        """What is to be shown of an event: clean, and one line each."""
        made = _MADE[type(event)](self, event)
        return [[(look, clean_for_terminal(text)) for look, text in line] for line in made]

    def rings(self, event: Event) -> bool:
        """Whether it is for this person in particular."""
        if not isinstance(event, Said) or event.own or event.form is Form.NOTICE:
            return False
        return not event.room or self._state.is_mentioned(event)

    def _said(self, said: Said) -> list[Line]:
        when = self._moment(said.at)
        lines = self._new_day(when.date())
        where = f"{said.room} " if said.room and not self._is_here(said.room) else ""
        return [*lines, *self._spoken(said, f"[{when:%H:%M}] ", where)]

    def _spoken(self, said: Said, time: str, where: str = "") -> list[Line]:
        look = LOUD if self.rings(said) else ""
        start: Line = [(DIM, time), (DIM, where)]
        if not said.room:
            who = f"[PM to {said.to}] " if said.own else f"[PM from {said.nick}] "
            start.append((LOUD if not said.own else BOLD, who))
            shown = f"* {said.nick} " if said.form is Form.ACTION else ""
            shown = f"-{said.nick}- " if said.form is Form.NOTICE else shown
            start.append(("", shown))
        else:
            before, after = {Form.ACTION: ("* ", " "), Form.NOTICE: ("-", "- ")}.get(
                said.form, ("<", "> ")
            )
            start += [("", before), (self._look(said.nick, said.own), said.nick), ("", after)]
        texts = [text for text in said.text.split("\n") if text.strip()] or [""]
        return [[*start, (look, text)] for text in texts]

    def _look(self, nick: str, own: bool) -> str:
        return BOLD if own else _NICKS[zlib.crc32(fold(nick).encode()) % len(_NICKS)]

    def _is_here(self, room: str) -> bool:
        return fold(room) == fold(self._state.current)

    def _moment(self, at: int) -> datetime:
        return datetime.fromtimestamp(at / 1000) if at else self._now()

    def _new_day(self, day: date) -> list[Line]:
        if day == self._day:
            return []
        self._day = day
        return _mark(f"{day:%A}, {day.day} {day:%B %Y}")

    def _happened(self, text: str) -> list[Line]:
        return [[(DIM, f"*** {text}")]]

    def _joined(self, event: events.Joined) -> list[Line]:
        if event.members > FEW:
            return []
        return self._happened(f"{event.nick} joined {event.room}. ({event.members} here)")

    def _parted(self, event: events.Parted) -> list[Line]:
        if event.own:
            return _told(f"You left {event.room}. {_now_in(event.current)}")
        if event.members > FEW:
            return []
        return self._happened(f"{event.nick} left {event.room}{_because(event.reason)}.")

    def _left(self, event: events.Left) -> list[Line]:
        if event.members > FEW:
            return []
        return self._happened(f"{event.nick} left{_because(event.reason)}.")

    def _renamed(self, event: events.Renamed) -> list[Line]:
        return self._happened(f"{event.nick} is now known as {event.new}.")

    def _kicked(self, event: events.Kicked) -> list[Line]:
        why = f": {event.reason}" if event.reason else "."
        if event.own:
            where = f"You were kicked from {event.room} by {event.by}{why}"
            return [*self._happened(where), *_told(_now_in(event.current))]
        where = "" if self._is_here(event.room) else f" from {event.room}"
        return self._happened(f"{event.nick} was kicked{where} by {event.by}{why}")

    def _topic_set(self, event: events.TopicSet) -> list[Line]:
        where = "" if self._is_here(event.room) else f" of {event.room}"
        if not event.topic:
            return self._happened(f"{event.nick} removed the topic{where}.")
        return self._happened(f"{event.nick} set the topic{where}: {event.topic}")

    def _modes_set(self, event: events.ModesSet) -> list[Line]:
        letters, *arguments = event.changes or ("",)
        changes = []
        for change, argument in changes_of(letters, list(arguments)):
            form = _CHANGES.get(change, f"set mode {change} {{}}".rstrip())
            if change == "+b" and argument.startswith("m:"):
                form, argument = "muted {}", argument[2:]
            if change == "-b" and argument.startswith("m:"):
                form, argument = "unmuted {}", argument[2:]
            changes.append(form.replace("{}", argument.removesuffix("!*@*")).rstrip())
        where = "" if self._is_here(event.room) else f" in {event.room}"
        return self._happened(f"{event.nick} {', '.join(changes)}{where}.")

    def _went_away(self, event: events.WentAway) -> list[Line]:
        away = f"is away: {event.reason}" if event.reason else "is back."
        return self._happened(f"{event.nick} {away}")

    def _in_room(self, event: events.InRoom) -> list[Line]:
        few = ", ".join(event.nicks[:_NAMES_SHOWN])
        more = " …" if len(event.nicks) > _NAMES_SHOWN else ""
        topic = f": {event.topic}" if event.topic else ""
        here = f"{len(event.nicks)} here: {few}{more}"
        lines = _told(f"You are in {event.room}{topic} ({here})")
        if event.missed:
            count = _count(len(event.lines), "line")
            lines += _mark(f"{count} in {event.room} while you were away")
        if event.more:
            lines += _mark("and earlier ones: /history tells more")
        for one in event.lines:
            lines += self._said(one)
        return lines + (_mark("end of history") if event.lines else [])

    def _told(self, event: events.Told) -> list[Line]:
        return _told(event.text)

    def _past(self, event: events.Past) -> list[Line]:
        lines: list[Line] = []
        for one in event.lines:
            where = "" if self._is_here(one.room) or not one.room else f"{one.room} "
            lines += self._spoken(one, f"[{self._moment(one.at):%Y-%m-%d %H:%M}] ", where)
        return lines + _mark(event.end)

    def _not_sent(self, event: events.NotSent) -> list[Line]:
        where = "" if not event.to or self._is_here(event.to) else f" to {event.to}"
        said = " ".join(event.text.split("\n"))
        return _told(f"Not sent{where}: {event.why.rstrip('.')}. Your line was: {said}")


def _mark(text: str) -> list[Line]:
    return [[(DIM, f"-- {text} --")]]


def _told(text: str) -> list[Line]:
    return [[(CYAN, "-> "), ("", text)]]


def _because(reason: str) -> str:
    return f" ({reason})" if reason else ""


def _now_in(room: str) -> str:
    return f"Talking in {room}." if room else "You are in no room: /join #room"


def _count(number: int, noun: str) -> str:
    many = f"{number:,}" if number else "no"
    return f"{many} {noun}{'' if number == 1 else 's'}"


_MADE: dict[type[Event], Callable[[Words, Any], list[Line]]] = {
    events.Said: Words._said,
    events.Joined: Words._joined,
    events.Parted: Words._parted,
    events.Left: Words._left,
    events.Renamed: Words._renamed,
    events.Kicked: Words._kicked,
    events.TopicSet: Words._topic_set,
    events.ModesSet: Words._modes_set,
    events.WentAway: Words._went_away,
    events.InRoom: Words._in_room,
    events.Told: Words._told,
    events.Past: Words._past,
    events.NotSent: Words._not_sent,
}
