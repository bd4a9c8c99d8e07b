"""The two shortest dialects: the raw byte echo, and the upper-casing echo.

They answer bytes with bytes at once, without a session: a function is all
there is, and it is called in the read watcher's callback.
"""

from __future__ import annotations

from collections.abc import Callable

Answer = Callable[[bytes], bytes]


def echo(data: bytes) -> bytes:
    """Send back what came."""
    return data


# ASCII only, so it does not matter where the network cut the bytes.
upper: Answer = bytes.upper

ANSWERS: dict[str, Answer] = {"echo": echo, "upper": upper}
