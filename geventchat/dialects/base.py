"""What every chat dialect offers its host, and what it may ask of it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Protocol

from geventchat.chat.events import Entry, Event
from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.chat.presence import Membership, Session
from geventchat.errors import CloseReason, Refused


@dataclass(frozen=True, slots=True)
class Settle:
    """Wait until every draft of this session is applied or refused. Answer: None."""


@dataclass(frozen=True, slots=True)
class Barrier:
    """Wait until every draft made so far, by anyone, is applied or refused. Answer: None."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Give this connection a session, so that it can be written to. Answer: the session.

    It is not in the chat yet, and nobody sees it; `Arrive` comes next.
    """

    via: str
    user: str


@dataclass(frozen=True, slots=True)
class Arrive:
    """Bring the session into the chat, under its nick or a guest's. Answer: whether it is in."""


@dataclass(frozen=True, slots=True)
class Warm:
    """Make sure that a room's last lines are at hand before somebody joins it. Answer: None."""

    room: str


@dataclass(frozen=True, slots=True)
class ReadLines:
    """Read up to `limit` lines said in a room (its key) before event number `before`.

    Answer: a list of `Entry`, oldest first, or a `StoreError`.
    """

    room: str
    before: int | None
    limit: int


@dataclass(frozen=True, slots=True)
class ReadSeen:
    """When was that nick last heard of? Answer: an `Entry`, None, or a `StoreError`."""

    nick: str


@dataclass(frozen=True, slots=True)
class ReadHistory:
    """Read a stretch of history. Answer: a list of `Entry`, oldest first, or a `StoreError`."""

    wanted: HistoryQuery


@dataclass(frozen=True, slots=True)
class ReadPeers:
    """Whom did this session talk with in a reach? Answer: [(nick, at)], or a `StoreError`."""

    reach: HistoryRange
    limit: int


@dataclass(frozen=True, slots=True)
class ReadEvent:
    """Read the event of that number. Answer: an `Entry`, None, or a `StoreError`."""

    number: int


@dataclass(frozen=True, slots=True)
class Kill:
    """Have another session leave, for that reason, and its connection end. Answer: None."""

    session: Session
    reason: str


@dataclass(frozen=True, slots=True)
class Reload:
    """Read the settings again. Answer: what changed, or why not, in a line."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """Send what is queued, then close. No answer: the dialect is not called again."""

    reason: CloseReason
    message: str = ""


Request = (
    Settle
    | Barrier
    | OpenSession
    | Arrive
    | Warm
    | ReadLines
    | ReadSeen
    | ReadHistory
    | ReadPeers
    | ReadEvent
    | Kill
    | Reload
    | HangUp
)
Steps = Generator[Request, Any, None]


class Encoder(Protocol):
    """An encoder that many sessions share: one event becomes the same bytes for all of them.

    Wires are compared by identity, so a dialect hands out one object per
    distinct set of settings.
    """

    def encode(self, entry: Entry) -> bytes:
        """The bytes of an entry, empty when this encoder does not show it."""

    def returns(self, entry: Entry) -> bool:
        """Whether a line is sent to its own author too."""


class Dialect(Protocol):
    """One connection's dialect. `session` is None until it has arrived."""

    session: Session | None

    def opened(self) -> Steps:
        """The connection is there; greet."""

    def received(self, data: bytes) -> Steps:
        """Bytes came in."""

    def encoder_in(self, membership: Membership) -> Encoder:
        """The encoder for a room's lines as this session wants to see them now."""

    def direct(self, entry: Entry) -> bytes:
        """Encode an entry that is for this session alone."""

    def wants(self, membership: Membership, entry: Entry) -> bool:
        """Whether this session is to see an entry of a room's log (ignoring, seen already)."""

    def returns(self, encoder: Encoder, entry: Entry) -> bool:
        """Whether its author is to see an entry of a room's log on this encoder."""

    @property
    def filters(self) -> bool:
        """Whether `wants` can say no to anything but entries that stand in several logs."""

    def gap(self, membership: Membership, lines: int) -> bytes:
        """Tell that this many lines were skipped."""

    def refused(self, event: Event | None, refusal: Refused) -> bytes:
        """Tell that a draft of this session came to nothing, or (without one) its arrival."""

    def killed(self, reason: str) -> bytes:
        """Tell that an operator ends this session."""

    def farewell(self, reason: CloseReason) -> bytes:
        """Last words before the server closes the connection."""
