"""Gives memory that was freed back to the system.

glibc keeps what is freed in the middle of its heap for later use. After a flood
(a room's log full of long lines, thousands of connections at once) that is tens of
megabytes, for good. `malloc_trim` gives whole pages of it back; it takes a
millisecond or so, in a native thread.
"""

from __future__ import annotations

import ctypes
import resource
from collections.abc import Callable
from pathlib import Path

# What is not worth the trouble.
_SLACK_BYTES = 4 << 20
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
    """Decides when to trim: `look` is called now and then, and says so.

    Whenever there is more memory than there was at the least, since nobody tells
    how much of it is free.
    """

    def __init__(self, resident: Callable[[], int] = resident) -> None:
        self._resident = resident
        self._least = 0

    def look(self) -> bool:
        """Whether it is worth trying."""
        now = self._resident()
        if not self._least or now < self._least:
            self._least = now
        return now > self._least + _SLACK_BYTES
