"""Events as lines on a person's screen.

Lines of people look like `[12:01] <alice> hello`, room events begin with `*** `,
lines only you see with `-> `. One fact a line. They bear the time and no date, so the
first line of a day stands under one that names the day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import tzinfo
from functools import lru_cache
from typing import Any, TypeVar

from geventchat.chat import events, events_accounts, rights
from geventchat.chat.events import Entry, Event, Form, Said, Told
from geventchat.chat.events_accounts import Attached
from geventchat.chat.sessions import AWAY
from geventchat.chat.text import clean_for_terminal, lines_in
from geventchat.delivery.encoder import crlf
from geventchat.dialects.human import moderation
from geventchat.dialects.human.days import day, day_told, local

_ACTION = Form.ACTION  # Looked up once: an enum's member costs a tenth of what `echoes` does.
_DIM, _BOLD, _RESET = "\x1b[2m", "\x1b[1m", "\x1b[0m"


_Line = TypeVar("_Line", bound=Said | Told | events.SaidToStatus)


@dataclass(frozen=True, slots=True)
class Look:
    """How a session wants lines to look: what `/set` changes.

    `zone` None is the server's local time. `few` is the room size up to which
    join and leave lines are shown.
    """

    time: bool = True
    zone: tzinfo | None = None
    colour: bool = False
    bell: bool = False
    screenreader: bool = False
    few: int = 50


class HumanEncoder:
    """Encodes a room's entries for everyone with the same look. Implements `Encoder`.

    `here` says whether it is for the room its readers are talking in; lines of
    other rooms carry the room's name.
    """

    frame = staticmethod(crlf)
    shared = True
    shows_requests = False

    def __init__(self, look: Look, here: bool) -> None:
        self.look = look
        self.here = here
        self._minute = -1
        self._clock = ""

    def encode(self, entry: Entry) -> list[str]:
        line = LINES.get(entry.event.__class__)
        return [] if line is None else line(self, entry, entry.event)

    def echoes(self, event: Event) -> bool:
        """Plain lines stand on their author's screen already; `/me waves` looks different."""
        return event.__class__ is not Said or event.form is _ACTION

    def heading(self, before: int, at: int) -> list[str]:
        """The day, where another has begun; nothing when times are off."""
        if not self.look.time:
            return []
        today = day(at, self.look.zone)
        return [] if day(before, self.look.zone) == today else self.star(day_told(today))

    def stamp(self, at: int) -> str:
        """`[12:01] `, or nothing when times are off; computed once a minute."""
        if not self.look.time:
            return ""
        minute = at // 60_000
        if minute != self._minute:
            self._minute = minute
            self._clock = f"[{local(at, self.look.zone):%H:%M}] "
            if self.look.colour:
                self._clock = f"{_DIM}{self._clock}{_RESET}"
        return self._clock

    def said(self, entry: Entry, event: Said) -> list[str]:
        if rights.is_request(event):
            return []
        where = "" if self.here else f"{event.room} "
        if "\n" in event.text:
            start = self.stamp(entry.at) + where
            return [start + self.worded(line) for line in lines_of(event)]
        return [self.stamp(entry.at) + where + self.worded(event)]

    def worded(self, event: Said) -> str:
        """One line that was said, with its author."""
        return said(event, self.look)

    def past(self, entry: Entry) -> list[str]:
        """As `encode`, for what was said before somebody came: nobody is called by it."""
        return self.encode(entry)

    def star(self, text: str) -> list[str]:
        """A room event. Nothing that people say or do begins with three stars."""
        return [f"{_DIM}*** {text}{_RESET}" if self.look.colour else f"*** {text}"]

    def joined(self, entry: Entry, event: events.Joined | events.Appeared) -> list[str]:
        if entry.members > self.look.few or (isinstance(event, events.Joined) and event.quiet):
            return []
        count = f" ({entry.members} here)" if entry.members else ""
        return self.star(f"{event.by.nick} joined {event.room}.{count}")

    def parted(self, entry: Entry, event: events.Parted) -> list[str]:
        if entry.members > self.look.few:
            return []
        return self.star(f"{event.by.nick} left {event.room}{because(event.reason)}.")

    def left(self, entry: Entry, event: events.Left) -> list[str]:
        if entry.members > self.look.few:
            return []
        return self.star(f"{event.by.nick} left{because(event.reason)}.")

    def renamed(self, entry: Entry, event: events.Renamed) -> list[str]:
        return self.star(f"{event.by.nick} is now known as {event.nick}.")

    def topic_set(self, entry: Entry, event: events.TopicSet) -> list[str]:
        where = "" if self.here else f" of {event.room}"
        if not event.topic:
            return self.star(f"{event.by.nick} removed the topic{where}.")
        return self.star(f"{event.by.nick} set the topic{where}: {clean_for_terminal(event.topic)}")

    def pinned(self, entry: Entry, event: events.Pinned) -> list[str]:
        where = "" if self.here else f" in {event.room}"
        return self.star(f"{event.by.nick} pinned{where}: {clean_for_terminal(event.text)}")

    def kicked(self, entry: Entry, event: events.Kicked) -> list[str]:
        where = "" if self.here else f" from {event.room}"
        why = f": {clean_for_terminal(event.reason)}" if event.reason else "."
        return self.star(f"{event.nick} was kicked{where} by {event.by.nick}{why}")

    def modes_set(self, entry: Entry, event: events.ModesSet) -> list[str]:
        changes = moderation.changes_told(event, self.here)
        return self.star(f"{event.by.nick} {clean_for_terminal(changes)}.")

    def granted(self, entry: Entry, event: events_accounts.Granted) -> list[str]:
        return self.star(moderation.rank_told(event))

    def dropped(self, entry: Entry, event: events_accounts.Dropped) -> list[str]:
        who = event.by.nick or "The server"
        return self.star(f"{who} gave up {event.room}: it ends when the last one leaves.")

    def announced(self, entry: Entry, event: events.Announced) -> list[str]:
        return self.star(f"[to all] {event.by.nick}: {clean_for_terminal(event.text)}")

    def went_away(self, entry: Entry, event: events.WentAway) -> list[str]:
        if not event.reason:
            return self.star(f"{event.by.nick} is back.")
        return self.star(f"{event.by.nick} is away{why_away(event.reason)}")


