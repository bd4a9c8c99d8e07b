"""A dialect over a connection: what it asks for is done, in order, in the connection's greenlet."""

from __future__ import annotations

from contextlib import suppress

import gevent
import gevent.socket
import pytest

from geventchat.chat.events import Said
from geventchat.errors import CloseReason
from tests.line_client import OPENING
from tests.net.chat_server import PONG, WELCOMED, ChatServer, everything, serving, until
from tests.net.first_lines import IRC, PEOPLE, WRONG_PLACE
from tests.net.socket_pair import HANG_S


def test_a_conversation(server: ChatServer) -> None:
    alice = server.call()
    assert until(alice, WELCOMED).startswith(
        OPENING + b"Welcome to geventchat. You are guest1 in #lobby"
    )
    bob = server.person()
    alice.sendall(b"hello\r\n/nick alice\r\nagain\r\n/ping\r\n")
    until(alice, PONG)
    bob.sendall(b"/ping\r\n")
    heard = until(bob, PONG)
    assert [line.rpartition(b"] ")[2] for line in heard.splitlines()] == [
        b"*** guest1 joined #lobby. (1 here)",
        b"<guest1> hello",
        b"*** guest1 is now known as alice.",
        b"<alice> again",
        b"-> pong",
    ]


def test_what_a_terminal_is_asked_comes_with_the_welcome(server: ChatServer) -> None:
    """In one packet: a program that reads once reads a line."""
    assert server.call().recv(65536).startswith(OPENING + b"Welcome to geventchat.")


def test_a_pipe_that_speaks_at_once_is_asked_nothing_of_a_terminal(server: ChatServer) -> None:
    pipe = server.call()
    pipe.sendall(b"/ping\r\n")
    assert until(pipe, PONG).startswith(b"Welcome to geventchat.")
    telnet = server.call()
    telnet.sendall(b"\xff\xfb\x1f")
    assert until(telnet, WELCOMED).startswith(OPENING + b"Welcome to geventchat.")


def test_the_end_comes_in_good_order(server: ChatServer) -> None:
    alice, bob = server.person(), server.person()
    alice.sendall(b"last words\r\n/quit tired\r\n")
    assert everything(alice).endswith(b"-> Bye. Online 0s, 1 line.\r\n")
    server.handlers[0].get(timeout=HANG_S)
    bob.sendall(b"/ping\r\n")
    heard = until(bob, PONG)
    assert b"last words\r\n*** guest1 left (tired).\r\n" in heard
    assert server.connections.ended == {CloseReason.QUIT: 1}


def test_who_drops_the_line_has_left(server: ChatServer) -> None:
    alice = server.person()
    alice.close()
    server.handlers[0].get(timeout=HANG_S)
    server.person()
    assert list(server.chat.state.nicks) == ["guest2"]
    assert server.connections.ended == {CloseReason.EOF: 1}


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
        late = server.person()
        late.sendall(b"PASS hun")
        assert late.recv(100) == b""
        late.close()
        gevent.joinall(server.handlers, timeout=HANG_S)
        assert server.connections.ended == {CloseReason.UNFINISHED: 2}


def test_what_people_type_first_is_said() -> None:
    with serving(detection_silence_s=SILENCE_S) as server:
        for data in PEOPLE.values():
            client = server.person()
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
