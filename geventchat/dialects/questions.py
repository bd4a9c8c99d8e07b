"""What a dialect may ask of its driver about the past; it gets only what its session may read."""

from __future__ import annotations

from dataclasses import dataclass

from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.chat.search import SearchQuery


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
    """Read a part of the history. Answer: a list of `Entry`, oldest first, or a `StoreError`."""

    query: HistoryQuery


@dataclass(frozen=True, slots=True)
class ReadPeers:
    """Whom did this session talk with then? Answer: [(nick, at)], or a `StoreError`."""

    within: HistoryRange
    limit: int


@dataclass(frozen=True, slots=True)
class ReadEvent:
    """Read the event of that number. Answer: an `Entry`, None, or a `StoreError`."""

    number: int


@dataclass(frozen=True, slots=True)
class Search:
    """Search what this session may read: its rooms, and its private talk.

    Answer: `Findings`, or a `StoreError`.
    """

    query: SearchQuery


Question = ReadLines | ReadSeen | ReadHistory | ReadPeers | ReadEvent | Search
