"""What has happened. Past tense, frozen; the journal stores exactly these.
An event names its author by an `Identity` as of then, so that history reads as it was lived.
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
    """Who did it: the session's number in this run, its nick, user name and host.

    `host` may be a cloak of its address; `account` is empty without a login, `bot` by choice.
    """

    session: int
    nick: str
    user: str
    host: str
    realname: str = ""
    account: str = ""
    bot: bool = False
    address: str = ""

    @property
    def mask(self) -> str:
        """`nick!user@host`."""
        return f"{self.nick}!{self.user}@{self.host}"


SERVER = Identity(0, "", "", "")  # The author of what nobody did.


@dataclass(frozen=True, slots=True)
class Event:
    """Something that has happened, and who did it."""

    by: Identity


@dataclass(frozen=True, slots=True)
class Restarted(Event):
    """A server took up the journal: every earlier session is gone.

    From now on its settings bound the state (0 or nothing: as before): which room is the
    lobby, how many who left are remembered, how many rooms there may be.
    """

    lobby: str = ""
    departed_max: int = 0
    rooms_max: int = 0


@dataclass(frozen=True, slots=True)
class Arrived(Event):
    """A session came, under its first nick, through a door (`telnet`, `irc`, `web`); its device."""

    via: str
    realname: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Left(Event):
    """A connection is gone; with the last of a session's it is, from rooms of these keys."""

    reason: str
    rooms: tuple[str, ...] = ()
    quit: bool = False  # Its user left, and the reason are their own words.
    whole: bool = False  # The session is ended, with all its connections.


@dataclass(frozen=True, slots=True)
class Renamed(Event):
    """A session took another nick, before those in rooms of these keys."""

    nick: str
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WentAway(Event):
    """A session is away for a reason, or back when the reason is empty."""

    reason: str


@dataclass(frozen=True, slots=True)
class RealNameSet(Event):
    """A session told another real name."""

    realname: str


@dataclass(frozen=True, slots=True)
class UserModesSet(Event):
    """A session's own modes changed; `changes` like `+i-w`."""

    changes: str


@dataclass(frozen=True, slots=True)
class Joined(Event):
    """A session entered a room; `room` is spelt as it is known.

    forgets: the key of an empty room that makes place for this one, if it is still empty
    opened: number of the event that set the key which was shown (0: none fitted; None: unknown)
    claims: whether the room is to be the account's own, if it is founded by this
    """

    room: str
    away: str = ""
    forgets: str = ""
    quiet: bool = False  # Until it has `Appeared`, the others are not told.
    opened: int | None = None
    claims: bool = False


@dataclass(frozen=True, slots=True)
class Appeared(Event):
    """A session that had joined quietly is there for everybody."""

    room: str


@dataclass(frozen=True, slots=True)
class Parted(Event):
    """A session left a room."""

    room: str
    reason: str


@dataclass(frozen=True, slots=True)
class Kicked(Event):
    """A session was kicked out of a room: `to` is its number, `nick` its name then."""

    room: str
    to: int
    nick: str
    reason: str


@dataclass(frozen=True, slots=True)
class Invited(Event):
    """A session was invited to a room: `to` is its number, `nick` its name then."""

    room: str
    to: int
    nick: str


class Change(NamedTuple):
    """One change of a room's modes: `mode` like `+o`, and for members their session number."""

    mode: str
    argument: str = ""
    session: int = 0


@dataclass(frozen=True, slots=True)
class ModesSet(Event):
    """A room's modes, lists or its members' status changed; `verifier` is kept of its key."""

    room: str
    changes: tuple[Change, ...]
    verifier: str = ""


@dataclass(frozen=True, slots=True)
class TopicSet(Event):
    """A room got a topic, or lost it (an empty one)."""

    room: str
    topic: str


@dataclass(frozen=True, slots=True)
class Pinned(Event):
    """A line was pinned in a room, to be found again by whoever asks for its pins."""

    room: str
    text: str


@dataclass(frozen=True, slots=True)
class Said(Event):
    """A line in a room; lines of a text that are `joined` go on the one before. `tags`: IRC's."""

    room: str
    text: str
    form: Form = Form.MESSAGE
    tags: str = ""
    joined: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Told(Event):
    """A line to session `to`, of that `nick` and `account`; 0 if nobody is there to hear it yet."""

    to: int
    nick: str
    text: str
    form: Form = Form.MESSAGE
    tags: str = ""
    joined: tuple[int, ...] = ()
    account: str = ""


@dataclass(frozen=True, slots=True)
class SaidToStatus(Event):
    """A line to those of a room who stand at least as high as `status` (`@` or `+`)."""

    room: str
    status: str
    text: str
    form: Form = Form.MESSAGE
    tags: str = ""


@dataclass(frozen=True, slots=True)
class Tagged(Event):
    """Tags alone, in a room: a reaction, "is typing" (IRCv3 TAGMSG)."""

    room: str
    tags: str


@dataclass(frozen=True, slots=True)
class TaggedTo(Event):
    """Tags alone, to one session."""

    to: int
    nick: str
    tags: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class Redacted(Event):
    """The words of event `number` in a room were taken back, by who said them or an operator."""

    room: str
    number: int
    reason: str
    own: bool


@dataclass(frozen=True, slots=True)
class RedactedTo(Event):
    """The author took back private words to session `to`."""

    to: int
    nick: str
    number: int
    reason: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class Announced(Event):
    """An operator told something to everyone who listens."""

    text: str


@dataclass(frozen=True, slots=True)
class Erased(Event):
    """What stands in a log where redacted words were. Never stored, never shown."""

    room: str


class Entry(NamedTuple):
    """An event that was committed. A tuple: it is made in 0.3 instead of a dataclass's 0.9 µs.

    `number` orders them, from 1; `at` is milliseconds since 1970, never decreasing. `members` is
    its room's size then (0: unknown), `rooms` the keys of all whose logs hold it, if several,
    `changes` what it changed of members' status besides.
    """

    number: int
    at: int
    event: Event
    members: int = 0
    rooms: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
