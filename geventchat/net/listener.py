"""Accepting and admitting connections."""

from __future__ import annotations

import _socket
import errno
import logging
import os
import socket
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

from gevent.server import StreamServer

from geventchat.config import Config
from geventchat.errors import CloseReason, StartError
from geventchat.log import Sparing
from geventchat.net.admission import Admission, Excess
from geventchat.net.pool import connection_pool

log = logging.getLogger(__name__)

Handler = Callable[[Any, str], None]

# Connections that are being closed to make place, beside those that have a place.
LEAVING_MAX = 8
_FULL = CloseReason.SERVER_FULL.value
_EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_EXHAUSTED_PAUSE_S = 0.2
_TOLD_AT_ONCE = 100
_LOGGED_A_MINUTE = 20


def nobody_leaves() -> bool:
    """For a server on which nobody is silent longer than it should: a newcomer gets no place."""
    return False


class Listener(StreamServer):  # type: ignore[misc]
    """A `StreamServer` that hands on raw non-blocking sockets, and says whom it lets in no more.

    A full gevent `Pool` would leave the next client connected and unanswered;
    here it is accepted, told, and closed. Raw sockets, because gevent's own
    carry two watchers each that a connection with a watcher of its own never uses.

    config      gives the settings as they are now
    make_place  has somebody leave for a newcomer; False if there is nobody who should
    refused     how many were turned away, by reason
    """

    def __init__(
        self,
        listener: Any,
        handler: Handler,
        config: Callable[[], Config],
        capacity: int,
        admission: Admission,
        make_place: Callable[[], bool],
    ) -> None:
        self._handler = handler
        self._config = config
        self._capacity = capacity
        self._admission = admission
        self._make_place = make_place
        self.refused: Counter[str] = Counter()
        self._refusals = Sparing(log, _LOGGED_A_MINUTE, logging.INFO)
        self._warnings = Sparing(log, 1)
        self._spare = _spare_descriptor()
        super().__init__(listener, self._admitted, spawn=connection_pool(capacity + LEAVING_MAX))
        self.full = lambda: False  # We count; see `do_handle`.

    def close(self) -> None:
        """Accept nobody any more."""
        super().close()
        if self._spare >= 0:
            os.close(self._spare)
            self._spare = -1

    def do_read(self) -> tuple[Any, Any] | None:
        try:
            return self._accept()
        except (BlockingIOError, ConnectionAbortedError):
            return None
        except OSError as error:
            if error.errno not in _EXHAUSTED:
                raise
            self._exhausted(error)
            return None

    def _accept(self) -> tuple[Any, Any]:
        fd, address = self.socket._accept()
        return _socket.socket(self.socket.family, self.socket.type, 0, fileno=fd), address

    def _exhausted(self, error: OSError) -> None:
        """No descriptor is left: tell some newcomers so, and look again in a moment.

        The kernel would call us about those who wait as often as we let it.
        """
        self._warnings.record(f"nobody can be let in: {error.strerror}", failed=True)
        for _ in range(_TOLD_AT_ONCE):
            if not self._turn_away():
                break
        self.stop_accepting()
        self._timer = self.loop.timer(_EXHAUSTED_PAUSE_S)
        self._timer.start(self._start_accepting_if_started)

    def _turn_away(self) -> bool:
        """Tell one newcomer, with the descriptor that is kept for that; False if none waits."""
        if self._spare >= 0:
            os.close(self._spare)
        try:
            sock, address = self._accept()
            self._refuse(sock, plain_address(address[0]), _FULL, self._full_line)
            return True
        except OSError:
            return False
        finally:
            self._spare = _spare_descriptor()

    def do_handle(self, sock: Any, address: Any) -> None:
        # One text for all who come from there, not one each.
        host = sys.intern(plain_address(address[0]))
        excess = self._admission.excess(host)
        if excess is not None:
            self._refuse(sock, host, excess.value, self._excess_line(excess))
        elif not self._has_place():
            self._refuse(sock, host, _FULL, self._full_line)
        else:
            self._admission.entered(host)
            self.pool.spawn(self._admitted, sock, host)

    def _has_place(self) -> bool:
        """Whether there is a place, or somebody is leaving one for the newcomer now."""
        if len(self.pool) < self._capacity:
            return True
        return self.pool.free_count() > 0 and self._make_place()

    @property
    def _full_line(self) -> str:
        return f"server full: {self._capacity:,} connections. Try later."

    def _excess_line(self, excess: Excess) -> str:
        config = self._config()
        if excess is Excess.CONNECTIONS:
            limit = f"{config.connections_per_address:,} at once"
        else:
            seconds = round(config.address_window_s)
            time = f"{seconds // 60} minutes" if seconds >= 120 else f"{seconds} seconds"
            limit = f"{config.connects_per_address:,} in {time}"
        return f"Too many connections from your address: the limit is {limit}. Try later."

    def _refuse(self, sock: Any, host: str, why: str, line: str) -> None:
        self.refused[why] += 1
        self._refusals.record(f"{host}: not let in: {why}", failed=True)
        try:
            sock.setblocking(False)
            sock.send(f"-> {line}\r\n".encode())
            sock.shutdown(socket.SHUT_WR)
            sock.recv(4096)  # Unread input would turn the close into a reset.
        except OSError:
            pass  # It left by itself; that is what we wanted.
        finally:
            sock.close()

    def _admitted(self, sock: Any, host: str) -> None:
        try:
            try:
                tune(sock, self._config())
            except OSError:
                sock.close()  # Gone before we could greet it.
                return
            self._handler(sock, host)
        finally:
            self._admission.left(host)


def _spare_descriptor() -> int:
    """A descriptor to give up when there is no other; -1 if there is none."""
    try:
        return os.open(os.devnull, os.O_RDONLY)
    except OSError:
        return -1


def plain_address(address: str) -> str:
    """An address as bans name it: IPv4 without the prefix it has on an IPv6 socket.

    `::ffff:192.0.2.7` is 192.0.2.7 (RFC 4291 section 2.5.5.2), and matches its masks.
    """
    return address.removeprefix("::ffff:") if "." in address else address


def tune(sock: Any, config: Config) -> None:
    """Set what every connection's socket needs."""
    sock.setblocking(False)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, config.send_buffer_bytes)
    # The kernel asks after silent peers by itself: no byte that `nc` would show.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    probes = 3
    between = max(1, (config.keepalive_gone_s - config.keepalive_idle_s) // probes)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, min(32767, config.keepalive_idle_s))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, min(32767, between))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, probes)
    # While data is unacknowledged Linux probes nothing and would try for 15 minutes.
    gone_ms = min(0x7FFFFFFF, 1000 * config.keepalive_gone_s)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, gone_ms)


def bind(config: Config) -> Any:
    """The listening socket. Raises `StartError` with what to do about it."""
    where = f"{config.host} port {config.port}"
    try:
        config.host.encode("idna")  # In the resolver's thread gevent would log a traceback.
    except UnicodeError as error:
        raise StartError(f"cannot listen on {where}: not the name of a host") from error
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            config.host, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        sock = socket.socket(family, kind, proto)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(address)
            sock.listen(config.listen_backlog)
        except OSError:
            sock.close()
            raise
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise StartError(f"{where} is in use; choose another with --port") from error
        raise StartError(f"cannot listen on {where}: {error.strerror}") from error
    sock.setblocking(False)
    return sock
