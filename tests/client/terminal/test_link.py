"""Connections: got, refused, lost; and other ends that are no chat servers."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from geventchat.client.terminal import link as link_module
from geventchat.client.terminal.address import Address
from geventchat.client.terminal.conversation import Conversation
from geventchat.client.terminal.errors import ConnectionLost, NotLetIn, Unreachable, Untrusted
from geventchat.client.terminal.link import PING_AFTER_S, Door, Link, come_in, say_goodbye
from geventchat.client.terminal.registration import NEEDED, Registration
from geventchat.client.terminal.state import State
from geventchat.client.terminal.tls import Tls, context_of
from tests.client.terminal.between import CERTIFICATE, Between, Listener, floods, says
from tests.running import Running

WELCOME = (
    f":s CAP * LS :{' '.join(NEEDED)}\r\n:s CAP * ACK :{' '.join(NEEDED)}\r\n"
    ":s 001 a :Hi\r\n:s 422 a :No\r\n:s PONG s welcomed\r\n"
).encode()


def door(port: int, tls: Tls = Tls.OFF, password: bool = False, cafile: str = "") -> Door:
    return Door(Address("localhost", port), tls, context_of(cafile=cafile), password)


def conversation(nick: str = "alice") -> Conversation:
    return Conversation(State(nick), Registration(nick))


def let_in(port: int, within_s: float = 20.0) -> Link:
    link = Link(door(port).open(), conversation())
    try:
        come_in(link, within_s)
    except BaseException:
        link.close()
        raise
    return link


@pytest.mark.parametrize(
    ("serve", "why"),
    [
        (says(b"HTTP/1.1 400 Bad Request\r\n\r\n", "closes"), "it says 'HTTP/1.1 400 Bad"),
        (says(b"SSH-2.0-OpenSSH_9\r\n"), "it says 'SSH-2.0-OpenSSH_9'"),
        (says(b"", "echoes"), "it repeats what it is sent"),
        (says(b"", "closes"), "not let in: "),
        (says(b":s 001 alice", "closes"), "not let in: "),
        (says(b"x" * 1_000_000 + b"\n"), "it sends a line of more than 65,536 bytes"),
        (floods, "it sends a line of more than 65,536 bytes"),
        (says(b"\x1b[2J\xff\xfe\r\n"), "that is not a chat server"),
    ],
    ids=["http", "ssh", "echo", "closed", "cut", "long", "flood", "hostile"],
)
def test_who_is_no_chat_server(serve: Callable[[socket.socket], None], why: str) -> None:
    with Listener(serve) as server, pytest.raises(Unreachable, match=why):
        let_in(server.port)


@pytest.mark.parametrize("nick", [b"", b":", b":two words"])
def test_nobody_is_called_what_cannot_be_sent(nick: bytes) -> None:
    welcome = WELCOME.replace(b"001 a :Hi", b"001 " + nick)
    with (
        Listener(says(welcome)) as server,
        pytest.raises(Unreachable, match="nobody can have the nick"),
    ):
        let_in(server.port)


def test_a_server_that_says_nothing() -> None:
    with Listener(says(b"")) as server, pytest.raises(Unreachable, match="no welcome within 0 s"):
        let_in(server.port, 0.1)


@pytest.mark.parametrize("verb", [b"NOTICE *", b"FAIL * NOT_SAVED"])
def test_a_server_that_says_why_there_is_no_welcome(verb: bytes) -> None:
    said = b":srv " + verb + b" :Not saved: disk full\r\n"
    with Listener(says(said)) as server:
        link = Link(door(server.port).open(), talk := conversation())
        # The time is over when that has been read, however long it took.
        with pytest.raises(NotLetIn, match="10 s; the server says: Not saved: disk full"):
            come_in(link, 10, lambda: 11 if talk.last_notice else 0)
        link.close()


def test_coming_in_so_late_that_the_server_has_met_a_person(server: Running) -> None:
    sock = door(server.port).open()
    assert select.select([sock], [], [], 20)[0]  # Its welcome for people has come.
    link = Link(sock, conversation())
    come_in(link, 20.0)
    link.close()


def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with Listener(says(b"")) as server:
        port = server.port
    with pytest.raises(Unreachable, match=f"connect to localhost:{port}: nobody listens there"):
        door(port).open()
    with pytest.raises(Unreachable, match=r"cannot connect to no\.\.host:1: "):
        Door(Address("no..host", 1), Tls.OFF, context_of(), False).open()

    def unknown(*_: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "create_connection", unknown)
    with pytest.raises(Unreachable, match=r"no such host \(Name or service not known\)"):
        door(port).open()


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every connection that was asked for, in order."""
    made: list[int] = []
    connected = Door._connected

    def counted(self: Door) -> socket.socket:
        made.append(self.address.port)
        return connected(self)

    monkeypatch.setattr(Door, "_connected", counted)
    return made


