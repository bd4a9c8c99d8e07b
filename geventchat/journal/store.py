"""What the journal needs of a place where events are kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol

from geventchat.chat.events import Entry
from geventchat.chat.events_accounts import Deleted
from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.chat.names import fold
from geventchat.chat.search import Findings, Scope, SearchQuery

SECRET_BYTES = 32
# Should the latest be damaged, the one before it is a longer replay.
SNAPSHOTS_KEPT = 2


class Restored(NamedTuple):
    """Where a starting server goes on: the number and the time of the last entry."""

    number: int
    at: int


class Author(NamedTuple):
    """Whose words are to be erased: an account's key, and the events that made and ended it."""

    account: str
    since: int
    until: int


class Corrections(NamedTuple):
    """What is still to be done about earlier entries. To do it twice is to do it once.

    truncate_after  delete all entries with a higher number: an earlier call failed, and how
                    much of it was saved is not known
    void            entries that were refused when applied; they are not read again
    redact          entries whose words are to be erased; they are not read again
    ended           sessions that are gone: what they said in private to others who are gone
                    too, nobody may read any more, so it is not kept
    authors         accounts whose words are to be erased; done in pieces, with this call and
                    those after it, over restarts too
    """

    truncate_after: int | None = None
    void: tuple[int, ...] = ()
    redact: tuple[int, ...] = ()
    ended: tuple[int, ...] = ()
    authors: tuple[Author, ...] = ()


class Snapshot(NamedTuple):
    """The chat's state as it was after event `number`, written down."""

    number: int
    body: bytes


class Mark(NamedTuple):
    """What was shown to an account's device of a room or talk: all up to event `number`.

    account  the account's key
    device   the device's label
    target   the room's key, or the key of the nick that was talked with
    at       when, in milliseconds since 1970
    """

    account: str
    device: str
    target: str
    number: int
    at: int


class Order(NamedTuple):
    """What another program wants of the server that has the database open."""

    number: int
    name: str
    body: str


NO_CORRECTIONS = Corrections()


def with_authors(corrections: Corrections, entries: Sequence[Entry]) -> Corrections:
    """Corrections, with what these entries bring: whoever is deleted may want their words erased.

    So it is saved with the event, and a process that dies then has lost nothing of it.
    """
    authors = tuple(
        Author(fold(entry.event.account), entry.event.since, entry.number)
        for entry in entries
        if isinstance(entry.event, Deleted) and entry.event.words
    )
    if not authors:
        return corrections
    return corrections._replace(authors=(*corrections.authors, *authors))


class Reader(Protocol):
    """Reads entries back.

    `in_thread` says that the methods block, and so must be called in a native thread.
    Rooms are given by their keys (folded names). Ranges are event numbers: those of moments
    come from `first_since`. Methods raise `StoreError` with a text for users. What cannot be
    made out is left out; its numbers are gathered in `unreadable`.
    """

    in_thread: bool
    unreadable: set[int]

    def lines(self, room: str, before: int, limit: int, after: int = 0) -> list[Entry]:
        """The latest lines of a room between two numbers, oldest first; `limit` at most."""

    def history(self, query: HistoryQuery, owner: str) -> list[Entry]:
        """The entries a query asks for, oldest first; of private talks, those of `owner`.

        An owner is what `chat.history.end_of` calls one end of a talk.
        """

    def peers(self, within: HistoryRange, limit: int, owner: str) -> list[tuple[str, int]]:
        """The nicks an owner talked with in private and when last, the latest first."""

    def count(self, room: str, after: int, before: int, most: int) -> int:
        """How many lines were said in a room between two numbers; `most` at most."""

    def told(self, owner: str, after: int, before: int, limit: int) -> list[Entry]:
        """An owner's private lines with anybody between two numbers: the first, oldest first."""

    def event(self, number: int) -> Entry | None:
        """The entry with that number, unless it was voided or redacted."""

    def last_seen(self, nick: str, before: int) -> Entry | None:
        """The last arrival, departure or renaming under that nick, before an event number."""

    def first_since(self, at: int) -> int:
        """The number of the first event at that time or later; one more than all, if none is."""


