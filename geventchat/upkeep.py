"""What the server does by itself now and then, while others talk."""

from __future__ import annotations

import logging
from collections.abc import Callable

import gevent

from geventchat.chat.events import SERVER
from geventchat.chat.events_accounts import Dropped
from geventchat.chat.rooms import Room
from geventchat.chat.state import ChatState
from geventchat.config import Config
from geventchat.journal.drafts import NOBODY
from geventchat.journal.journal import Journal
from geventchat.journal.retention import DAY_MS

log = logging.getLogger(__name__)

_ROOMS_A_SWEEP = 10


class Chore:
    """Something to do each so many seconds, by a greenlet of its own; never twice at a time.

    do  does it at once, and waits
    """

    def __init__(self, every_s: int, first_s: int, do: Callable[[], object]) -> None:
        """`first_s` is when it is done first; `do` must not raise."""
        self._every = every_s
        self._left = first_s
        self.do = do
        self._doing: gevent.Greenlet | None = None

    def tick(self) -> None:
        """A second is over."""
        self._left -= 1
        if self._left <= 0 and (self._doing is None or self._doing.dead):
            self._left = self._every
            self._doing = gevent.spawn(self.do)

    def stop(self) -> None:
        """Do it no more."""
        if self._doing is not None:
            self._doing.kill()


def unused_rooms(state: ChatState, config: Config, now: int) -> list[Room]:
    """Rooms of accounts in which nobody has been for too long; a few at a time.

    A server that was off for longer lets people come back for a day first.
    """
    days = config.room_unused_days
    if not days or now - state.started_at < DAY_MS:
        return []
    before = now - days * DAY_MS
    rooms = (r for r in state.rooms.values() if r.owner and not r.members and r.used_at < before)
    return [room for room, _ in zip(rooms, range(_ROOMS_A_SWEEP), strict=False)]


def drop_unused_rooms(state: ChatState, journal: Journal, config: Config, now: int) -> None:
    """Have rooms be nobody's that their owners have left to themselves."""
    for room in unused_rooms(state, config, now):
        log.info("%s is free again: nobody came for %d days", room.name, config.room_unused_days)
        journal.propose(NOBODY, Dropped(SERVER, room.name))
