"""What a session may ask for. Imperative, frozen, free of any encoder format."""

from __future__ import annotations

from dataclasses import dataclass

from geventchat.chat.events import Change, Form


@dataclass(frozen=True, slots=True)
class Say:
    """Put a line into a room."""

    room: str
    text: str
    form: Form = Form.MESSAGE
    tags: str = ""
    joined: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SayToStatus:
    """Put a line before those of a room who stand at least as high as `status`."""

    room: str
    status: str
    text: str
    form: Form = Form.MESSAGE
    tags: str = ""


@dataclass(frozen=True, slots=True)
class Tell:
    """Send a line to one person."""

    nick: str
    text: str
    form: Form = Form.MESSAGE
    tags: str = ""
    joined: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Tag:
    """Put a sign without words into a room."""

    room: str
    tags: str


@dataclass(frozen=True, slots=True)
class TagTo:
    """Send a sign without words to one person."""

    nick: str
    tags: str


@dataclass(frozen=True, slots=True)
class Redact:
    """Take back the words of event `number` in a room; `own` says that they are one's own."""

    room: str
    number: int
    reason: str
    own: bool


@dataclass(frozen=True, slots=True)
class RedactTo:
    """Take back one's own words to a person, event `number`."""

    nick: str
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Join:
    """Enter a room, making it if nobody has."""

    room: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Leave a room."""

    room: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SetNick:
    """Take a name."""

    nick: str


@dataclass(frozen=True, slots=True)
class SetTopic:
    """Give a room its topic; an empty one removes it."""

    room: str
    topic: str


@dataclass(frozen=True, slots=True)
class SetAway:
    """Be away for a reason, or (with an empty one) be back."""

    reason: str


@dataclass(frozen=True, slots=True)
class SetRealName:
    """Tell another real name."""

    realname: str


@dataclass(frozen=True, slots=True)
class SetUserModes:
    """Change one's own modes, like `+i-w`."""

    changes: str


@dataclass(frozen=True, slots=True)
class Kick:
    """Put somebody out of a room."""

    room: str
    nick: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Invite:
    """Ask somebody into a room."""

    nick: str
    room: str


@dataclass(frozen=True, slots=True)
class SetModes:
    """Change a room's modes, lists or the status of its members."""

    room: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Announce:
    """Tell something to everyone who listens to operators."""

    text: str


@dataclass(frozen=True, slots=True)
class Quit:
    """Leave the server."""

    reason: str = ""


Command = (
    Say
    | SayToStatus
    | Tell
    | Tag
    | TagTo
    | Redact
    | RedactTo
    | Join
    | Part
    | SetNick
    | SetTopic
    | SetAway
    | SetRealName
    | SetUserModes
    | Kick
    | Invite
    | SetModes
    | Announce
    | Quit
)