class Searcher(Protocol):
    """Finds lines in a store.

    `in_thread` says that the methods block, and so must be called in a native thread. Ranges
    are event numbers. Methods raise `StoreError` with a text for users.
    """

    in_thread: bool

    def search(self, query: SearchQuery, scope: Scope) -> Findings:
        """Look through a part of the range, the latest first: one step, of bounded cost.

        `reached` is where the next step goes on; 0 at the end. If as many were found as were
        wanted, it is the number of the last of them.
        """

    def index(self, shown: int) -> int:
        """Index some more of the entries up to that number; how many are left.

        Called in another thread than `search`, at the same time.
        """


class Store(Protocol):
    """Keeps entries.

    `name` tells an operator where: the file's path, or "none (memory only)".
    `in_thread` says that the methods block, and so must be called in a native thread;
    `reader` reads what is kept, at the same time and from another thread.
    Methods raise `StoreError` with a text for users; how much of the failed call was saved
    is then not known. `JournalTaken` says that no later call will succeed.
    """

    name: str
    in_thread: bool

    @property
    def reader(self) -> Reader:
        """What reads the entries back."""

    @property
    def searcher(self) -> Searcher:
        """What finds lines by their words."""

    def secret(self) -> bytes:
        """Bytes that nobody else knows, made once for all runs on this store."""

    def restore(self) -> Restored:
        """Where to go on; all 0 where nothing is kept."""

    def append(self, entries: Sequence[Entry], corrections: Corrections = NO_CORRECTIONS) -> None:
        """Make corrections, then save entries, in one transaction."""

    def correct(self, corrections: Corrections) -> None:
        """Make corrections alone. Nothing of a failed call before it can come back after it."""

    def changes(self, after: int, limit: int) -> list[Entry]:
        """Entries after a number whose kind changes the state, in order; `limit` at most.

        What cannot be made out is left out, so fewer may come although there are more:
        the end is where none come.
        """

    def snapshots(self) -> list[Snapshot]:
        """The snapshots that are intact, the latest first."""

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Keep a snapshot, and the one before it; earlier ones go."""

    def put_credential(self, credential: str, hashed: str) -> None:
        """Keep the hash of a password under an id, in place of what is there."""

    def credential(self, credential: str) -> str | None:
        """The hash that is kept under an id."""

    def drop_credentials(self, credentials: Collection[str]) -> None:
        """Forget some hashes."""

    def credential_ids(self, before_ms: int) -> list[str]:
        """The ids that were put before a moment (milliseconds since 1970)."""

    def save_marks(self, marks: Collection[Mark]) -> None:
        """Keep marks, each in place of the one of the same account, device and target."""

    def marks(self, account: str) -> list[Mark]:
        """All marks of an account."""

    def drop_marks(self, account: str, device: str | None = None) -> None:
        """Forget an account's marks: those of one device, or all."""

    def orders(self, limit: int) -> list[Order]:
        """The first orders of other programs that have no answer yet."""

    def answer_order(self, number: int, answer: str) -> None:
        """Tell what became of an order."""

    def forget_lines(
        self, before_at: int, room: str | None, limit: int, but: Collection[str] = ()
    ) -> int:
        """Forget the oldest words from before a moment, of a room or of all; how many.

        Of all `but` those of some rooms, private ones too. At most `limit` entries; fewer
        when there are no more. What changes the state stays.
        """

    def erasing(self) -> list[Author]:
        """Whose words are still to be erased, and behind which event: those of earlier runs too."""

    def erase_more(self) -> bool:
        """Go on with what was to be erased, for some milliseconds; whether there may be more."""

    def close(self) -> None:
        """Release files and locks. Nothing may be called after it."""
