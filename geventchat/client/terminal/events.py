"""What has happened, for `words` to tell. Times are milliseconds since 1970; 0 is not known.

Names and texts are as the network sent them: only what `words` makes of them may be shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Form(Enum):
    """How something is said."""

    MESSAGE = "message"
    ACTION = "action"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Said:
    """Words in a room, or between two (`room` is empty; `to` is whom they are for).

    `id` names the line in the server's history; `text` may have several lines.
    `own` is what this person said.
    """

    at: int
    id: str
    room: str
    nick: str
    text: str
    form: Form = Form.MESSAGE
    own: bool = False
    to: str = ""

    @property
    def key(self) -> tuple[str, int]:
        """What no two lines share; numbers alone begin again when a server keeps nothing."""
        return self.id, self.at


@dataclass(frozen=True, slots=True)
class Joined:
    at: int
    room: str
    nick: str
    members: int


@dataclass(frozen=True, slots=True)
class Parted:
    at: int
    room: str
    nick: str
    reason: str
    members: int
    own: bool = False
    current: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody left the chat; `members` is the size of the smallest room that saw it."""

    at: int
    nick: str
    reason: str
    members: int


@dataclass(frozen=True, slots=True)
class Renamed:
    at: int
    nick: str
    new: str
    own: bool


@dataclass(frozen=True, slots=True)
class Kicked:
    at: int
    room: str
    nick: str
    by: str
    reason: str
    own: bool
    current: str = ""


@dataclass(frozen=True, slots=True)
class TopicSet:
    at: int
    room: str
    nick: str
    topic: str


@dataclass(frozen=True, slots=True)
class ModesSet:
    """`changes` are the letters and what they are about, as `+ob alice m:x!*@*`."""

    at: int
    room: str
    nick: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WentAway:
    """`reason` is empty for somebody who is back."""

    at: int
    nick: str
    reason: str


@dataclass(frozen=True, slots=True)
class InRoom:
    """This person is in a room now, with its last lines or those that were missed.

    `missed` says that the server was asked for all since one was there last, and has answered;
    `more`, that there are earlier ones among them which are not here.
    """

    room: str
    topic: str
    nicks: tuple[str, ...]
    lines: tuple[Said, ...]
    missed: bool
    more: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A word for this person alone: an answer, or why something was not done."""

    text: str


@dataclass(frozen=True, slots=True)
class Past:
    """Lines that were asked for, each to be shown with its date, and a last word."""

    lines: tuple[Said, ...]
    end: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """A line that was refused; `number` is what it was said with."""

    to: str
    text: str
    why: str
    number: int = 0


Event = (
    Said
    | Joined
    | Parted
    | Left
    | Renamed
    | Kicked
    | TopicSet
    | ModesSet
    | WentAway
    | InRoom
    | Told
    | Past
    | NotSent
)
