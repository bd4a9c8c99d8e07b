"""TLS over a socket that blocks for real.

`ssl` is gevent's in a patched process, and its sockets wait with a hub. The protocol itself
needs no socket: it is given what came, and says what is to be sent.
"""

from __future__ import annotations

import io
import ssl
from collections.abc import Callable
from typing import Any

_READ_BYTES = 65_536


class TlsSocket(io.RawIOBase):
    """What a driver needs of a socket, encrypted. Raises what the socket raises."""

    def __init__(self, sock: Any, context: ssl.SSLContext, host: str) -> None:
        """Shake hands. Raises `ssl.SSLError`, an OSError, if that fails."""
        self._sock = sock
        self._came, self._goes = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._came, self._goes, server_hostname=host)
        self._run(self._tls.do_handshake)

    def readable(self) -> bool:
        """As `io` asks it."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Wait for some bytes; 0 at the end."""
        try:
            data: bytes = self._run(self._tls.read, len(buffer))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return 0
        buffer[: len(data)] = data
        return len(data)

    def sendall(self, data: bytes) -> None:
        """Send all of it."""
        self._run(self._tls.write, data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """A buffered file to read from."""
        return io.BufferedReader(self)

    def settimeout(self, timeout_s: float | None) -> None:
        """How long to wait for the other side each time."""
        self._sock.settimeout(timeout_s)

    def close(self) -> None:
        """Close the socket."""
        super().close()
        self._sock.close()

    def _run(self, step: Callable[..., Any], *args: Any) -> Any:
        while True:
            try:
                result = step(*args)
            except ssl.SSLWantReadError:
                self._send()
                data = self._sock.recv(_READ_BYTES)
                if data:
                    self._came.write(data)
                else:
                    self._came.write_eof()
            else:
                self._send()
                return result

    def _send(self) -> None:
        if self._goes.pending:
            self._sock.sendall(self._goes.read())


class Wrapping:
    """Stands for a context where a driver wants a socket wrapped."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context

    def wrap_socket(self, sock: Any, server_hostname: str) -> TlsSocket:
        """The socket, encrypted."""
        return TlsSocket(sock, self._context, server_hostname)
