"""What stands between a client and a server: TLS, cuts; and servers that are no chat servers."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from tests.line_client import HANG_S

# A key and certificate for localhost and 127.0.0.1, made for these tests and trusted nowhere.
CERTIFICATE = str(Path(__file__).with_name("localhost.pem"))


class Listener:
    """Listens on a free port, and serves each connection in a thread of its own."""

    def __init__(self, serve: Callable[[socket.socket], None], backlog: int = 16) -> None:
        self._serve = serve
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=backlog)
        self.port: int = self._listening.getsockname()[1]
        self._start(self._accept)

    def _start(self, run: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=run, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._listening.accept()
                self._open.append(sock)
                self._start(self._served, sock)

    def _served(self, sock: socket.socket) -> None:
        with suppress(OSError, ValueError):
            self._serve(sock)
        with suppress(OSError):
            sock.close()

    def cut(self) -> None:
        """Cut every connection there is."""
        for sock in self._open:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Listener:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut()
        for thread in self._threads:
            thread.join(HANG_S)
        for sock in self._open:
            sock.close()


class Between(Listener):
    """Passes bytes on to a port, in TLS if it is told to; cuts when told to.

    `to_server` and `to_client` are how many bytes pass before each connection is cut; while
    it `holds_back`, nothing reaches the client.
    """

    def __init__(
        self,
        port: int,
        tls: bool = False,
        oldest: str = "1.2",
        to_server: int = 1 << 40,
        to_client: int = 1 << 40,
    ) -> None:
        self.behind = port
        self.holds_back = False
        self._left = {True: to_server, False: to_client}
        self._context: ssl.SSLContext | None = None
        if tls:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(CERTIFICATE)
            self._context.minimum_version = ssl.TLSVersion[f"TLSv{oldest.replace('.', '_')}"]
        super().__init__(self._pass_on)

    def _pass_on(self, sock: socket.socket) -> None:
        if self._context is not None:
            sock = self._context.wrap_socket(sock, server_side=True)
        self._open.append(sock)
        with socket.create_connection(("127.0.0.1", self.behind)) as server:
            self._open.append(server)
            back = threading.Thread(target=self._pump, args=(server, sock, False), daemon=True)
            back.start()
            self._pump(sock, server, True)
            back.join(HANG_S)

    def _pump(self, come: socket.socket, go: socket.socket, to_server: bool) -> None:
        left = self._left[to_server]
        with suppress(OSError):
            while left > 0 and (data := come.recv(65536)):
                if to_server or not self.holds_back:
                    go.sendall(data[:left])
                left -= len(data)
        for sock in (come, go):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


def says(data: bytes, then: str = "waits") -> Callable[[socket.socket], None]:
    """A server that says something, and then waits, closes, or repeats what it hears."""

    def serve(sock: socket.socket) -> None:
        sock.settimeout(HANG_S)
        sock.sendall(data)
        while then != "closes" and (heard := sock.recv(65536)):
            if then == "echoes":
                sock.sendall(heard)

    return serve


def floods(sock: socket.socket) -> None:
    """A server that sends without end, and no line end."""
    while True:
        sock.sendall(b"x" * 65536)
