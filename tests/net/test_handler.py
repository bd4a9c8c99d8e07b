"""A dialect over a connection: what it asks for is done, in order, in the connection's greenlet."""

from __future__ import annotations

import _socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import gevent
import gevent.socket
import pytest

from geventchat.app import Chat
from geventchat.chat.events import Said
from geventchat.config import Config
from geventchat.dialects.human.dialect import HumanDialect
from geventchat.errors import CloseReason
from geventchat.net.service import Connections
from tests.harness import FailingStore
from tests.net.first_lines import IRC, PEOPLE, WRONG_PLACE
from tests.net.socket_pair import HANG_S


class ChatServer:
    """A chat without a listener, and callers."""

    def __init__(self, **settings: Any) -> None:
        config = Config(database="none", **settings)
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


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with serving() as made:
        yield made


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


SILENCE_S, DEADLINE_S = 0.02, 0.1


def said_in(server: ChatServer) -> list[str]:
    entries = server.disk.lines("#lobby", 1 << 60, 1000)
    return [entry.event.text for entry in entries if isinstance(entry.event, Said)]


def attack(server: ChatServer, data: bytes, late: bool, piece: int, pause_s: float) -> None:
    """Send a first line in pieces of that size, before the welcome or after it."""
    client = server.call()
    if late:
        until(client, WELCOMED)
    with suppress(OSError):  # It may have been hung up on already, as it should.
        for start in range(0, len(data), piece):
            client.sendall(data[start : start + piece])
            gevent.sleep(pause_s)
        client.sendall(b"hello\r\n")
        client.shutdown(gevent.socket.SHUT_WR)
        while client.recv(65536):
            pass
    client.close()


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("how", ["whole", "byte by byte", "slow"])
def test_no_line_of_a_program_is_ever_said(how: str, late: bool) -> None:
    settings = {"detection_silence_s": SILENCE_S, "first_line_timeout_s": DEADLINE_S}
    with serving(**settings, rooms_per_session=5) as server:
        attacks = []
        for data in [*IRC.values(), *WRONG_PLACE.values()]:
            half = (len(data.partition(b"\n")[0]) + 1) // 2
            piece = {"whole": len(data), "byte by byte": 1, "slow": half}[how]
            pause_s = 2 * DEADLINE_S if how == "slow" else 0
            attacks.append(gevent.spawn(attack, server, data, late, piece, pause_s))
        gevent.joinall(attacks, timeout=HANG_S, raise_error=True)
        gevent.joinall(server.handlers, timeout=HANG_S)
        assert said_in(server) == []


def test_a_slow_password_is_not_said() -> None:
    settings = {"detection_silence_s": SILENCE_S, "first_line_timeout_s": DEADLINE_S}
    with serving(**settings) as server:
        client = server.call()
        client.sendall(b"PASS hun")
        assert client.recv(100) == b""
        client.close()
        late = server.call()
        until(late, WELCOMED)
        late.sendall(b"PASS hun")
        assert late.recv(100) == b""
        late.close()
        gevent.joinall(server.handlers, timeout=HANG_S)
        assert server.connections.ended == {CloseReason.UNFINISHED: 2}


def test_what_people_type_first_is_said() -> None:
    with serving(detection_silence_s=SILENCE_S) as server:
        for data in PEOPLE.values():
            client = server.call()
            until(client, WELCOMED)
            client.sendall(data + b"/ping\n")
            until(client, PONG)
            client.close()
        said = said_in(server)
    assert {"hello", "ping?", "PING?", "Pass the salt", "quit", ":) hello", "GET OUT"} <= set(said)
    assert len(said) == len(PEOPLE) - 1  # One is a command.


PROMPT = b"Password: "


def test_whoever_does_not_give_the_password_is_not_waited_for() -> None:
    settings = {"detection_silence_s": SILENCE_S, "registration_timeout_s": 0.2}
    with serving(**settings, password="secret") as server:
        silent, blank = server.call(), server.call()
        until(silent, PROMPT)
        until(blank, PROMPT)
        for client in (silent, blank):
            with suppress(OSError):
                for _ in range(5):
                    blank.sendall(b"\r\n")
                    gevent.sleep(0.05)
            until(client, b"-> You took too long to say who you are. Closing.\r\n")
            client.close()
        gevent.joinall(server.handlers, timeout=HANG_S)
        assert server.connections.ended == {CloseReason.NOT_REGISTERED: 2}


def test_the_password_is_no_line() -> None:
    with serving(detection_silence_s=SILENCE_S, password="secret") as server:
        early, late, irc = server.call(), server.call(), server.call()
        early.sendall(b"secret\r\nhello\r\n/ping\r\n")
        until(early, PONG)
        until(late, PROMPT)
        late.sendall(b"sec")
        late.sendall(b"ret\r\nhi\r\n/ping\r\n")
        until(late, PONG)
        until(irc, PROMPT)
        irc.sendall(b"PASS secret\r\nNICK bob\r\nUSER bob 0 * :Bob\r\n")
        assert b" 001 bob " in until(irc, b" 422 ")
        assert said_in(server) == ["hello", "hi"]
        for client in (early, late, irc):
            client.close()
