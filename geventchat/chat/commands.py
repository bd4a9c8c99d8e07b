"""What a session may ask for. Imperative, frozen, free of any wire format."""

from __future__ import annotations

from dataclasses import dataclass

from geventchat.chat.events import Form


@dataclass(frozen=True, slots=True)
class Say:
    """Put a line into a room."""

    room: str
    text: str
    form: Form = Form.MESSAGE


@dataclass(frozen=True, slots=True)
class Tell:
    """Send a line to one person."""

    nick: str
    text: str
    form: Form = Form.MESSAGE


@dataclass(frozen=True, slots=True)
class Join:
    """Enter a room, making it if nobody has."""

    room: str


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
class Quit:
    """Leave the server."""

    reason: str = ""


Command = Say | Tell | Join | Part | SetNick | SetTopic | SetAway | Quit
