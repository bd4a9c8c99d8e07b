"""Connections without a server: one end is the server's, the other a client's."""

from __future__ import annotations

import _socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import gevent
from gevent import socket

from geventchat.net.closing import hang_up
from geventchat.net.connection import Connection
from tests.harness import Harness, HumanClient

HANG_S = 20.0


class SocketPair:
    """A `Connection` and the client's (cooperative) socket at its other end."""

    def __init__(self, send_buffer: int = 0, tcp: bool = False) -> None:
        ours, self.client = tcp_pair() if tcp else socket.socketpair()
        if send_buffer:
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
            self.client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, send_buffer)
        self.client.settimeout(HANG_S)
        raw = _socket.socket(ours.family, ours.type, 0, fileno=ours.detach())
        raw.setblocking(False)
        self.stalled: dict[Connection, float] = {}
        self.connection = Connection(raw, "192.0.2.7", 16384, self.stalled)

    def received(self) -> bytes:
        """What the client has got so far."""
        data = b""
        with gevent.Timeout(0.05, False):
            while piece := self.client.recv(65536):
                data += piece
        return data

    def everything(self) -> bytes:
        """What the client gets up to the end of the connection."""
        data = b""
        while piece := self.client.recv(65536):
            data += piece
        return data

    def close(self) -> None:
        self.client.close()
        if self.connection.sock.fileno() >= 0:
            within(hang_up, self.connection, b"")


def tcp_pair() -> tuple[socket.socket, socket.socket]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1)
        client = socket.create_connection(listening.getsockname())
        return listening.accept()[0], client


@contextmanager
def socket_pair(**more: Any) -> Iterator[SocketPair]:
    made = SocketPair(**more)
    try:
        yield made
    finally:
        made.close()


def within(function: Callable[..., Any], *args: Any) -> Any:
    """Run a function in a greenlet, as a connection's handler runs, and guard against hanging."""
    return gevent.spawn(function, *args).get(timeout=HANG_S)


def attach(person: HumanClient, connection: Connection) -> None:
    """Have a connection deliver to somebody on a harness from now on."""
    outbox = person.outbox
    assert outbox is not None
    person.driver._line = connection
    outbox.sink = connection
    connection.attach(outbox)
    connection.deliver()


def on_harness(**settings: Any) -> tuple[Harness, HumanClient]:
    harness = Harness(**settings)
    return harness, harness.human("alice")
