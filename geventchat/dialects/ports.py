"""What a driver works with: the chat's parts, as far as a conversation needs them.

All that may wait is behind these protocols. In a server it switches greenlets,
in tests it may not have to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from geventchat.chat.events import Entry
from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.chat.owner_token import OwnerToken
from geventchat.chat.proposals import Proposals
from geventchat.chat.search import Findings, Scope, SearchQuery
from geventchat.delivery.audience import Audience
from geventchat.delivery.outbox import Outbox
from geventchat.delivery.subscription import Sink
from geventchat.dialects.absence import Absence
from geventchat.errors import CloseReason, Refused


class JournalPort(Protocol):
    """What a conversation needs of the journal. Both wait."""

    def settle(self, number: int) -> None:
        """Wait until every draft of the session is applied or refused."""

    def catch_up(self) -> None:
        """Wait until every draft proposed so far is applied or refused."""


class HistoryPort(Protocol):
    """What a conversation may read back. Every method waits and may raise `StoreError`."""

    @property
    def end(self) -> int:
        """The number of the next event."""

    def lines(self, room: str, before: int | None, limit: int, after: int = 0) -> list[Entry]:
        """Lines of a room between two event numbers, oldest first."""

    def count(self, room: str, after: int, before: int, most: int) -> int:
        """How many lines were said in a room between two event numbers; `most` at most."""

    def told(self, owner: str, after: int, before: int, limit: int) -> list[Entry]:
        """Private lines of an owner with anybody, the first of a range."""

    def number_at(self, at: int) -> int:
        """The number of the last event up to a moment (milliseconds since 1970)."""

    def last_seen(self, nick: str) -> Entry | None:
        """When a nick was last heard of."""

    def history(self, query: HistoryQuery, owner: str, since: int) -> list[Entry]:
        """A part of history; private talks of that owner, from event number `since` on."""

    def peers(
        self, within: HistoryRange, limit: int, owner: str, since: int
    ) -> list[tuple[str, int]]:
        """With whom that owner talked then, and when last."""

    def event(self, number: int) -> Entry | None:
        """The event of that number."""

    def search(self, query: SearchQuery, scope: Scope) -> Findings:
        """The lines a query asks for, of where somebody may search."""


class PasswordsPort(Protocol):
    """Passwords of accounts, given at addresses. All but `known` wait, and raise `StoreError`."""

    def check(self, account: str, password: str, address: str) -> bool | None:
        """Whether that is the account's password; None if none counts from there for now."""

    def make(self, password: str, address: str, registers: bool = False) -> str | Refused | None:
        """The id of a new credential, or why it may not be; None if too many were made there.

        `registers` says that it is for a new account, of which there is a limit of its own.
        """

    def drop(self, account: str, credential: str) -> None:
        """Forget a credential that was made for an account, unless it names it now."""

    def known(self, account: str, address: str) -> None:
        """Who is at that address has registered that account."""


class MarksPort(Protocol):
    """Up to where devices of accounts have been given everything."""

    def resume(self, outbox: Outbox, account: str, device: str, since: int) -> Absence:
        """Follow a connection as that device of an account made then; how it was away.

        Waits; raises `StoreError`.
        """

    def forget(self, account: str) -> None:
        """An account (its key) is gone. Waits."""

    def end(self, outbox: Outbox, goodbye: bool) -> None:
        """A connection ends, or is nobody's any more."""

    def set_read(self, account: str, target: str, number: int, at: int) -> None:
        """An account has read a target up to that event and moment. Waits as `resume`."""


class Line(Sink, Protocol):
    """The connection a dialect is driven over."""

    def attach(self, outbox: Outbox | None) -> None:
        """Deliver what is in that outbox from now on, or nothing."""

    def wait_drained(self) -> None:
        """Wait until everything that was to be sent to this client alone is on its way."""

    def pause(self, seconds: float) -> None:
        """Wait for so long, but no longer than until the connection ends or is to end."""

    def go_on(self) -> CloseReason | None:
        """Give the others their turn if this client has had a long one; why to stop, if so."""


@dataclass(frozen=True, slots=True)
class Services:
    """What all conversations share.

    reload  reads the settings again, and says what came of it
    guess   counts a password given (address, whether it was right); whether it counts as right
    record  logs (what, whether it failed) for the server's operator; MUST NOT wait
    """

    proposals: Proposals
    audience: Audience
    journal: JournalPort
    history: HistoryPort
    reload: Callable[[], str]
    record: Callable[[str, bool], None]
    guess: Callable[[str, bool], bool | None]
    passwords: PasswordsPort
    marks: MarksPort
    owner_token: OwnerToken = field(default_factory=OwnerToken)
