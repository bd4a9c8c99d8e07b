"""Accepting and admitting connections."""

from __future__ import annotations

import _socket
import errno
import socket
import sys
from collections.abc import Callable
from typing import Any

from gevent.server import StreamServer

from geventchat.config import Config
from geventchat.errors import StartError
from geventchat.net.pool import connection_pool

Handler = Callable[[Any, str], None]


class Listener(StreamServer):  # type: ignore[misc]
    """A `StreamServer` that hands on raw non-blocking sockets, and says so when it is full.

    A full gevent `Pool` would leave the next client connected and unanswered;
    here it is accepted, told, and closed. Raw sockets, because gevent's own
    carry two watchers each that a connection with a watcher of its own never uses.
    """

    def __init__(self, listener: Any, handler: Handler, config: Config, capacity: int) -> None:
        self._handler = handler
        self._config = config
        self._capacity = capacity
        self.refused = 0
        super().__init__(listener, self._admitted, spawn=connection_pool(capacity))
        self.full = lambda: False  # We count; see `do_handle`.

    def do_read(self) -> tuple[Any, Any] | None:
        try:
            fd, address = self.socket._accept()
        except (BlockingIOError, ConnectionAbortedError):
            return None
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                return None  # Admission stays below the limit; the kernel's queue waits.
            raise
        return _socket.socket(self.socket.family, self.socket.type, 0, fileno=fd), address

    def do_handle(self, *args: Any) -> None:
        if self.pool.free_count() <= 0:
            self._refuse(args[0])
        else:
            self.pool.spawn(self._admitted, *args)

    def _refuse(self, sock: Any) -> None:
        self.refused += 1
        try:
            sock.setblocking(False)
            sock.send(f"-> server full: {self._capacity:,} connections. Try later.\r\n".encode())
            sock.shutdown(socket.SHUT_WR)
            sock.recv(4096)  # Unread input would turn the close into a reset.
        except OSError:
            pass  # It left by itself; that is what we wanted.
        finally:
            sock.close()

    def _admitted(self, sock: Any, address: Any) -> None:
        try:
            tune(sock, self._config)
        except OSError:
            sock.close()  # Gone before we could greet it.
            return
        # One text for all who come from there, not one each.
        self._handler(sock, sys.intern(plain_address(address[0])))


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
