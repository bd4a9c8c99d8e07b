"""What has happened. Past tense, frozen; the journal stores exactly these.

An event names its author by an `Identity`, the name and address at that
moment, so that history reads as it was lived.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple


class Form(Enum):
    """How a line is meant."""

    MESSAGE = "message"
    ACTION = "action"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who did it: the session's number in this run, its nick, user name and host.

    `account` is empty for who is not logged in; `bot` says that the user calls
    itself one. The real name is kept with arrivals only, not with every line.
    """

    session: int
    nick: str
    user: str
    host: str
    realname: str = ""
    account: str = ""
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Restarted:
    """A server took up the journal: every earlier session is gone."""

    by: Identity


@dataclass(frozen=True, slots=True)
class Arrived:
    """A session came, under its first nick, through one of the doors (`telnet`, `irc`, `web`)."""

    by: Identity
    via: str
    realname: str = ""


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
class RealNameSet:
    """A session told another real name."""

    by: Identity
    realname: str


@dataclass(frozen=True, slots=True)
class UserModesSet:
    """A session's own modes changed; `changes` like `+i-w`."""

    by: Identity
    changes: str


@dataclass(frozen=True, slots=True)
class Joined:
    """A session entered a room; `room` is spelt as it is known. The key is not kept."""

    by: Identity
    room: str
    key: str = field(default="", repr=False)
    away: str = ""


@dataclass(frozen=True, slots=True)
class Parted:
    """A session left a room."""

    by: Identity
    room: str
    reason: str


@dataclass(frozen=True, slots=True)
class Kicked:
    """A session was put out of a room: `to` is its number, `nick` its name then."""

    by: Identity
    room: str
    to: int
    nick: str
    reason: str


@dataclass(frozen=True, slots=True)
class Invited:
    """A session was invited to a room: `to` is its number, `nick` its name then."""

    by: Identity
    room: str
    to: int
    nick: str


class Change(NamedTuple):
    """One change of a room's modes: `mode` like `+o`, and for members their session number."""

    mode: str
    argument: str = ""
    session: int = 0


@dataclass(frozen=True, slots=True)
class ModesSet:
    """A room's modes, lists or the status of its members changed."""

    by: Identity
    room: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class TopicSet:
    """A room got a topic, or lost it (an empty one)."""

    by: Identity
    room: str
    topic: str


@dataclass(frozen=True, slots=True)
class Said:
    """A line in a room.

    tags    what the author's client wants other clients to know, as IRC writes it
    joined  which lines of a text of several are no lines of their own but go on the one before
    """

    by: Identity
    room: str
    text: str
    form: Form = Form.MESSAGE
    tags: str = ""
    joined: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A line to one session: `to` is its number, `nick` its name then."""

    by: Identity
    to: int
    nick: str
    text: str
    form: Form = Form.MESSAGE
    tags: str = ""
    joined: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SaidToStatus:
    """A line to those of a room who stand at least as high as `status` (`@` or `+`)."""

    by: Identity
    room: str
    status: str
    text: str
    form: Form = Form.MESSAGE
    tags: str = ""


@dataclass(frozen=True, slots=True)
class Tagged:
    """A sign without words in a room (a reaction, "is typing"): only tags."""

    by: Identity
    room: str
    tags: str


@dataclass(frozen=True, slots=True)
class TaggedTo:
    """A sign without words to one session."""

    by: Identity
    to: int
    nick: str
    tags: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """The words of event `number` in a room were taken back, by who said them or an operator."""

    by: Identity
    room: str
    number: int
    reason: str
    own: bool


@dataclass(frozen=True, slots=True)
class RedactedTo:
    """The author took back private words to session `to`."""

    by: Identity
    to: int
    nick: str
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Announced:
    """An operator told something to everyone who listens."""

    by: Identity
    text: str


@dataclass(frozen=True, slots=True)
class Erased:
    """What stands in a log where redacted words were. Never stored, never shown."""

    by: Identity
    room: str


Event = (
    Restarted
    | Arrived
    | Left
    | Renamed
    | WentAway
    | RealNameSet
    | UserModesSet
    | Joined
    | Parted
    | Kicked
    | Invited
    | ModesSet
    | TopicSet
    | Said
    | Told
    | SaidToStatus
    | Tagged
    | TaggedTo
    | Redacted
    | RedactedTo
    | Announced
)


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