def test_without_tls_it_goes_on_in_clear_and_remembers(calls: list[int]) -> None:
    with Listener(says(b"hello\r\n")) as server:
        one = door(server.port, Tls.AUTO)
        one.open().close()
        assert (one.is_encrypted, len(calls)) == (False, 2)
        one.open().close()
        assert len(calls) == 3


def test_a_server_that_waits_is_no_tls_server(
    calls: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "TLS_S", 0.1)
    with Listener(says(b"")) as server:
        one = door(server.port, Tls.AUTO)
        one.open().close()
        assert (one.is_encrypted, len(calls)) == (False, 2)


def test_when_it_must_be_encrypted(calls: list[int]) -> None:
    with Listener(says(b"hello\r\n")) as server:
        with pytest.raises(Untrusted, match=r"does not speak TLS \(--tls off to do without"):
            door(server.port, Tls.ON).open()
        assert len(calls) == 1


def test_a_bad_certificate_is_never_a_reason_to_go_without(calls: list[int]) -> None:
    with Listener(says(b"")) as server, Between(server.port, tls=True) as between:
        with pytest.raises(Untrusted, match="certificate of localhost does not hold"):
            door(between.port, Tls.AUTO).open()
        assert len(calls) == 1


def test_where_there_was_tls_it_must_be_again(calls: list[int]) -> None:
    with Listener(says(b"hello\r\n")) as server, Between(server.port, tls=True) as between:
        one = door(between.port, Tls.AUTO, cafile=CERTIFICATE)
        one.open().close()
        assert one.is_encrypted
        one.address = Address("localhost", server.port)
        with pytest.raises(Untrusted, match="it did before"):
            one.open()
        assert calls[-2:] == [between.port, server.port]


def test_a_password_does_not_travel_in_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    with Listener(says(b"hello\r\n")) as server:
        door(server.port, Tls.AUTO, password=True).open().close()  # Within this machine.
        monkeypatch.setattr(Address, "is_here", False)
        with pytest.raises(Untrusted, match="password would be readable on the way"):
            door(server.port, Tls.AUTO, password=True).open()
        door(server.port, Tls.OFF, password=True).open().close()


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    theirs.settimeout(20)
    yield ours, theirs
    ours.close()
    theirs.close()


def test_signs_of_life(pair: tuple[socket.socket, socket.socket]) -> None:
    clock = [0.0]
    link = Link(pair[0], conversation(), lambda: clock[0])
    pair[1].sendall(WELCOME)
    come_in(link)
    link.step(0)
    pair[1].recv(65536)
    clock[0] = PING_AFTER_S + 1
    link.step(0)
    assert pair[1].recv(65536) == b"PING :here\r\n"
    link.step(0)
    pair[1].sendall(b":s PONG s here\r\n")
    link.step(20)
    clock[0] += PING_AFTER_S + 1
    link.step(0)
    assert pair[1].recv(65536) == b"PING :here\r\n"
    clock[0] += PING_AFTER_S + 1
    with pytest.raises(ConnectionLost, match="no sign of life for 62 s"):
        link.step(0)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"x" * 100_000, "the server sent a line of more than 65,536 bytes"),
        (b"".join(b":s BATCH +%d x\r\n" % n for n in range(65)), "64"),
        (b"ERROR :Closing Link: (Killed by op)\r\n", "Killed by op"),
    ],
)
def test_what_ends_a_connection(
    pair: tuple[socket.socket, socket.socket], sent: bytes, why: str
) -> None:
    link = Link(pair[0], conversation())
    pair[1].sendall(WELCOME)
    come_in(link)
    pair[1].sendall(sent)
    pair[1].shutdown(socket.SHUT_WR)
    with pytest.raises(ConnectionLost, match=why):
        while True:
            link.step(20)


def test_a_peer_that_does_not_read_is_not_waited_for(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    link = Link(pair[0], conversation())
    pair[1].sendall(WELCOME)
    come_in(link)
    for _ in range(300):
        link.conversation.say("#dev", "x" * 4000)
        link.step(0)
    assert len(link.conversation.unanswered) >= 300


def test_encrypted_bytes_are_all_read(server: Running) -> None:
    """What TLS has decrypted already, no descriptor tells of."""
    with Between(server.port, tls=True) as between:
        sock = door(between.port, Tls.ON, cafile=CERTIFICATE).open()
        link = Link(sock, conversation())
        come_in(link)
        link.conversation.join("#tls")
        for number in range(400):
            link.conversation.say("#tls", f"{number} " + "x" * 300)
        end = time.monotonic() + 30
        while link.conversation.unanswered and time.monotonic() < end:
            link.step(1)
        assert link.conversation.confirmed == 400
        say_goodbye(link)
