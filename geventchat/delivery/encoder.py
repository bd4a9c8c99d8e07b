"""What delivery asks of a dialect: lines for events, and bytes for lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from geventchat.chat.events import Entry, Event
from geventchat.chat.rooms import Room
from geventchat.chat.sessions import Session
from geventchat.errors import Refused


class Encoder(Protocol):
    """One wire format, shared by many sessions: one event becomes the same bytes for all of them.

    Encoders are compared by identity, so a dialect hands out one object per
    distinct set of settings. Where an event becomes other bytes for each session
    (its own name in them, the width of its window) each has its own encoder.
    """

    @property
    def shared(self) -> bool:
        """Whether its bytes are worth keeping: others want the same."""

    def encode(self, entry: Entry) -> list[str]:
        """The lines of an entry, without their ends; none when this format does not show it."""

    def heading(self, before: int, at: int) -> list[str]:
        """The lines that stand before an entry, by when it and the one before it happened.

        In milliseconds since 1970; only asked where a minute has ended between the two.
        """

    def echoes(self, event: Event) -> bool:
        """Whether an author sees such an event of its own, where it is the encoder's to say."""

    @property
    def shows_requests(self) -> bool:
        """Whether it shows what programs ask each other (CTCP)."""

    def frame(self, lines: Sequence[str]) -> bytes:
        """Lines as they travel. The only place where text becomes bytes."""


class Screen(Protocol):
    """A terminal's screen of which the server keeps the last row, where somebody types.

    Both are asked for at the moment their bytes are sent, so what they go by (what the
    row showed last) is what the terminal shows, however long nothing could be sent.
    """

    def above(self, lines: bytes) -> bytes:
        """The bytes that show lines above that row, or without any what is new in the row."""

    def close(self) -> bytes:
        """The bytes that give the row up and leave the terminal as it was found."""


class Presenter(Protocol):
    """One session's dialect, as seen by whoever has something for that session."""

    @property
    def screen(self) -> Screen | None:
        """The screen its bytes are put onto; without one they are sent as they are."""

    @property
    def encoder(self) -> Encoder:
        """The encoder for what is for this session alone."""

    def encoder_in(self, room: Room) -> Encoder:
        """The encoder for a room's entries as this session wants to see them now."""

    def present(self, entry: Entry, echo: bool) -> list[str]:
        """The lines of an entry that is for this session alone; `echo` says it is its own.

        It may have done it on another of its devices.
        """

    def attached(self, session: Session, left: Sequence[Room]) -> None:
        """This connection is one more of that session from now on, and out of the rooms `left`.

        It is about to be told of each room the session is in, by the event that did it.
        """

    def gap(self, room: Room | None, lines: int) -> list[str]:
        """Tell that so many lines of a room (or, without one, to this session alone) were skipped.

        With no lines, that other events were.
        """

    def standing(self, room: Room) -> list[str]:
        """How things stand in a room, for who has missed how it came to that."""

    def refused(self, event: Event | None, refusal: Refused) -> None:
        """Tell that a draft of this session came to nothing, or (without one) its arrival."""

    def marked(self, target: str, at: int) -> None:
        """Another device of the account has read a room or a talk up to then (milliseconds)."""

    def settings_changed(self) -> None:
        """The settings were read again; what was copied of them is to be copied anew."""

    def killed(self, reason: str) -> None:
        """Tell that an operator ends this session."""

    def hushed(self, room: Room, on: bool) -> None:
        """Bans have changed, and nobody hears this session in that room any more, or again."""


def crlf(lines: Sequence[str]) -> bytes:
    """Lines as telnet and IRC send them: each ended by CR LF (RFC 854; RFC 1459 section 2.3)."""
    if len(lines) == 1:  # Nearly always.
        return (lines[0] + "\r\n").encode()
    return ("\r\n".join(lines) + "\r\n").encode() if lines else b""
