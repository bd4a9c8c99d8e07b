"""Who waits until what they proposed has settled.

Counting is by sessions: a session waits for its own drafts, or at a barrier for
all that anybody had proposed by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import gevent
from greenlet import getcurrent


class Waiting:
    """Drafts that have not settled, by numbers of sessions (0 for none), and who waits for them.

    `done` is how many have settled in all. A journal counts drafts up in `unsettled` itself:
    a call a line would be felt.
    """

    def __init__(self) -> None:
        self.unsettled: dict[int, int] = {}
        self.done = 0
        self._waiting: dict[int, Any] = {}
        self._barriers: list[tuple[int, Any]] = []

    def settle(self, number: int) -> None:
        """Wait until every draft of the session with that number has settled."""
        if number in self.unsettled:
            self._waiting[number] = getcurrent()
            try:
                while number in self.unsettled:
                    gevent.get_hub().switch()
            finally:
                self._waiting.pop(number, None)

    def catch_up(self, proposed: Callable[[], int]) -> None:
        """Wait until as many drafts have settled as were `proposed` when this began.

        Bytes that already wait in a socket are read first and count too, since
        libev calls the watchers of one turn in the reverse order of arrival.
        """
        hub = gevent.get_hub()
        hub.wait(hub.loop.timer(0, priority=-1))
        goal = proposed()
        if self.done < goal:
            barrier = (goal, getcurrent())
            self._barriers.append(barrier)
            try:
                while self.done < goal:
                    hub.switch()
            finally:
                if barrier in self._barriers:
                    self._barriers.remove(barrier)

    def settled(self, number: int) -> None:
        """Count one draft of a session as settled."""
        if number:
            left = self.unsettled[number] - 1
            if left:
                self.unsettled[number] = left
            else:
                del self.unsettled[number]

    def wake(self, numbers: Iterable[int], count: int) -> None:
        """Wake those of these sessions whose drafts have all settled; `count` more have."""
        loop = gevent.get_hub().loop
        self.done += count
        if self._barriers:
            waiting = self._barriers
            self._barriers = [barrier for barrier in waiting if barrier[0] > self.done]
            for goal, waiter in waiting:
                if goal <= self.done:
                    loop.run_callback(waiter.switch)
        if not self._waiting:
            return
        for number in numbers:
            if number not in self.unsettled:
                waiter = self._waiting.pop(number, None)
                if waiter is not None:
                    loop.run_callback(waiter.switch)
