"""Hanging up so that the last words arrive."""

from __future__ import annotations

import socket
import struct
import termios
from fcntl import ioctl

from gevent.timeout import Timeout

from geventchat.net.connection import Connection

# A client that is hung up on may still be sending. Closing at once would reset the
# connection and take our last words with it; so we listen a little longer: to whoever
# sends nothing until its system has confirmed all of ours, to others at the most so long.
LINGER_S = 2.0
_QUIET_S = 0.2
_READS = 1024


def hang_up(connection: Connection, last_words: bytes) -> None:
    """Say the last words, wait until they are there, and close."""
    connection.close_requested = None
    try:
        if connection.closed is None:
            _linger(connection, last_words)
    except OSError:
        pass  # The client was faster; there is nothing left to be in order.
    finally:
        connection.close()


def _linger(connection: Connection, last_words: bytes) -> None:
    with Timeout(LINGER_S, False):
        connection.wait_drained()
        if connection.closed is None and last_words:
            connection.write(last_words)
            connection.wait_drained()
        if connection.closed is not None:
            return
        connection.sock.shutdown(socket.SHUT_WR)
        for _ in range(_READS):
            data = connection.read_within(_QUIET_S)
            if data == b"" or (data is None and not _unconfirmed(connection)):
                return


def _unconfirmed(connection: Connection) -> int:
    """How many bytes, the end among them, the other side has not confirmed."""
    answer = ioctl(connection.sock.fileno(), termios.TIOCOUTQ, bytes(4))
    return int(struct.unpack("i", answer)[0])