LINES: dict[type[Event], Callable[[HumanEncoder, Entry, Any], list[str]]] = {
    events.Said: HumanEncoder.said,
    events.Joined: HumanEncoder.joined,
    events.Appeared: HumanEncoder.joined,
    events.Parted: HumanEncoder.parted,
    events.Left: HumanEncoder.left,
    events.Renamed: HumanEncoder.renamed,
    events.TopicSet: HumanEncoder.topic_set,
    events.WentAway: HumanEncoder.went_away,
    events.Pinned: HumanEncoder.pinned,
    events.Kicked: HumanEncoder.kicked,
    events.ModesSet: HumanEncoder.modes_set,
    events.Announced: HumanEncoder.announced,
    events_accounts.Granted: HumanEncoder.granted,
    events_accounts.Dropped: HumanEncoder.dropped,
}
# What a person is never shown in a room. Some of it is worded for them alone (`dialect`).
NOT_SHOWN = frozenset(
    {
        events.Restarted,
        events.Arrived,
        Attached,
        events.RealNameSet,
        events.UserModesSet,
        events.Invited,
        events.Told,
        events.SaidToStatus,
        events.Tagged,
        events.TaggedTo,
        events.Redacted,
        events.RedactedTo,
        events_accounts.Registered,
        events_accounts.LoggedIn,
        events_accounts.LoggedOut,
        events_accounts.PasswordSet,
        events_accounts.AccountSet,
        events_accounts.MetadataSet,
        events_accounts.Deleted,
    }
)


@lru_cache(maxsize=16)
def plain_look(few: int) -> Look:
    """How lines look to whoever has not changed anything; one object for all of them."""
    return Look(few=few)


@lru_cache(maxsize=256)
def encoder_for(look: Look, here: bool) -> HumanEncoder:
    """The one encoder object for a look, so that all who share it share its bytes."""
    return HumanEncoder(look, here)


def said(event: Said | Told | events.SaidToStatus, look: Look, marked: str | None = None) -> str:
    """A line with its author, in the shape of its form; `marked` is how the nick is written."""
    text = clean_for_terminal(event.text)
    nick = marked or (f"{_BOLD}{event.by.nick}{_RESET}" if look.colour else event.by.nick)
    if look.screenreader:
        return f"{nick} {text}" if event.form is Form.ACTION else f"{nick}: {text}"
    if event.form is Form.ACTION:
        return f"* {nick} {text}"
    return f"<{nick}> {text}" if event.form is Form.MESSAGE else f"-{nick}- {text}"


def lines_of(event: _Line) -> list[_Line]:
    """A message of several lines as several messages."""
    lines = lines_in(event.text, getattr(event, "joined", ()))
    return [replace(event, text=line) for line in lines]


def dated(entry: Entry, look: Look) -> list[str]:
    """What was said or pinned, each line with its date; nothing of what programs ask each other.

    Of private talk it is shown as what is said in a room: who reads it knows with whom it was.
    """
    event = entry.event
    start = f"[{local(entry.at, look.zone):%Y-%m-%d %H:%M}] "
    if isinstance(event, events.Pinned):
        return [f"{start}{event.by.nick} pinned: {clean_for_terminal(event.text)}"]
    assert isinstance(event, Said | Told)
    if rights.is_request(event):
        return []
    return [start + said(line, look) for line in lines_of(event)]


def why_away(reason: str) -> str:
    """`: reason`, or the end of the sentence where none was given."""
    return "." if reason == AWAY else f": {clean_for_terminal(reason)}"


def because(reason: str) -> str:
    """` (reason)`, or nothing."""
    return f" ({clean_for_terminal(reason)})" if reason else ""


def ago(milliseconds: int) -> str:
    """A span of time in one unit: `now`, `45s`, `12m`, `2h`, `3d`."""
    seconds = max(0, milliseconds) // 1000
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
