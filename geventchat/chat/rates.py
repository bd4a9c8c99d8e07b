"""How fast one session may go on: a bucket of tokens for each kind of thing it does.

The same for every dialect. Nothing is refused for its rate and nothing is lost: a
session that is too fast waits, before more of what it sent is looked at.

A session has no buckets before it first sends something, and never if it is exempt.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from geventchat.chat.events import Event, Invited, Joined, RealNameSet, Renamed, WentAway
from geventchat.chat.events_accounts import MetadataSet
from geventchat.config import Config


class Kind(Enum):
    """What is counted: its settings, for how many at once and how many a second after that."""

    NEWCOMERS_LINES = ("registration_burst", "messages_per_s")
    LINES = ("message_burst", "messages_per_s")
    JOINS = ("joins_burst", "joins_per_s")
    NEW_ROOMS = ("new_rooms_burst", "new_rooms_per_s")
    RENAMES = ("renames_burst", "renames_per_s")
    AWAYS = ("aways_burst", "aways_per_s")
    INVITES = ("invites_burst", "invites_per_s")
    METADATA = ("metadata_burst", "metadata_per_s")
    SEARCHES = ("searches_burst", "searches_per_s")


# What reaches more people, or costs more, than a line does.
DEAR: dict[type[Event], Kind] = {
    Joined: Kind.JOINS,
    Renamed: Kind.RENAMES,
    RealNameSet: Kind.RENAMES,
    WentAway: Kind.AWAYS,
    Invited: Kind.INVITES,
    MetadataSet: Kind.METADATA,
}
_ROUNDING = 1e-6  # Of a token: time is counted in fractions.


class Rates:
    """The buckets of one session.

    They are kept as the time at which each is full again. `config` gives the settings
    as they are now, `clock` seconds. `warned` is for whoever tells the session.
    """

    __slots__ = ("_clock", "_config", "_full_at", "warned")

    def __init__(self, config: Callable[[], Config], clock: Callable[[], float]) -> None:
        self._config = config
        self._clock = clock
        self._full_at: dict[Kind, float] = {}
        self.warned = False

    def take(self, kind: Kind, count: int = 1) -> None:
        """Take tokens, more than there are if need be."""
        _, per_s = self._limit(kind)
        now = self._clock()
        self._full_at[kind] = max(now, self._full_at.get(kind, now)) + count / per_s

    def at_hand(self, kind: Kind) -> int:
        """How many tokens there are."""
        burst, per_s = self._limit(kind)
        return max(0, int(burst - self._missing_s(kind) * per_s + _ROUNDING))

    def is_full(self, kind: Kind) -> bool:
        """Whether nothing of that kind was done for a while."""
        return self._missing_s(kind) <= 0

    def wait_s(self, kind: Kind) -> float:
        """Seconds until there is a token of that kind."""
        burst, per_s = self._limit(kind)
        return max(0.0, self._missing_s(kind) - (burst - 1) / per_s)

    def debt_s(self) -> float:
        """Seconds until no more tokens were taken, of any kind, than there were."""
        most = 0.0
        for kind in self._full_at:
            burst, per_s = self._limit(kind)
            most = max(most, self._missing_s(kind) - burst / per_s)
        return most

    def _limit(self, kind: Kind) -> tuple[int, float]:
        burst, per_s = kind.value
        config = self._config()
        return getattr(config, burst), getattr(config, per_s)

    def _missing_s(self, kind: Kind) -> float:
        return max(0.0, self._full_at.get(kind, 0.0) - self._clock())
