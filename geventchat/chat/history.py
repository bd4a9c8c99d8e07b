"""What somebody wants to read of the past."""

from __future__ import annotations

from typing import NamedTuple


class HistoryRange(NamedTuple):
    """A stretch of history, its ends excluded: by event number and by milliseconds since 1970."""

    after: int = 0
    before: int = 1 << 62
    after_at: int = -1
    before_at: int = 1 << 62


class HistoryQuery(NamedTuple):
    """Up to `limit` entries of a room or a private talk, the first or the latest of a reach.

    `room` is a room's key; without one, `peer` is the key of the nick that was
    talked with. `include_events` (topics, signs, joins) are wanted beside lines.
    """

    reach: HistoryRange
    limit: int
    latest: bool
    room: str = ""
    peer: str = ""
    include_events: bool = False
