"""A dialect over a connection: what it asks for is done, in order, in the connection's greenlet."""

from __future__ import annotations

import _socket
from collections.abc import Iterator, Sequence

import gevent
import gevent.socket
import pytest

from geventchat.app import Chat
from geventchat.chat.events import Entry
from geventchat.config import Config
from geventchat.dialects.human.dialect import HumanDialect
from geventchat.errors import CloseReason, StoreError
from geventchat.journal.memory import MemoryStore
from geventchat.net.service import Connections
from tests.net.socket_pair import HANG_S


class Disk(MemoryStore):
    """A store that can be told to fail."""

    fails = ""

    def append(self, entries: Sequence[Entry], after: int) -> None:
        if self.fails:
            raise StoreError(self.fails)
        super().append(entries, after)

    def lines(self, room: str, before: int, limit: int) -> list[Entry]:
        if self.fails:
            raise StoreError(self.fails)
        return super().lines(room, before, limit)


class House:
    """A chat without a listener, and callers."""

    def __init__(self) -> None:
        config = Config(database="none")
        self.connections = Connections(config)
        self.disk = Disk(1000)
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
def house() -> Iterator[House]:
    made = House()
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


def test_a_conversation(house: House) -> None:
    alice, bob = house.call(), house.call()
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


def test_the_end_comes_in_good_order(house: House) -> None:
    alice, bob = house.call(), house.call()
    until(alice, WELCOMED)
    until(bob, WELCOMED)
    alice.sendall(b"last words\r\n/quit tired\r\n")
    heard = b""
    while piece := alice.recv(65536):
        heard += piece
    assert heard.endswith(b"-> Bye. Online 0s, 1 line.\r\n")
    alice.close()
    house.handlers[0].get(timeout=HANG_S)
    bob.sendall(b"/ping\r\n")
    heard = until(bob, PONG)
    assert b"last words\r\n * guest1 left (tired).\r\n" in heard
    assert house.connections.ended == {CloseReason.QUIT: 1}


def test_who_drops_the_line_has_left(house: House) -> None:
    alice = house.call()
    until(alice, WELCOMED)
    alice.close()
    house.handlers[0].get(timeout=HANG_S)
    bob = house.call()
    until(bob, WELCOMED)
    assert list(house.chat.state.nicks) == ["guest2"]
    assert house.connections.ended == {CloseReason.EOF: 1}


def test_history_that_cannot_be_read_is_told_and_nothing_else_ends(house: House) -> None:
    alice = house.call()
    until(alice, WELCOMED)
    house.disk.fails = "disk error"
    alice.sendall(b"/history\r\n/ping\r\n")
    assert until(alice, PONG) == b"-> History cannot be read now: disk error.\r\n" + PONG


def test_refusals_reach_their_author(house: House) -> None:
    alice = house.call()
    until(alice, WELCOMED)
    house.disk.fails = "disk full"
    alice.sendall(b"hello\r\n/ping\r\n")
    assert until(alice, PONG) == b"-> Not saved: disk full. Your line was not sent.\r\n" + PONG
    house.disk.fails = ""
    alice.sendall(b"hello again\r\n/ping\r\n")
    assert until(alice, PONG) == PONG


def test_a_bug_in_one_conversation_ends_that_one_only(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    alice, bob = house.call(), house.call()
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
    assert house.connections.ended == {CloseReason.CRASH: 1}


def test_who_stalls_is_given_up(house: House) -> None:
    alice = house.call()
    until(alice, WELCOMED)
    (connection,) = house.connections.open
    house.connections.stalled[connection] = 100.0
    house.connections.close_stalled(129.9)
    assert connection.closed is None
    house.connections.close_stalled(130.1)
    assert connection.closed is CloseReason.STALLED
    house.handlers[0].get(timeout=HANG_S)
    assert house.connections.ended == {CloseReason.STALLED: 1}


def test_everyone_is_dismissed_when_the_server_stops(house: House) -> None:
    callers = [house.call() for _ in range(5)]
    for caller in callers:
        until(caller, WELCOMED)
    house.connections.drain()
    for caller in callers:
        until(caller, b"-> The server is shutting down. Come back soon.\r\n")
        caller.close()
    gevent.joinall(house.handlers, timeout=HANG_S)
    assert house.connections.ended == {CloseReason.DRAIN: 5}
