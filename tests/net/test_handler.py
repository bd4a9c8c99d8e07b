"""A dialect over a connection: what it asks for is done, in order, in the connection's greenlet."""

from __future__ import annotations

import _socket
from collections.abc import Iterator

import gevent
import gevent.socket
import pytest

from geventchat.app import Chat
from geventchat.config import Config
from geventchat.dialects.human.dialect import HumanDialect
from geventchat.errors import CloseReason
from geventchat.net.service import Connections
from tests.harness import FailingStore
from tests.net.socket_pair import HANG_S


class ChatServer:
    """A chat without a listener, and callers."""

    def __init__(self) -> None:
        config = Config(database="none")
        self.connections = Connections(config)
        self.disk = FailingStore(1000)
        self.crashes: list[object] = []
        self.chat = Chat(config, self.disk, self.connections)
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


@pytest.fixture
def server() -> Iterator[ChatServer]:
    made = ChatServer()
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


WELCOMED = b"-- end of history --\r\n"
PONG = b"-> pong\r\n"


def test_a_conversation(server: ChatServer) -> None:
    alice, bob = server.call(), server.call()
    assert until(alice, WELCOMED).startswith(b"Welcome to geventchat. You are guest1 in #lobby")
    until(bob, WELCOMED)
    alice.sendall(b"hello\r\n/nick alice\r\nagain\r\n/ping\r\n")
    until(alice, PONG)
    bob.sendall(b"/ping\r\n")
    heard = until(bob, PONG)
    assert [line.rpartition(b"] ")[2] for line in heard.splitlines()] == [
        b"<guest1> hello",
        b" * guest1 is now known as alice.",
        b"<alice> again",
        b"-> pong",
    ]


def test_the_end_comes_in_good_order(server: ChatServer) -> None:
    alice, bob = server.call(), server.call()
    until(alice, WELCOMED)
    until(bob, WELCOMED)
    alice.sendall(b"last words\r\n/quit tired\r\n")
    heard = b""
    while piece := alice.recv(65536):
        heard += piece
    assert heard.endswith(b"-> Bye. Online 0s, 1 line.\r\n")
    alice.close()
    server.handlers[0].get(timeout=HANG_S)
    bob.sendall(b"/ping\r\n")
    heard = until(bob, PONG)
    assert b"last words\r\n * guest1 left (tired).\r\n" in heard
    assert server.connections.ended == {CloseReason.QUIT: 1}


def test_who_drops_the_line_has_left(server: ChatServer) -> None:
    alice = server.call()
    until(alice, WELCOMED)
    alice.close()
    server.handlers[0].get(timeout=HANG_S)
    bob = server.call()
    until(bob, WELCOMED)
    assert list(server.chat.state.nicks) == ["guest2"]
    assert server.connections.ended == {CloseReason.EOF: 1}


def test_history_that_cannot_be_read_is_told_and_nothing_else_ends(server: ChatServer) -> None:
    alice = server.call()
    until(alice, WELCOMED)
    server.disk.read_error = "disk error"
    alice.sendall(b"/history\r\n/ping\r\n")
    assert until(alice, PONG) == b"-> History cannot be read now: disk error.\r\n" + PONG


def test_refusals_reach_their_author(server: ChatServer) -> None:
    alice = server.call()
    until(alice, WELCOMED)
    server.disk.write_error = "disk full"
    alice.sendall(b"hello\r\n/ping\r\n")
    assert until(alice, PONG) == b"-> Not saved: disk full. Your line was not sent.\r\n" + PONG
    server.disk.write_error = ""
    alice.sendall(b"hello again\r\n/ping\r\n")
    assert until(alice, PONG) == PONG


def test_a_bug_in_one_conversation_ends_that_one_only(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    alice, bob = server.call(), server.call()
    until(alice, WELCOMED)
    until(bob, WELCOMED)

    def broken(self: HumanDialect, data: bytes) -> None:
        raise ZeroDivisionError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(HumanDialect, "received", broken)
        alice.sendall(b"hello\r\n")
        heard = b""
        while piece := alice.recv(65536):
            heard += piece
    assert heard.endswith(b"-> Something went wrong on our side; it has been logged. Closing.\r\n")
    assert "a bug" in caplog.text
    alice.close()
    bob.sendall(b"/ping\r\n")
    assert b"left (internal error)" in until(bob, PONG)
    assert server.connections.ended == {CloseReason.CRASH: 1}


def test_who_stalls_is_given_up(server: ChatServer) -> None:
    alice = server.call()
    until(alice, WELCOMED)
    (connection,) = server.connections.open
    server.connections.stalled[connection] = 100.0
    server.connections.close_stalled(129.9)
    assert connection.closed is None
    server.connections.close_stalled(130.1)
    assert connection.closed is CloseReason.STALLED
    server.handlers[0].get(timeout=HANG_S)
    assert server.connections.ended == {CloseReason.STALLED: 1}


def test_everyone_is_dismissed_when_the_server_stops(server: ChatServer) -> None:
    callers = [server.call() for _ in range(5)]
    for caller in callers:
        until(caller, WELCOMED)
    server.connections.drain()
    for caller in callers:
        until(caller, b"-> The server is shutting down. Come back soon.\r\n")
        caller.close()
    gevent.joinall(server.handlers, timeout=HANG_S)
    assert server.connections.ended == {CloseReason.DRAIN: 5}
