"""One connection: waits end, lines are taken once, floods are bounded."""

import socket
import threading
import time

import pytest

from loadtest.attacks.client import Client, Hung, Person, packet, people, pour, together
from tests.loadtest.conftest import ServerFactory, faithful


@pytest.fixture
def answering() -> "tuple[socket.socket, int]":
    listener = socket.create_server(("127.0.0.1", 0))
    return listener, listener.getsockname()[1]


def connected(answering: "tuple[socket.socket, int]") -> tuple[Client, socket.socket]:
    listener, port = answering
    client = Client(port)
    peer, _ = listener.accept()
    listener.close()
    return client, peer


def test_lines_are_taken_up_to_the_one_waited_for(answering: "tuple[socket.socket, int]") -> None:
    client, peer = connected(answering)
    with client, peer:
        peer.sendall(b"\xff\xfd\x00\rone\r\ntwo\r\nthree\r\nfo")
        assert client.until("tw") == ["one", "two"]
        assert client.until("three") == ["three"]
        peer.sendall(b"ur\n")
        assert client.until("four", 5) == ["four"]
        assert client.during(0.01) == []


def test_no_wait_is_without_an_end(answering: "tuple[socket.socket, int]") -> None:
    client, peer = connected(answering)
    with client, peer:
        peer.sendall(b"something else\n")
        with pytest.raises(Hung, match=r"nothing in 0 s.*something else"):
            client.until("never", 0.05)
        peer.close()
        with pytest.raises(Hung, match="closed by the server"):
            client.until("never", 5)


def test_nobody_there_is_said(answering: "tuple[socket.socket, int]") -> None:
    listener, port = answering
    listener.close()
    with pytest.raises(Hung, match="cannot connect"):
        Client(port)


def test_a_packet_is_what_is_read_at_once() -> None:
    assert len(packet(b"/who\n")) == 16_380
    assert packet(b"x" * 20_000) == b"x" * 20_000


def test_pouring_ends_with_its_bytes_or_its_time(answering: "tuple[socket.socket, int]") -> None:
    client, peer = connected(answering)
    taken: list[bytes] = []

    def read() -> None:
        while data := peer.recv(65536):
            taken.append(data)
            peer.sendall(data)  # it must be read, or this thread would wait for ever

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    with client, peer:
        start = time.monotonic()
        sent = pour([client], lambda: b"x" * 1000, seconds=0.3, most=50_000)
        assert 50_000 <= sent < 52_000
        assert time.monotonic() - start >= 0.3
        client.sock.setblocking(True)
        client.sock.shutdown(socket.SHUT_WR)
        thread.join(10)
    assert len(b"".join(taken)) == sent


def test_people_come_in_at_once_and_ask(fake: ServerFactory) -> None:
    server = fake("chat", faithful)
    with together(people(server.port, ["127.0.0.1", "127.0.0.2"])) as (alice, bob):
        assert alice.ask("/join #a") == ["-> You are in #a: no topic (1 here: you)"]
        assert bob.sock.getsockname()[0] == "127.0.0.2"
        with Person(server.port) as carol:
            assert carol.welcome[0].startswith("Welcome")
