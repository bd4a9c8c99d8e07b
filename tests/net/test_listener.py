"""Accepting and admitting: bound, tuned, counted, and told when it is full."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import gevent
import pytest
from gevent import socket

from geventchat.config import Config
from geventchat.errors import StartError
from geventchat.net.admission import Admission
from geventchat.net.listener import LEAVING_MAX, Listener, bind, plain_address, tune
from tests.net.socket_pair import HANG_S

CONFIG = Config(port=0, database="none", send_buffer_bytes=6000)


class Door:
    """A listener whose handler keeps everyone until told otherwise."""

    def __init__(self, capacity: int, **settings: Any) -> None:
        self.config = replace(CONFIG, **settings)
        self.inside: list[tuple[Any, str]] = []
        self.leave = gevent.event.Event()
        self.silent: list[Any] = []
        self.listener = Listener(
            bind(self.config),
            self._handle,
            lambda: self.config,
            capacity,
            Admission(lambda: self.config),
            self._make_place,
        )
        self.listener.start()
        self.callers: list[socket.socket] = []

    def _handle(self, sock: Any, address: str) -> None:
        self.inside.append((sock, address))
        sock.send(b"in\n")
        self.leave.wait()
        sock.close()

    def _make_place(self) -> bool:
        return bool(self.silent and self.silent.pop())

    def call(self) -> bytes:
        """Connect; the first that is said."""
        return self.connect(socket.socket())

    def connect(self, caller: socket.socket) -> bytes:
        caller.settimeout(HANG_S)
        self.callers.append(caller)
        caller.connect(self.listener.address[:2])
        return caller.recv(1000)

    def close(self) -> None:
        self.leave.set()
        self.listener.stop(timeout=HANG_S)
        for caller in self.callers:
            caller.close()


@pytest.fixture
def door() -> Iterator[Door]:
    made = Door(capacity=2)
    yield made
    made.close()


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
    assert door.listener.refused == {"server full": 1}


def test_whoever_is_silent_makes_place(door: Door) -> None:
    """The one that leaves has its greenlet for a moment more; that is no reason to wait."""
    assert [door.call(), door.call()] == [b"in\n"] * 2
    door.silent = [True, True]
    assert [door.call(), door.call()] == [b"in\n"] * 2
    assert door.call().startswith(b"-> server full")
    door.silent = [True] * 100
    heard = [door.call() for _ in range(LEAVING_MAX)]
    assert heard.count(b"in\n") == LEAVING_MAX - 2, "only so many are leaving at a time"


def test_an_address_that_takes_too_much(caplog: pytest.LogCaptureFixture) -> None:
    door = Door(100, limit_loopback=True, connections_per_address=2, connects_per_address=3)
    caplog.set_level("INFO")
    try:
        assert [door.call(), door.call()] == [b"in\n"] * 2
        assert door.call() == (
            b"-> Too many connections from your address: the limit is 2 at once. Try later.\r\n"
        )
        assert door.callers[-1].recv(1) == b""
        door.leave.set()
        with gevent.Timeout(HANG_S):
            while len(door.listener.pool):
                gevent.sleep(0.001)
        assert door.call() == b"in\n"
        with gevent.Timeout(HANG_S):
            while len(door.listener.pool):
                gevent.sleep(0.001)
        assert door.call() == (
            b"-> Too many connections from your address: the limit is 3 in 10 minutes."
            b" Try later.\r\n"
        )
        assert [r.getMessage() for r in caplog.records] == [
            "127.0.0.1: not let in: too many connections from its address",
            "127.0.0.1: not let in: too many new connections from its address",
        ]
        for _ in range(40):
            door.call()
        assert len(caplog.records) == 20, "a flood does not fill the log"
        assert sum(door.listener.refused.values()) == 42
    finally:
        door.close()


@pytest.fixture
def no_descriptors() -> Iterator[Callable[[], list[int]]]:
    """Call it to take all descriptors there are, up to a limit not far above what is in use."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken: list[int] = []

    def take() -> list[int]:
        lowest = os.open(os.devnull, os.O_RDONLY)
        taken.append(lowest)
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + 20, before[1]))
        with suppress(OSError):
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
        return taken

    yield take
    resource.setrlimit(resource.RLIMIT_NOFILE, before)
    for descriptor in taken:
        os.close(descriptor)


def test_without_descriptors_newcomers_are_told(
    no_descriptors: Callable[[], list[int]], caplog: pytest.LogCaptureFixture
) -> None:
    door = Door(capacity=100)
    callers = [socket.socket() for _ in range(5)]
    try:
        assert door.call() == b"in\n"
        taken = no_descriptors()
        heard = [door.connect(caller) for caller in callers[:4]]
        assert heard == [b"-> server full: 100 connections. Try later.\r\n"] * 4
        assert [r.getMessage() for r in caplog.records] == [
            "nobody can be let in: Too many open files"
        ]
        while taken:
            os.close(taken.pop())
        assert door.connect(callers[4]) == b"in\n"
    finally:
        door.close()


def test_without_descriptors_the_loop_rests(no_descriptors: Callable[[], list[int]]) -> None:
    """The kernel tells of whoever waits as often as it is asked, and nothing could be done."""
    door = Door(capacity=100)
    waiting = socket.socket()
    tries = []
    try:
        no_descriptors()
        os.close(door.listener._spare)
        filler = os.open(os.devnull, os.O_RDONLY)
        door.listener._spare = -1
        accept = door.listener._accept
        door.listener._accept = lambda: (tries.append(1), accept())[1]
        waiting.connect(door.listener.address[:2])
        gevent.sleep(0.1)
        assert 1 <= len(tries) <= 2, "one look, one try to tell; then a pause"
        os.close(filler)
    finally:
        waiting.close()
        door.close()


def test_when_somebody_leaves_there_is_room(door: Door) -> None:
    for _ in range(2):
        door.call()
    door.leave.set()
    with gevent.Timeout(HANG_S):
        while door.listener.pool.free_count() < 2 + LEAVING_MAX:
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
