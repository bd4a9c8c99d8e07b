"""Waiting for a socket in a native thread, without gevent.

In a patched process `socket` and `select` are gevent's: they start a hub in the thread
that uses them, with its own loop, for nothing but one connection. Drivers that run in a
thread of their own are given the real ones here.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from time import monotonic
from typing import Any

from gevent.monkey import get_original


def _real(module: str, name: str) -> Any:
    return get_original(module, name)


def give_way() -> None:
    """Let another thread have the interpreter, if it wants it."""
    _real("time", "sleep")(0)


def connected(host: str, port: int, timeout_s: float) -> Any:
    """A socket that blocks for real, connected to the first address of a host that answers.

    Raises OSError.
    """
    failed = OSError(f"{host} has no address")
    found = _real("socket", "getaddrinfo")(host, port, 0, _real("socket", "SOCK_STREAM"))
    for family, kind, proto, _, address in found:
        sock = _real("socket", "socket")(family, kind, proto)
        try:
            sock.settimeout(timeout_s)
            sock.connect(address)
            for level, option in (("IPPROTO_TCP", "TCP_NODELAY"), ("SOL_SOCKET", "SO_KEEPALIVE")):
                sock.setsockopt(_real("socket", level), _real("socket", option), 1)
        except OSError as error:
            sock.close()
            failed = error
        else:
            return sock
    raise failed


def connected_to_file(path: str, timeout_s: float) -> Any:
    """The same with a Unix socket."""
    sock = _real("socket", "socket")(_real("socket", "AF_UNIX"), _real("socket", "SOCK_STREAM"))
    sock.settimeout(timeout_s)
    try:
        sock.connect(path)
    except OSError:
        sock.close()
        raise
    return sock


def waited(
    steps: Generator[tuple[int, int], int, Any], timeout_s: float, expired: Callable[[], Exception]
) -> Any:
    """What a generator returns that yields a descriptor and what it waits for (1 reading,
    2 writing), and is sent what is ready. Raises what `expired` makes after so many seconds."""
    poller = _real("select", "poll")()
    both = (1, _real("select", "POLLIN")), (2, _real("select", "POLLOUT"))
    until = monotonic() + timeout_s
    try:
        number, wanted = next(steps)
        while True:
            poller.register(number, sum(flag for bit, flag in both if wanted & bit))
            ready = poller.poll(max(0.0, until - monotonic()) * 1000)
            poller.unregister(number)
            if not ready:
                raise expired()
            # An error or a hangup is met by whoever reads or writes.
            seen = sum(bit for bit, flag in both if ready[0][1] & flag) or wanted
            number, wanted = steps.send(seen)
    except StopIteration as end:
        return end.value
