"""A chat over connections, without a listener: real handlers on socket pairs."""

from __future__ import annotations

import _socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gevent
import gevent.socket

from geventchat.assembly import Chat
from geventchat.config import Config
from geventchat.net.admission import Admission
from geventchat.net.service import Connections
from geventchat.settings import Settings
from tests.failing_store import FailingStore
from tests.net.socket_pair import HANG_S


class ChatServer:
    """A chat without a listener, and callers."""

    def __init__(self, **settings: Any) -> None:
        config = Config(database="none", oper_name="root", oper_password="pw", **settings)
        settings = Settings(config)
        self.connections = Connections(settings)
        self.disk = FailingStore(1000)
        self.crashes: list[object] = []
        self.chat = Chat(settings, self.disk, self.connections, Admission(settings))
        self.chat.start(lambda: self.crashes.append(True))
        self.clients: list[gevent.socket.socket] = []
        self.handlers: list[gevent.Greenlet] = []

    def call(self) -> gevent.socket.socket:
        ours, client = gevent.socket.socketpair()
        raw = _socket.socket(ours.family, ours.type, 0, fileno=ours.detach())
        raw.setblocking(False)
        client.settimeout(HANG_S)
        self.clients.append(client)
        self.handlers.append(gevent.spawn(self.chat.service.handle, raw, "192.0.2.7"))
        return client

    def person(self) -> gevent.socket.socket:
        """Somebody at a terminal who has been welcomed: the next one comes after them."""
        client = self.call()
        until(client, WELCOMED)
        return client

    def program(self, nick: str) -> gevent.socket.socket:
        """An IRC client that has registered."""
        client = self.call()
        client.sendall(f"NICK {nick}\r\nUSER {nick} 0 * :{nick}\r\n".encode())
        until(client, b" 422 ")
        return client


@contextmanager
def serving(**settings: Any) -> Iterator[ChatServer]:
    made = ChatServer(**settings)
    yield made
    for client in made.clients:
        client.close()
    gevent.joinall(made.handlers, timeout=HANG_S)
    assert all(handler.dead for handler in made.handlers)
    assert made.connections.open == {}
    assert made.crashes == []
    gevent.spawn(made.chat.journal.stop, HANG_S).get(timeout=HANG_S)


def until(client: gevent.socket.socket, end: bytes) -> bytes:
    data = b""
    while end not in data:
        piece = client.recv(65536)
        assert piece, data
        data += piece
    return data


def everything(client: gevent.socket.socket) -> bytes:
    """What comes up to the end of the connection, which ends for the client too."""
    data = b""
    while piece := client.recv(65536):
        data += piece
    client.close()
    return data


WELCOMED = b"-- end of history --\r\n"
PONG = b"-> pong\r\n"
