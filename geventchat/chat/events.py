"""What has happened. Past tense, frozen; the journal stores exactly these.

An event names its author by an `Identity`, the name and address at that
moment, so that history reads as it was lived.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Form(Enum):
    """How a line is meant."""

    MESSAGE = "message"
    ACTION = "action"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who did it: the session's number in this run, its nick, user name and host."""

    session: int
    nick: str
    user: str
    host: str


@dataclass(frozen=True, slots=True)
class Restarted:
    """A server took up the journal: every earlier session is gone."""

    by: Identity


@dataclass(frozen=True, slots=True)
class Arrived:
    """A session came, under its first nick, through one of the doors (`telnet`, `irc`, `web`)."""

    by: Identity
    via: str


@dataclass(frozen=True, slots=True)
class Left:
    """A session is gone. `rooms` are the keys of the rooms it was in."""

    by: Identity
    reason: str
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Renamed:
    """A session took another nick."""

    by: Identity
    nick: str


@dataclass(frozen=True, slots=True)
class WentAway:
    """A session is away for a reason, or back when the reason is empty."""

    by: Identity
    reason: str


@dataclass(frozen=True, slots=True)
class Joined:
    """A session entered a room; `room` is spelt as they spelt it."""

    by: Identity
    room: str


@dataclass(frozen=True, slots=True)
class Parted:
    """A session left a room."""

    by: Identity
    room: str
    reason: str


@dataclass(frozen=True, slots=True)
class TopicSet:
    """A room got a topic, or lost it (an empty one)."""

    by: Identity
    room: str
    topic: str


@dataclass(frozen=True, slots=True)
class Said:
    """A line in a room."""

    by: Identity
    room: str
    text: str
    form: Form = Form.MESSAGE


@dataclass(frozen=True, slots=True)
class Told:
    """A line to one session: `to` is its number, `nick` its name then."""

    by: Identity
    to: int
    nick: str
    text: str
    form: Form = Form.MESSAGE


Event = Restarted | Arrived | Left | Renamed | WentAway | Joined | Parted | TopicSet | Said | Told


class Entry(NamedTuple):
    """An event that was committed.

    `number` orders all events of a journal, from 1; `at` is milliseconds since
    1970, never decreasing. `members` is the size of its room after the event
    (0 where unknown: in history). `rooms` are the keys of all rooms whose logs
    hold the event, for events that concern several.

    A named tuple, not a dataclass: one is made per line, in 0.3 instead of 0.9 µs.
    """

    number: int
    at: int
    event: Event
    members: int = 0
    rooms: tuple[str, ...] = ()
