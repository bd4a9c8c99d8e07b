"""Accepting and admitting: bound, tuned, counted, and told when it is full."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gevent
import pytest
from gevent import socket

from geventchat.config import Config
from geventchat.errors import StartError
from geventchat.net.listener import Listener, bind, plain_address, tune
from tests.net.socket_pair import HANG_S

CONFIG = Config(port=0, database="none", send_buffer_bytes=6000)


class Door:
    """A listener whose handler keeps everyone until told otherwise."""

    def __init__(self, capacity: int) -> None:
        self.inside: list[tuple[Any, str]] = []
        self.leave = gevent.event.Event()
        self.listener = Listener(bind(CONFIG), self._handle, CONFIG, capacity)
        self.listener.start()
        self.callers: list[socket.socket] = []

    def _handle(self, sock: Any, address: str) -> None:
        self.inside.append((sock, address))
        sock.send(b"in\n")
        self.leave.wait()
        sock.close()

    def call(self) -> bytes:
        """Connect; the first that is said."""
        caller = socket.create_connection(self.listener.address[:2], timeout=HANG_S)
        self.callers.append(caller)
        return caller.recv(1000)


@pytest.fixture
def door() -> Iterator[Door]:
    made = Door(capacity=2)
    yield made
    made.leave.set()
    made.listener.stop(timeout=HANG_S)
    for caller in made.callers:
        caller.close()


def test_who_is_admitted_gets_a_raw_socket_and_an_address(door: Door) -> None:
    assert door.call() == b"in\n"
    ((sock, address),) = door.inside
    assert address == "127.0.0.1"
    assert sock.gettimeout() == 0.0
    assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)


def test_one_too_many_is_told_and_let_go(door: Door) -> None:
    assert [door.call(), door.call()] == [b"in\n"] * 2
    assert door.call() == b"-> server full: 2 connections. Try later.\r\n"
    assert door.callers[-1].recv(1) == b""
    assert door.listener.refused == 1


def test_when_somebody_leaves_there_is_room(door: Door) -> None:
    for _ in range(2):
        door.call()
    door.leave.set()
    with gevent.Timeout(HANG_S):
        while door.listener.pool.free_count() < 2:
            gevent.sleep(0.001)
    door.leave.clear()
    assert door.call() == b"in\n"


def test_the_send_buffer_has_its_bound() -> None:
    """The kernel doubles what it is told (socket(7)); unset it grows to megabytes."""
    with socket.socket() as tcp:
        tune(tcp, CONFIG)
        assert tcp.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 2 * 6000


def test_half_open_peers_are_probed() -> None:
    with socket.socket() as tcp:
        tune(tcp, Config(keepalive_idle_s=30, keepalive_gone_s=60))
        ask = tcp.getsockopt
        idle, between, count = (
            ask(socket.IPPROTO_TCP, option)
            for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
        )
        assert idle + between * count == 60
        assert ask(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 60_000
        tune(tcp, Config(keepalive_idle_s=86399, keepalive_gone_s=86400))


def test_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartError) as caught:
            bind(Config(port=port))
    assert str(caught.value) == f"127.0.0.1 port {port} is in use; choose another with --port"


@pytest.mark.parametrize("host", ["192.0.2.1", "no..host", "x" * 64])
def test_an_address_that_is_not_ours(host: str) -> None:
    with pytest.raises(StartError, match=rf"^cannot listen on {host} port 0: \S.*$"):
        bind(Config(host=host, port=0))


def test_a_host_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not asked of this machine's resolver: some answer to any name, some after minutes."""

    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr("geventchat.net.listener.socket.getaddrinfo", unknown)
    with pytest.raises(StartError) as caught:
        bind(Config(host="no.such.host", port=0))
    assert str(caught.value) == "cannot listen on no.such.host port 0: Name or service not known"


def test_an_empty_port_is_any_free_one() -> None:
    sock = bind(CONFIG)
    assert sock.getsockname()[1] > 0
    sock.close()


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::1", "::1"),
        ("2001:db8::ffff:7", "2001:db8::ffff:7"),
    ],
)
def test_addresses_are_those_that_bans_name(address: str, plain: str) -> None:
    assert plain_address(address) == plain
