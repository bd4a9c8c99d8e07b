"""What the operator is told of a store that fails: at once, then once a minute, with a count."""

from __future__ import annotations

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)

_AGAIN_MS = 60_000


class Trouble:
    """Logs failures of one kind. The log may stand on the disk that is full."""

    def __init__(self, what: str, clock: Callable[[], int]) -> None:
        """`what` failed, as in "not saved"; `clock` returns milliseconds."""
        self._what = what
        self._clock = clock
        self._count = 0
        self._told_at: int | None = None

    def failed(self, why: str) -> None:
        """It failed once more."""
        self._count += 1
        now = self._clock()
        # A clock that went back must not silence it.
        if self._told_at is None or not 0 <= now - self._told_at < _AGAIN_MS:
            self._told_at = now
            log.error("%s, %d times: %s", self._what, self._count, why)

    def over(self) -> None:
        """It worked."""
        if self._count:
            log.warning("%s, %d times; now it works again", self._what, self._count)
            self._count, self._told_at = 0, None
