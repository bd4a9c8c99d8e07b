"""What a dialect may ask of its driver, and what it offers.

A dialect is a conversation written as generators: where it needs what only the
outside can do, it yields a request and is sent the answer. `driver` carries the
requests out.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any, Protocol

from geventchat.chat.events import Identity, Joined
from geventchat.chat.sessions import Session
from geventchat.delivery.encoder import Presenter
from geventchat.dialects import absence
from geventchat.dialects.questions import Question
from geventchat.errors import CloseReason


@dataclass(frozen=True, slots=True)
class Settle:
    """Wait until every draft of this session is applied or refused. Answer: None.

    The driver does this by itself before it reads again; a dialect asks for it
    where what it says next depends on the outcome.
    """


@dataclass(frozen=True, slots=True)
class Barrier:
    """Wait until every draft made so far, by anyone, is applied or refused. Answer: None."""


# How many rows of a long answer are made between two pauses: about a millisecond's worth.
ROWS_A_SLICE = 200


@dataclass(frozen=True, slots=True)
class Pause:
    """Let out what is queued, and give the others their turn. Answer: None.

    For answers of many lines: they are made as they are read, and nobody waits
    for all of one. What they go through may have changed meanwhile, so they go
    through a copy.
    """


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Give this connection an outbox, so that it can be written to. Answer: the `Outbox`.

    Nobody sees it yet; `Arrive` comes next.
    """


@dataclass(frozen=True, slots=True)
class Arrive:
    """Bring the session into the chat, under its nick or (without one) a guest's.

    Who has shown whose account it is has that in `who`, and may name the device.

    Answer: the `Session`, or None when it was refused, which it has been told.
    """

    who: Identity
    via: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class Attach:
    """Be one more connection of a session whose user this is, on the device of that name.

    What the connection had of its own ends. Answer: whether it is that session's now; if
    not, why was told. See `devices.attach`.
    """

    session: Session
    device: str


@dataclass(frozen=True, slots=True)
class Enter:
    """Join a room: `draft` is a checked `Joined`. Answer: whether the session is in it.

    The driver has the room's last lines at hand first, so that the welcome can
    be written in its place among the room's lines, without waiting.
    """

    draft: Joined


@dataclass(frozen=True, slots=True)
class Kill:
    """Have another session leave, for that reason, and its connection end. Answer: None."""

    session: Session
    reason: str


@dataclass(frozen=True, slots=True)
class Guess:
    """Somebody at that address gave a password, and whether it was right.

    Answer: whether it counts as right; None from where too many were wrong, and none does.
    """

    address: str
    right: bool


@dataclass(frozen=True, slots=True)
class TakeToken:
    """Is that the owner's token? Then it is used up. Answer: whether it is.

    `PutTokenBack` must follow if it was and comes to nothing.
    """

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PutTokenBack:
    """Have the token that was taken be right once more. Answer: None."""


@dataclass(frozen=True, slots=True)
class AskLine:
    """Have the person's next line for this alone, not said to anybody. Answer: the line.

    It is empty if they give up. `question` is what they read; `label` stands before what is
    typed where that is ours to show, and a `hidden` one is shown by nobody who can help it.
    A dialect of people answers its own commands; no driver is asked this.
    """

    question: str
    label: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class CheckPassword:
    """Is that the password of that account? Somebody at that address gave it.

    An account that is not there, or is disabled, is told as a wrong password is, and not
    sooner. Answer: True; False; None from where too many were wrong, and none counts for
    now; or a `StoreError`, after which to try again: nothing was counted.
    """

    account: str
    password: str = field(repr=False)
    address: str


@dataclass(frozen=True, slots=True)
class MakeCredential:
    """Keep the hash of a new password, for an event that names it, proposed at once.

    `registers` says that it is for a new account, of which there is a limit of its own.

    Answer: the credential's id; a `Refused` for a password that may not be; None for an
    address from which there were too many; or a `StoreError`.
    """

    password: str = field(repr=False)
    address: str
    registers: bool = False


@dataclass(frozen=True, slots=True)
class DropCredential:
    """Forget a hash that was made for an account, unless the account names it now.

    One that is forgotten here, by a client that has gone, is dropped after an hour.
    Answer: None, or a `StoreError`.
    """

    account: str
    credential: str


@dataclass(frozen=True, slots=True)
class EraseShown:
    """Show nobody any more what an account (its key) has said in rooms. Answer: None.

    What stands in the store is erased by the event. What was noted of its devices goes too.
    """

    account: str


@dataclass(frozen=True, slots=True)
class KnowOwner:
    """Remember an address as the account's owner's, who has just registered it there: one more.

    Strangers who guess its password cannot keep them out from there. Answer: None.
    """

    account: str
    address: str


@dataclass(frozen=True, slots=True)
class Record:
    """Have the server's log hold what its operator must be able to find: who, from where.

    `failed` says that somebody tried and could not; there may be many of those.
    Answer: None.
    """

    what: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Reload:
    """Read the settings again. Answer: what changed, or why not, in a line."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """Send what is queued, then close. No answer: the dialect is not called again."""

    reason: CloseReason
    message: str = ""


Proof = (
    Guess | TakeToken | PutTokenBack | CheckPassword | MakeCredential | DropCredential | KnowOwner
)
Request = (
    Settle
    | Barrier
    | Pause
    | OpenSession
    | Arrive
    | Attach
    | Enter
    | Question
    | Kill
    | EraseShown
    | Proof
    | AskLine
    | Record
    | Reload
    | absence.Request
    | HangUp
)
# Each request names its answer; a generator has only one type for all of them.
Steps = Generator[Request, Any, None]


class Dialect(Presenter, Protocol):
    """One connection's dialect: bytes in; what goes out is asked of it as a `Presenter`.

    `session` is None until it has arrived.
    """

    @property
    def session(self) -> Session | None:
        """The session, once it has arrived."""

    @property
    def door(self) -> tuple[str, str]:
        """How the connection came: its door (`telnet`, `irc`, `web`) and its address."""

    def opened(self) -> Steps:
        """The connection is there; greet."""

    def received(self, data: bytes) -> Steps:
        """Bytes came in."""

    def ended(self) -> Steps:
        """No more bytes will come, though the client may still read."""

    def slowed(self) -> None:
        """Tell that so much was sent at once that the rest is looked at later."""

    def farewell(self, reason: CloseReason) -> list[str]:
        """Last words before the server closes the connection."""
