"""Every setting that may be changed while the server runs takes effect, for those here too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields, replace
from typing import Any

import gevent
import pytest
from gevent import socket

from geventchat import log as logs
from geventchat.app import Server
from geventchat.assembly import Chat
from geventchat.chat.accounts import Account
from geventchat.config import RESTART_SETTINGS, Config
from geventchat.errors import Refused
from tests.net.chat_server import PONG, WELCOMED, until
from tests.net.socket_pair import HANG_S

LIVE = {spec.name for spec in fields(Config)} - RESTART_SETTINGS
CONFIG = Config(
    port=0,
    database="none",
    detection_silence_s=0.02,
    limit_loopback=True,
    oper_name="root",
    oper_password="pw",
)
READ: set[str] = set()


class Watched(Config):
    """Settings that tell which of them were asked for."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:
        READ.add(name)
        return super().__getattribute__(name)


class Reloading:
    """A server whose settings are read again as they are in `next`."""

    def __init__(self) -> None:
        self.next = CONFIG
        self.server = Server(CONFIG, lambda: self.next)
        assert self.server.chat is not None
        self.chat = self.server.chat
        self.chat.start(lambda: None)
        self.server._listener.start()
        self.clients: list[socket.socket] = []

    def reload(self, **changes: Any) -> str:
        self.next = replace(self.next, **changes)
        return self.server.settings.reload()

    def connect(self) -> socket.socket:
        client = socket.create_connection(self.server.address, timeout=HANG_S)
        self.clients.append(client)
        return client

    def person(self) -> socket.socket:
        client = self.connect()
        until(client, WELCOMED)
        return client

    def program(self, nick: str) -> socket.socket:
        client = self.connect()
        client.sendall(f"NICK {nick}\r\nUSER {nick} 0 * :{nick}\r\n".encode())
        until(client, b" 422 ")
        return client

    def close(self) -> None:
        self.server._listener.close()
        for client in self.clients:
            client.close()
        self.server._listener.pool.join(timeout=HANG_S)
        self.chat.stop(HANG_S)
        logs.set_level("notset")


@pytest.fixture
def reloading() -> Iterator[Reloading]:
    made = Reloading()
    yield made
    gevent.spawn(made.close).get(timeout=HANG_S)


def ask(client: socket.socket, *lines: str, end: bytes = PONG) -> str:
    client.sendall("".join(f"{line}\r\n" for line in (*lines, "/ping")).encode())
    return until(client, end).decode()


def command(client: socket.socket, *lines: str) -> str:
    client.sendall("".join(f"{line}\r\n" for line in (*lines, "PING end")).encode())
    return until(client, b" PONG ").decode()


def accounts_asked_for(chat: Chat) -> None:
    """What those with accounts make the server ask for."""
    chat.passwords.make("correct horse", "192.0.2.7", True)
    chat.passwords.check("alice", "correct horse", "192.0.2.7")
    canon = chat.proposals.canon
    canon.metadata_fits({}, *canon.metadata("pronouns", "they"))
    canon.may_own_another(Account("alice", "", 0))
    canon.account("alice")


def test_no_live_setting_is_a_copy_of_what_was_set_at_the_start(reloading: Reloading) -> None:
    """Those who are here go on, others come; between them they make the server ask for all."""
    alice, bot = reloading.person(), reloading.program("bot")
    ask(alice, "hello")
    reloading.next = Watched(**{s.name: getattr(CONFIG, s.name) for s in fields(Config)})
    reloading.server.settings.changed.insert(0, lambda config: READ.clear())
    reloading.server.settings.reload()
    ask(alice, "line", "x" * 300, "/nick alice", "/away tea", "/topic tea", "/motd", "/rules")
    ask(alice, "/join #new", "/history", "/search tea", "/invite bot")
    command(bot, "ADMIN", "INFO", "LINKS", "MONITOR + zoe", "CAP LS 302", "OPER root no")
    command(bot, "CAP REQ draft/metadata-3", "METADATA * SET url :x")
    command(bot, "JOIN #lobby", "LIST")
    reloading.connect().sendall(b"NICK half\r\n")
    with gevent.Timeout(HANG_S):
        while "registration_timeout_s" not in READ:
            gevent.sleep(0.001)
    reloading.program("other")
    reloading.person()
    reloading.chat.service.make_place()
    accounts_asked_for(reloading.chat)
    reloading.server.connections.close_stalled(0.0)
    reloading.chat.checkpoints.look()
    for chore in reloading.chat.chores:
        chore.do()
    with suppress(Refused):  # What a login does whose user is here.
        here = next(iter(reloading.chat.state.users))
        reloading.chat.proposals.attach(here.number, here, "", "irc", "")
    reloading.server.settings.now.drain_timeout_s  # noqa: B018  (what `_drain` does)
    assert sorted(LIVE - READ) == []


def test_limits_and_lines_for_those_who_are_here(reloading: Reloading) -> None:
    alice, bob, _ = (reloading.person() for _ in range(3))
    assert "bob" in ask(bob, "/nick bob")
    assert reloading.reload(line_max_bytes=64, join_lines_max_members=1, motd="tea") == (
        "reloaded: 3 settings changed"
    )
    assert "Line too long: 65 of 64 bytes" in ask(alice, "x" * 65)
    alice.sendall(b"y" * 129)
    assert b"Line too long and without an end" in until(alice, b"Closing.\r\n")
    assert "left" not in ask(bob), "two are more than one"
    assert "-> tea" in ask(bob, "/motd")


def test_longer_lines_for_those_who_are_here(reloading: Reloading) -> None:
    alice = reloading.person()
    reloading.reload(line_max_bytes=20_000)
    alice.sendall(b"z" * 15_000)
    assert "too long" not in ask(alice, "z")


def test_the_bound_of_an_outbox(reloading: Reloading) -> None:
    reloading.person()
    reloading.reload(outbox_max_items=17)
    reloading.person()
    outboxes = reloading.chat.audience.outboxes.values()
    assert [outbox.items_max for outbox in outboxes] == [17, 17]


def test_sockets_of_those_who_come(reloading: Reloading) -> None:
    reloading.person()
    reloading.reload(keepalive_idle_s=7, keepalive_gone_s=10, send_buffer_bytes=8192)
    reloading.person()
    before, after = (one.sock for one in reloading.server.connections.open)
    idle = [one.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) for one in (before, after)]
    assert idle == [60, 7]
    assert after.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 2 * 8192


def test_rates_and_addresses(reloading: Reloading) -> None:
    alice = reloading.person()
    reloading.reload(message_burst=1, messages_per_s=1000.0, connections_per_address=1)
    assert "Slow down" in ask(alice, "one", "two")
    assert reloading.connect().recv(100).startswith(b"-> Too many connections from your address")
