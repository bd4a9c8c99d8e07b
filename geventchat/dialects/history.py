"""What to read back, as people ask for it in words: `20`, `2h`, `#room`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_SPAN = re.compile(r"([0-9]{1,6})([smhd])", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DEFAULT_LINES = 30


class Wanted(NamedTuple):
    """Up to `limit` lines from `since` on (milliseconds since 1970); no room means this one."""

    limit: int
    since: int
    room: str


def wanted(words: Iterable[str], now: int, most: int) -> Wanted | None:
    """What the words ask for, of which `most` lines are given; None if one is not understood."""
    limit, since, room = min(_DEFAULT_LINES, most), 0, ""
    for word in words:
        span = _SPAN.fullmatch(word)
        if word.startswith("#"):
            room = word
        elif span:
            since = now - 1000 * int(span[1]) * _SECONDS[span[2]]
            limit = most
        elif _COUNT.fullmatch(word) and int(word):
            limit = min(int(word), most)
        else:
            return None
    return Wanted(limit, since, room)
