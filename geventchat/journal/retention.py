"""Forgetting what was said longer ago than it may stay, in the store and in rooms' logs.

In small steps between commits, so that nobody waits: with a thousand times more to forget
than a step takes, it is only done later.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import gevent

from geventchat.chat.names import fold
from geventchat.config import Config
from geventchat.delivery.audience import Audience
from geventchat.errors import StoreError
from geventchat.journal.store import Store
from geventchat.journal.thread import StoreThread
from geventchat.journal.trouble import Trouble
from geventchat.retention_config import days_of_rooms

DAY_MS = 86_400_000
# A step takes some 10 ms, of which the commits get back four times as many.
_LINES_A_STEP, _BETWEEN_STEPS_S = 500, 0.04
_FEEDS_A_SLICE = 100


class Retention:
    """Does what the settings say of how long lines stay.

    settings  returns them as they are now
    clock     returns milliseconds since 1970
    """

    def __init__(
        self,
        store: Store,
        thread: StoreThread,
        audience: Audience,
        settings: Callable[[], Config],
        clock: Callable[[], int],
    ) -> None:
        self._store = store
        self._thread = thread
        self._audience = audience
        self._settings = settings
        self._clock = clock
        self._trouble = Trouble("old lines were not forgotten", clock)

    def sweep(self) -> int:
        """Forget all that is too old now; how many lines the store has lost."""
        config, now, count = self._settings(), self._clock(), 0
        rooms = {fold(name): days for name, days in days_of_rooms(config.retention_rooms).items()}
        try:
            for room, days in rooms.items():
                if days:
                    count += self._forget(now - days * DAY_MS, room)
            if config.retention_days:
                before = now - config.retention_days * DAY_MS
                count += self._forget(before, None, rooms)
        except StoreError as error:
            self._trouble.failed(str(error))
        else:
            self._trouble.over()
        if rooms or config.retention_days:
            self._forget_shown(rooms, config.retention_days, now)
        return count

    def erase(self) -> None:
        """Go on with erasing the words of accounts that are deleted, until it is done."""
        try:
            while self._thread.call(self._store.erase_more):
                gevent.sleep(_BETWEEN_STEPS_S)
        except StoreError as error:
            self._trouble.failed(str(error))

    def _forget(self, before_at: int, room: str | None, but: Collection[str] = ()) -> int:
        count, step = 0, _LINES_A_STEP
        while step == _LINES_A_STEP:
            step = self._thread.call(
                self._store.forget_lines, before_at, room, _LINES_A_STEP, frozenset(but)
            )
            count += step
            gevent.sleep(_BETWEEN_STEPS_S)
        return count

    def _forget_shown(self, rooms: dict[str, int], days: int, now: int) -> None:
        """Have nobody be shown it who comes into a room that somebody is in."""
        for nth, (key, feed) in enumerate(list(self._audience.feeds.items())):
            stays = rooms.get(key, days)
            if stays:
                feed.forget_before(now - stays * DAY_MS)
            if nth % _FEEDS_A_SLICE == 0:
                gevent.sleep(0)
