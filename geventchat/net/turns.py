"""Whose turn it is among those who give the loop much to do.

Most connections are served when their bytes come. One that has just been given a
long slice of the loop, or has sent a lot at once, waits here before it goes on:
in one turn of the loop one of those who wait goes on, in the order in which they
came. So however many flood together, everybody else waits for one of them.
"""

from __future__ import annotations

from collections import deque
from time import perf_counter
from typing import Any

from gevent import get_hub
from greenlet import getcurrent

from geventchat.net.pool import to_hub

# How long those who ask for much may take of one turn of the loop, together.
TURN_S = 0.003


class Turns:
    """The queue, and the account of the turn. `wait` is for connections' greenlets only."""

    def __init__(self) -> None:
        self._waiting: deque[Any] = deque()
        self._timer: Any = None
        self._iteration = -1
        self._began = 0.0

    def is_over(self) -> bool:
        """Whether those who asked for much in this turn of the loop have taken all of its time."""
        now = perf_counter()
        iteration = get_hub().loop.iteration
        if iteration != self._iteration:
            self._iteration, self._began = iteration, now
        return now - self._began > TURN_S

    def wait(self) -> None:
        """Go on in a later turn of the loop, when those who were here first have had theirs."""
        self._waiting.append(getcurrent())
        if self._timer is None:
            # Of lower priority than the sockets': those are served first in each turn.
            self._timer = get_hub().loop.timer(0, priority=-1)
        if not self._timer.active:
            self._timer.start(self._next)
        to_hub()

    def _next(self) -> None:
        greenlet = self._waiting.popleft()
        self._timer.stop()
        if self._waiting:
            self._timer.start(self._next)
        greenlet.switch()
