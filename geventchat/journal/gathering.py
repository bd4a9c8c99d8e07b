"""Waiting for more to save with what there is."""

from __future__ import annotations

import time
from collections.abc import Sized

import gevent

_TURNS = 4
_TURNS_S = 0.02  # Of turns that others make long.


def gather(pending: Sized, enough: int) -> None:
    """Let the sockets be read until they bring nothing new, at most `_TURNS` times.

    A commit and a flush cost nearly the same for one line as for fifty;
    looking for more costs 10 µs.
    """
    hub = gevent.get_hub()
    until = time.perf_counter() + _TURNS_S
    for _ in range(_TURNS):
        before = len(pending)
        # Lower priority than the sockets': they are read first.
        hub.wait(hub.loop.timer(0, priority=-1))
        brought = len(pending) - before
        if not brought or before >= enough or time.perf_counter() > until:
            break
