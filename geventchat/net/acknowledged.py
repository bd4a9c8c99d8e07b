"""How much of what was written to a socket the peer's own kernel has.

Linux counts it for each TCP connection: `tcpi_bytes_acked` of `struct tcp_info`
(linux/tcp.h; since 4.1), and SIOCOUTQ says what is not acknowledged yet, sent or not
(tcp(7)). Both cost about a microsecond.
"""

from __future__ import annotations

import fcntl
import socket
import struct
import termios
from typing import Any

from geventchat.delivery.subscription import Sink
from geventchat.net.connection import Connection

_BYTES_ACKED = struct.Struct("=120xQ")


def progress_of(sink: Sink) -> tuple[int, int] | None:
    """As `acknowledged`, of a connection and with what it keeps itself."""
    if not isinstance(sink, Connection):
        return None
    found = acknowledged(sink.sock)
    if found is None:
        return None
    there, written = found
    return there, written + (0 if sink.tail is None else len(sink.tail))


def acknowledged(sock: Any) -> tuple[int, int] | None:
    """Bytes the peer has, and bytes it will have when all that was written has arrived.

    None where the kernel does not say: the socket is no TCP socket, or is closed.
    """
    try:
        info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _BYTES_ACKED.size)
        (waiting,) = struct.unpack("i", fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, b"\0" * 4))
        (there,) = _BYTES_ACKED.unpack(info)
    except (OSError, ValueError, struct.error):
        return None
    return there, there + waiting
