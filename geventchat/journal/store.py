"""What a journal needs of the place where events are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from geventchat.chat.events import Entry
from geventchat.chat.history import HistoryQuery, HistoryRange


class Restored(NamedTuple):
    """What still holds of earlier runs.

    `number` and `at` are the last ones given; `topics` the latest `TopicSet` of
    each room; `rooms` the names of rooms in which something was said.
    """

    number: int
    at: int
    topics: list[Entry]
    rooms: list[str]


class Store(Protocol):
    """Keeps entries. Every method may block; `in_thread` says whether it does.

    `name` tells an operator where: the file's path, or that there is none.
    Rooms are given by their keys (folded names). Errors are `StoreError`, whose
    text is fit for users; after one, nothing of the failed call is kept.
    """

    name: str
    in_thread: bool

    def restore(self, rooms_max: int) -> Restored:
        """Read what a starting server must know."""

    def append(self, entries: Sequence[Entry], truncate_after: int | None = None) -> None:
        """Save entries in one transaction.

        With `truncate_after`, first drop whatever stands beyond that
        number: an earlier call failed and nobody knows how much of it got there.
        """

    def void(self, numbers: Sequence[int]) -> None:
        """Take back entries that were refused when they were applied."""

    def lines(self, room: str, before: int, limit: int) -> list[Entry]:
        """The latest lines said in a room with a number below `before`, oldest first."""

    def redact(self, numbers: Sequence[int]) -> None:
        """Forget the words of these entries; they are read no more."""

    def history(self, query: HistoryQuery, session: int) -> list[Entry]:
        """A part of history, oldest first; private talks are those of that session."""

    def peers(self, within: HistoryRange, limit: int, session: int) -> list[tuple[str, int]]:
        """With whom a session talked then, and when last; the latest first."""

    def event(self, number: int) -> Entry | None:
        """The entry of that number, unless it was taken back."""

    def last_seen(self, nick: str) -> Entry | None:
        """The latest arrival, departure or renaming under that nick."""

    def close(self) -> None:
        """Leave the place tidy."""
