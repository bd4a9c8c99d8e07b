"""The settings of what goes by itself in time: old lines, and rooms that nobody uses.

The third part of `config.Config`, which says what holds for all of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from geventchat.bounds import setting
from geventchat.errors import ConfigError
from geventchat.login_config import LoginConfig

_LONGEST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class RetentionConfig(LoginConfig):
    """Every setting that is about how long something stays."""

    retention_days: int = setting(
        0,
        "Days after which what was said is forgotten, private lines too; 0 for never.",
        0,
        _LONGEST_DAYS,
    )
    retention_rooms: str = setting(
        "",
        "Rooms whose lines stay for another time, with their days, as '#load=1 #dev=90 #news=0'.",
    )
    room_unused_days: int = setting(
        180,
        "Days after which a room that belongs to an account is free again if nobody was in it;"
        " 0 for never.",
        0,
        _LONGEST_DAYS,
    )


def days_of_rooms(text: str) -> dict[str, int]:
    """What `retention_rooms` says: days by the names of rooms. Raises `ConfigError`."""
    found: dict[str, int] = {}
    for word in text.split():
        room, _, days = word.rpartition("=")
        if room[:1] != "#" or not (days.isdecimal() and days.isascii() and len(days) <= 5):
            raise ConfigError(f"retention_rooms: {word!r} is not of the form #room=DAYS")
        if int(days) > _LONGEST_DAYS:
            raise ConfigError(f"retention_rooms: {word!r} is more than {_LONGEST_DAYS:,} days")
        found[room] = int(days)
    return found
