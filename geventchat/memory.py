"""Gives memory that was freed back to the system, and has less of it looked through.

glibc keeps what is freed in the middle of its heap for later use. After a flood
(a room's log full of long lines, thousands of connections at once) that is tens of
megabytes, for good. `malloc_trim` gives whole pages of it back, in a native thread.
"""

from __future__ import annotations

import ctypes
import gc
import resource
from collections.abc import Callable
from pathlib import Path

# What is not worth the trouble.
_SLACK_BYTES = 4 << 20
# It is tried at every so many looks where nothing says that it would help.
_RARELY_LOOKS = 12
_STATM = Path("/proc/self/statm")


def resident() -> int:
    """Bytes of memory this process has now; 0 where the system does not tell."""
    try:
        return int(_STATM.read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


def trimmer() -> Callable[[], object] | None:
    """What gives freed memory back; None where the C library cannot."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return None if trim is None else lambda: trim(0)


class Trimming:
    """Decides when to trim: `look` is called every few seconds, and says so.

    While memory is trimmed, whoever wants a large piece of it waits: 10 ms and more of a
    heap of hundreds of megabytes. So it is tried when much has just been let go of, and
    else once in a while, since not all that is let go of is told.
    """

    def __init__(self, resident: Callable[[], int] = resident) -> None:
        self._resident = resident
        self._least = 0
        self._held = 0
        self._looks = 0

    def look(self, held: int) -> bool:
        """Whether it is worth trying; `held` is about how many bytes are known to be in use."""
        now = self._resident()
        if not self._least or now < self._least:
            self._least = now
        self._looks += 1
        self._held = max(held, self._held)
        much = now > self._least + _SLACK_BYTES
        let_go = held < self._held - _SLACK_BYTES
        if not (much and (let_go or self._looks >= _RARELY_LOOKS)):
            return False
        self._held, self._looks = held, 0
        return True


def spare_collections() -> None:
    """Have the garbage collector look less often: what a chat makes lives on or dies at once.

    At the default of 700 new objects it took 3 % of a fan-out.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
