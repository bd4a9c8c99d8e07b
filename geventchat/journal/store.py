"""What the journal needs of a place where events are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from geventchat.chat.events import Entry, Founding, Joined
from geventchat.chat.history import HistoryQuery, HistoryRange, Recollection
from geventchat.chat.rooms import founding_of

# How much of a room's past is looked at; a room that was changed more often keeps nothing.
LIVES_MAX = 200
SECRET_BYTES = 32


class Restored(NamedTuple):
    """What a starting server takes over from earlier runs.

    `number` and `at` are those of the last entry; `rooms` are the names of rooms that
    were spoken in or have a topic, with what they take up again. Rooms that were
    guarded to the end are not among them: nobody is to learn of those.
    """

    number: int
    at: int
    rooms: list[tuple[str, Founding]]


class Corrections(NamedTuple):
    """What is still to be done about earlier entries. To do it twice is to do it once.

    truncate_after  delete all entries with a higher number: an earlier call failed, and how
                    much of it was saved is not known
    void            entries that were refused when applied; they are not read again
    redact          entries whose words are to be erased; they are not read again
    ended           sessions that are gone: what they said in private to others who are gone
                    too, nobody may read any more, so it is not kept
    """

    truncate_after: int | None = None
    void: tuple[int, ...] = ()
    redact: tuple[int, ...] = ()
    ended: tuple[int, ...] = ()


NO_CORRECTIONS = Corrections()


def founding_from(lives: list[Entry], known: bool, topic: list[Entry], end: int) -> Founding:
    """What a room takes up again before event number `end`.

    lives  its latest `LIVES_MAX` foundings and changes of modes, in order
    known  whether all of those could be read
    topic  the latest one, if there is one
    """
    begun = any(isinstance(entry.event, Joined) for entry in lives)
    if not known or (len(lives) == LIVES_MAX and not begun):
        return Founding(reads_from=end)  # It may have been guarded.
    return founding_of(sorted(lives + topic), end)


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

    def recall(self, room: str, end: int, limit: int) -> Recollection:
        """What a room nobody is in takes up again before event number `end`, and its last lines.

        See `chat.rooms`: nothing from behind a key, an invitation or secrecy.
        """

    def history(self, query: HistoryQuery, session: int) -> list[Entry]:
        """The entries a query asks for, oldest first; of private talks, those of `session`."""

    def peers(self, within: HistoryRange, limit: int, session: int) -> list[tuple[str, int]]:
        """The nicks a session talked with in private and when last, the latest first."""

    def event(self, number: int) -> Entry | None:
        """The entry with that number, unless it was voided or redacted."""

    def last_seen(self, nick: str, before: int) -> Entry | None:
        """The last arrival, departure or renaming under that nick, before an event number."""

    def first_since(self, at: int) -> int:
        """The number of the first event at that time or later; one more than all, if none is."""


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

    def secret(self) -> bytes:
        """Bytes that nobody else knows, made once for all runs on this store."""

    def restore(self, rooms_max: int) -> Restored:
        """Read what a starting server must know, of at most `rooms_max` rooms."""

    def append(self, entries: Sequence[Entry], corrections: Corrections = NO_CORRECTIONS) -> None:
        """Make corrections, then save entries, in one transaction."""

    def correct(self, corrections: Corrections) -> None:
        """Make corrections alone. Nothing of a failed call before it can come back after it."""

    def close(self) -> None:
        """Release files and locks. Nothing may be called after it."""
