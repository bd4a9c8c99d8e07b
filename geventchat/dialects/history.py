"""What to read back, as people ask for it in words: `20`, `2h`, `since 14:00`, `#room`, `@nick`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

_SPAN = re.compile(r"([0-9]{1,6})([smhdw])", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T_]([0-9]{1,2}:[0-9]{2}))?", re.ASCII)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})", re.ASCII)
_DAYS_AGO = {"today": 0, "yesterday": 1}
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_DEFAULT_LINES = 30
_EVER = 1 << 62

FORMS = "20, 2h, since 14:00, yesterday or 2026-11-20"


class Wanted(NamedTuple):
    """Up to `limit` lines between two moments (milliseconds since 1970; the second excluded).

    They are of a room, or of a talk with a nick; of neither means: where one is. `trouble`
    says what was not understood, if something was not.
    """

    limit: int
    since: int = 0
    until: int = _EVER
    room: str = ""
    nick: str = ""
    trouble: str = ""


class _Words:
    """What was made of the words so far."""

    def __init__(self, now: int, most: int, zone: tzinfo | None) -> None:
        self._now = now
        self._most = most
        self._zone = zone
        self.wanted = Wanted(min(_DEFAULT_LINES, most))
        self.counted = False  # Whether a number of lines was named.
        self.begins = False  # Whether what comes is a beginning, not a whole day.
        self.day: date | None = None

    def take(self, word: str) -> bool:
        """Take a word; whether it was understood."""
        small = word.lower()
        if small in ("since", "from"):
            self.begins = True
        elif word[:1] == "#":
            self.wanted = self.wanted._replace(room=word, nick="")
        elif word[:1] == "@" and word != "@":
            self.wanted = self.wanted._replace(nick=word[1:], room="")
        elif span := _SPAN.fullmatch(small):
            self._begin(self._now - 1000 * int(span[1]) * _SECONDS[span[2]])
        elif small in _DAYS_AGO:
            today = datetime.fromtimestamp(self._now / 1000, UTC).astimezone(self._zone).date()
            self._take_day(today - timedelta(_DAYS_AGO[small]))
        elif found := _DATE.fullmatch(word.upper()):
            self._take_day(date(int(found[1]), int(found[2]), int(found[3])))
            return found[4] is None or self.take(found[4])
        elif clock := _TIME.fullmatch(word):
            self._take_time(int(clock[1]), int(clock[2]))
        elif _COUNT.fullmatch(word) and int(word):
            self.counted = True
            self.wanted = self.wanted._replace(limit=min(int(word), self._most))
        else:
            return False
        return True

    def _begin(self, since: int, until: int = _EVER) -> None:
        limit = self.wanted.limit if self.counted else self._most
        self.wanted = self.wanted._replace(limit=limit, since=max(0, since), until=until)

    def _take_day(self, day: date) -> None:
        self.day = day
        end = _EVER if self.begins else self._moment(day + timedelta(1), 0, 0)
        self._begin(self._moment(day, 0, 0), end)

    def _take_time(self, hour: int, minute: int) -> None:
        """A time of the day that was named; else the last time it was so late."""
        if self.day is not None:
            self._begin(self._moment(self.day, hour, minute))
            return
        today = datetime.fromtimestamp(self._now / 1000, UTC).astimezone(self._zone).date()
        at = self._moment(today, hour, minute)
        if at > self._now:
            at = self._moment(today - timedelta(1), hour, minute)
        self._begin(at)

    def _moment(self, day: date, hour: int, minute: int) -> int:
        at = datetime(day.year, day.month, day.day, hour, minute)
        # Without a zone it is where the server is.
        known = at.astimezone() if self._zone is None else at.replace(tzinfo=self._zone)
        return int(known.timestamp() * 1000)


def wanted(words: Iterable[str], now: int, most: int, zone: tzinfo | None = UTC) -> Wanted:
    """What the words ask for, of which `most` lines are given; times of day are those of `zone`.

    Without one they are the server's.
    """
    found, word = _Words(now, most, zone), ""
    try:
        for word in words:
            if not found.take(word):
                return Wanted(0, trouble=f"Not understood: {word[:40]}.")
    except (ValueError, OverflowError, OSError):  # The 31st of June; a year long before clocks.
        return Wanted(0, trouble=f"No such time: {word[:40]}.")
    if found.begins and not found.wanted.since:
        return Wanted(0, trouble="Since when?")
    return found.wanted
