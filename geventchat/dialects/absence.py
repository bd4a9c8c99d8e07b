"""What a dialect asks about what somebody missed while a device of theirs was away.

`missed` carries it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from geventchat.chat.events import Entry


@dataclass(frozen=True, slots=True)
class Resume:
    """This connection is to be an account's device. Answer: an `Absence`, or a `StoreError`.

    After an error it may log in all the same; what it missed is told another time.
    """

    account: str
    device: str


@dataclass(frozen=True, slots=True)
class Leave:
    """This connection is no account's device any more, or has not become one. Answer: None."""

    became: bool = True


@dataclass(frozen=True, slots=True)
class CountMissed:
    """How much was missed? Answer: a `Missed`, or a `StoreError`."""


@dataclass(frozen=True, slots=True)
class ReadMissed:
    """Read up to `limit` lines that were missed, in a room (its key) or anywhere.

    Answer: a `Reading`, or a `StoreError`.
    """

    limit: int
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What was read has been put before the client. Answer: None."""

    reading: Reading


@dataclass(frozen=True, slots=True)
class Dismiss:
    """The client reads back by itself what it missed of a target (None: of all). Answer: None."""

    target: str | None


@dataclass(frozen=True, slots=True)
class SetMarker:
    """The account has read a room or talk up to a moment. Answer: None or a `StoreError`."""

    target: str
    at: int


QUESTIONS = (Resume, Leave, CountMissed, ReadMissed, Shown, Dismiss, SetMarker)
Request = Resume | Leave | CountMissed | ReadMissed | Shown | Dismiss | SetMarker


class Absence(NamedTuple):
    """How a device was away.

    rooms  keys of the rooms it was in when it left
    cut    whether it was cut off: it said no goodbye
    read   up to when the account has read: by keys of rooms and nicks, milliseconds since 1970
    """

    rooms: tuple[str, ...]
    cut: bool
    read: dict[str, int]


class Missed(NamedTuple):
    """How many lines were missed: of rooms (their keys), and private ones."""

    rooms: tuple[tuple[str, int], ...] = ()
    private: int = 0

    @property
    def total(self) -> int:
        """Of all together."""
        return self.private + sum(count for _, count in self.rooms)


class Reading(NamedTuple):
    """Lines that were missed, the oldest first, and what is shown with them.

    more   whether there are more
    until  by targets: up to which event all was read, and whether that is the end
    """

    entries: list[Entry]
    more: bool
    until: dict[str, tuple[int, bool]]
