"""Times of day and days, as they are somewhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache

_MINUTE_MS = 60_000


def local(at: int, zone: tzinfo | None) -> datetime:
    """Milliseconds since 1970 as a time of day somewhere; without a zone, where the server is."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(zone)


def day(at: int, zone: tzinfo | None) -> date:
    """Which day it is somewhere."""
    return _day(at // _MINUTE_MS, zone)


# Rooms in which little is said ask once a line, but all of them for the same few minutes.
@lru_cache(maxsize=1024)
def _day(minute: int, zone: tzinfo | None) -> date:
    return local(minute * _MINUTE_MS, zone).date()


def day_told(which: date) -> str:
    """A day in words: `Saturday, 21 November 2026`."""
    return f"{which:%A}, {which.day} {which:%B %Y}"
