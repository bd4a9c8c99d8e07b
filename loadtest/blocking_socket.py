"""One blocking TCP socket. The only module that sees an OSError."""

import errno
import select
import socket
import struct
import time

from loadtest.errors import ClientFailure, ErrorKind

CONNECT_S = 10.0
# A server that takes nothing for this long has stopped reading.
SEND_S = 10
# A reader looks up this often, to see whether the run is over.
NAP_NS = 100_000_000
READ_BYTES = 65_536


class BlockingSocket:
    """A client's connection, blocking, with the kernel's own timeouts. Used by one thread.

    A read is one system call, so that the thread asks for the interpreter lock once. With poll(2)
    and Python's timeouts before every read, 500 threads got half the echoes (18k against 37k/s).
    Only when the next line is due before a nap is over does poll(2) go first: SO_RCVTIMEO rounds
    to the kernel's tick, and 4 ms too late would be counted as latency.
    """

    def __init__(self, host: str, port: int) -> None:
        try:
            self._socket = socket.create_connection((host, port), timeout=CONNECT_S)
            self._socket.settimeout(None)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            option, timeval = self._socket.setsockopt, struct.Struct("@ll").pack
            option(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeval(SEND_S, 0))
            option(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeval(0, NAP_NS // 1000))
        except OSError as error:
            raise ClientFailure(kind_of(error)) from error
        self._readable = select.poll()
        self._readable.register(self._socket, select.POLLIN)

    def send(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise ClientFailure(kind_of(error)) from error

    def read(self, wait_ns: int) -> bytes:
        """What has come; b"" if nothing did in that time (whole ms), or in a nap."""
        try:
            if wait_ns < NAP_NS and not self._readable.poll(max(0, wait_ns) // 1_000_000):
                return b""
            data = self._socket.recv(READ_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise ClientFailure(kind_of(error)) from error
        if not data:
            raise ClientFailure(ErrorKind.CLOSED)
        return data

    def read_by(self, deadline_ns: int) -> bytes:
        """What comes next; fails with TIMEOUT if nothing comes by then."""
        while (wait_ns := deadline_ns - time.monotonic_ns()) > 0:
            if data := self.read(wait_ns):
                return data
        raise ClientFailure(ErrorKind.TIMEOUT)

    def close(self) -> None:
        self._socket.close()


def kind_of(error: OSError) -> ErrorKind:
    """The name under which the report counts it."""
    if isinstance(error, ConnectionRefusedError):
        return ErrorKind.REFUSED
    if isinstance(error, TimeoutError) or error.errno == errno.EAGAIN:
        return ErrorKind.TIMEOUT
    if isinstance(error, ConnectionError):
        return ErrorKind.RESET
    return ErrorKind.UNREACHABLE
