"""What a full text index must do, whatever database keeps it.

An index holds, for each line, a set of terms: its words as `chat.terms` has them, and where and
by whom it was said. So that all databases find the same, they are given terms, not text: their
own ideas of words (least lengths, stop words, scripts without spaces, accents) have no say.

An index is made from `events` alone, behind the commits. It may lack the newest lines and, after
an upgrade, the oldest; its *bounds* say which. It may hold what is there no more: whoever asks it
looks at the lines themselves. If it is lost or damaged, it is made anew.

MUST: add lines and move the bounds in one transaction, so that a kill at any moment loses both.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from geventchat.errors import StoreError

# What an index of another version holds is made anew.
VERSION = 1


class Damaged(StoreError):
    """The index makes no sense; it has to be made anew."""


class Bounds(NamedTuple):
    """All lines with a number above `low`, up to `high`, are in the index."""

    low: int
    high: int


class Wanted(NamedTuple):
    """What lines must have: `every` of these terms, and one of those in `places`, if there are."""

    every: Sequence[str]
    places: Sequence[str]


Line = tuple[int, list[str]]


class FullText(ABC):
    """The index of one database.

    `find` is called in one thread; all else in another, `open` first. Methods raise `StoreError`.
    """

    bounds = Bounds(0, 0)
    # How many numbers are asked for at first, and at most. Words that are said often are found
    # in the first window; of those that are not, there are few in the widest.
    window, window_max = 1 << 16, 1 << 22

    @abstractmethod
    def open(self) -> Bounds | None:
        """The bounds of what is there; None if that is nothing, or of another version."""

    @abstractmethod
    def make(self, at: int) -> None:
        """Make it anew and empty, its bounds at an event number."""

    @abstractmethod
    def add(self, lines: Sequence[Line], gone: Sequence[int], bounds: Bounds) -> None:
        """Add lines, remove those that are gone, and move the bounds."""

    @abstractmethod
    def numbers(self, after: int, last: int) -> Iterable[int]:
        """Which lines it holds above a number, up to another."""

    @abstractmethod
    def find(self, wanted: Wanted, after: int, before: int, limit: int) -> list[int]:
        """The latest lines between two numbers that have the terms, the latest first."""

    @abstractmethod
    def close(self) -> None:
        """Close its connections."""


def word_term(word: str) -> str:
    """The term for a word."""
    return f"w{word}"


# Of rooms and people there are few, and nearly every line has been said by one before.
@lru_cache(maxsize=4096)
def place_term(kind: str, key: str) -> str:
    """The term for a room (`r`), an author (`a`) or the owner of private talk (`o`).

    Its key may have any characters, so a digest stands for it.
    """
    return kind + hashlib.blake2b(key.encode(errors="replace"), digest_size=6).hexdigest()


def all_of(wanted: Wanted, both: str, either: str, term: str) -> str:
    """What is wanted, written with a database's words for both and either, and for a term."""
    parts = [term.format(one) for one in wanted.every]
    if wanted.places:
        parts.append(f"({either.join(term.format(one) for one in wanted.places)})")
    return both.join(parts)
