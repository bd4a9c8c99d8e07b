"""What has happened to accounts, and to what belongs to them; the rest stands in `events`."""

from __future__ import annotations

from dataclasses import dataclass

from geventchat.chat.events import Event


@dataclass(frozen=True, slots=True)
class Registered(Event):
    """An account was made; a session that made it is logged in. `credential` is a hash's id."""

    account: str
    credential: str


@dataclass(frozen=True, slots=True)
class LoggedIn(Event):
    """A session is an account's now, on the device of that name."""

    account: str
    device: str


@dataclass(frozen=True, slots=True)
class LoggedOut(Event):
    """A session is nobody's account any more. It has given up the account's name before."""


@dataclass(frozen=True, slots=True)
class PasswordSet(Event):
    """An account has another password: the hash with that id."""

    account: str
    credential: str


# What `AccountSet` sets.
FLAGS = ("disabled", "oper")


@dataclass(frozen=True, slots=True)
class AccountSet(Event):
    """Something that holds or does not (one of `FLAGS`) was decided for an account."""

    account: str
    flag: str
    on: bool


@dataclass(frozen=True, slots=True)
class MetadataSet(Event):
    """A room or a user tells something of itself under a name, or (an empty value) no more.

    `to` is the number of the user's session, `nick` its name then; 0 for a room.
    """

    room: str
    to: int
    name: str
    value: str
    nick: str = ""


@dataclass(frozen=True, slots=True)
class Deleted(Event):
    """An account is gone: its name is free, and so are its rooms; perhaps its `words` too.

    since  number of the event that registered it: who bore the name before is another
    """

    account: str
    words: bool = False
    since: int = 0


@dataclass(frozen=True, slots=True)
class Granted(Event):
    """An account has a rank in a room for good: `owner`, `o`, `v`, or none.

    The room has one owner; who was it before is an operator then.
    """

    room: str
    account: str
    rank: str


@dataclass(frozen=True, slots=True)
class Dropped(Event):
    """A room is nobody's any more: it ends with its last member, as guests' rooms do."""

    room: str


@dataclass(frozen=True, slots=True)
class Attached(Event):
    """A connection is one more device of session `to`; one it had of its own ends by it.

    It came through the door `via`; `device` is what it is called. `by` is the user it joins,
    with the number and the address of the connection.
    """

    to: int
    via: str
    device: str
