"""The pool of connection greenlets, lean enough for tens of thousands."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from gevent import get_hub
from gevent.pool import Pool
from greenlet import greenlet

# gevent's own `Hub.switch` looks for hooks this project does not use: 163
# against 151 thousand echoes/s, and a smaller stack to keep for each greenlet.
_switch = greenlet.switch


def to_hub() -> Any:
    """Leave this greenlet until something switches back; return what that passes."""
    return _switch(get_hub())


class ConnectionGreenlet(greenlet):  # type: ignore[misc]
    """Runs one connection's handler, then tells its pool.

    A `gevent.Greenlet` does the same and keeps 0.9 KiB more for waiting, links
    and results, which nobody asks of a connection. The handler takes exactly a
    socket and an address: calls with `*args` each put another frame of C on the
    stack that is kept while the greenlet waits.
    """

    __slots__ = ("_address", "_handler", "_links", "_sock")

    def __init__(self, handler: Callable[[Any, Any], None], sock: Any, address: Any) -> None:
        super().__init__(parent=get_hub())
        self._handler = handler
        self._sock = sock
        self._address = address
        # The pool's, and at times others': whatever asks for the current thread in
        # here (logging does) makes gevent link a cleanup of its own to the greenlet.
        self._links: tuple[Callable[[Any], None], ...] = ()

    def start(self) -> None:
        """Run at the end of this turn of the loop."""
        get_hub().loop.run_callback(self.switch)

    def rawlink(self, callback: Callable[[Any], None]) -> None:
        """Have `callback(self)` called at the end, behind those linked before."""
        self._links = (*self._links, callback)

    def unlink(self, callback: Callable[[Any], None]) -> None:
        """Have `callback` not called any more."""
        self._links = tuple(link for link in self._links if link != callback)

    def run(self) -> None:
        """Run the handler. Nothing may escape: the parent is the hub."""
        try:
            self._handler(self._sock, self._address)
        except Exception:
            get_hub().handle_error(self, *sys.exc_info())
        finally:
            for link in self._links:
                try:
                    link(self)
                except Exception:
                    get_hub().handle_error(self, *sys.exc_info())


def connection_pool(size: int) -> Any:
    """A gevent `Pool` of at most `size` connection greenlets."""
    return Pool(size, greenlet_class=ConnectionGreenlet)
