"""What the journal needs of a place where events are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from geventchat.chat.events import Entry, Founding
from geventchat.chat.history import HistoryQuery, HistoryRange, Recollection


class Restored(NamedTuple):
    """What a starting server takes over from earlier runs.

    `number` and `at` are those of the last entry; `rooms` are the names of rooms that
    were spoken in or have a topic, with what they take up again. Rooms that were
    guarded to the end are not among them: nobody is to learn of those.
    """

    number: int
    at: int
    rooms: list[tuple[str, Founding]]


class Store(Protocol):
    """Keeps entries.

    `name` tells an operator where: the file's path, or "none (memory only)".
    `in_thread` says that the methods block, and so must be called in a native thread.
    Rooms are given by their keys (folded names). Methods raise `StoreError` with a
    text for users; how much of the failed call was saved is then not known.
    """

    name: str
    in_thread: bool

    def restore(self, rooms_max: int) -> Restored:
        """Read what a starting server must know, of at most `rooms_max` rooms."""

    def append(self, entries: Sequence[Entry], truncate_after: int | None = None) -> None:
        """Save entries in one transaction.

        With `truncate_after`, first delete all entries with a higher number: an
        earlier call failed, and how much of it was saved is not known.
        """

    def void(self, numbers: Sequence[int]) -> None:
        """Mark entries that were refused when applied; they are not read again."""

    def lines(self, room: str, before: int, limit: int, after: int = 0) -> list[Entry]:
        """The latest `limit` lines of a room with numbers between those two, oldest first."""

    def recall(self, room: str, end: int, limit: int) -> Recollection:
        """What a room nobody is in takes up again before event number `end`, and its last lines.

        See `chat.rooms`: nothing from behind a key, an invitation or secrecy.
        """

    def redact(self, numbers: Sequence[int]) -> None:
        """Erase the words of these entries; the entries are not read again."""

    def history(self, query: HistoryQuery, session: int) -> list[Entry]:
        """The entries a query asks for, oldest first; of private talks, those of `session`."""

    def peers(self, within: HistoryRange, limit: int, session: int) -> list[tuple[str, int]]:
        """The nicks a session talked with in private and when last, the latest first."""

    def event(self, number: int) -> Entry | None:
        """The entry with that number, unless it was voided or redacted."""

    def last_seen(self, nick: str, before: int) -> Entry | None:
        """The last arrival, departure or renaming under that nick, before an event number."""

    def close(self) -> None:
        """Release files and locks. Nothing may be called after it."""
