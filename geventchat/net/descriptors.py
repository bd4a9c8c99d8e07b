"""How many connections the system's limit of descriptors leaves room for."""

from __future__ import annotations

import resource

from geventchat.errors import StartError

# The server's own: the database's, the loop's, the listening socket, the spare one, the
# standard streams (some twenty), and connections that are being closed to make place.
RESERVED = 32
_MOST = 1_000_000


def capacity(wanted: int) -> int:
    """Connections in all: as many as `wanted`, or (for 0) 90 % of what the limit allows.

    Raises the limit first as far as it goes. Raises `StartError` when that is too low.
    """
    limit = _raised_limit()
    room = limit - RESERVED
    if wanted > room:
        raise StartError(
            f"max_connections: {wanted:,} need a limit of {wanted + RESERVED:,} descriptors,"
            f" and it is {limit:,}; raise it (ulimit -n)"
        )
    if room < 1:
        raise StartError(f"a limit of {limit:,} descriptors is too low; raise it (ulimit -n)")
    return wanted or min(room, limit * 9 // 10)


def _raised_limit() -> int:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST + RESERVED
    if hard != resource.RLIM_INFINITY:
        wanted = min(hard, wanted)
    if soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
        except (OSError, ValueError):
            pass  # Some systems name a hard limit they do not grant; the soft one stands.
    return soft
