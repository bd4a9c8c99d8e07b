"""What fails on one connection is told on it, and is nobody else's trouble."""

from __future__ import annotations

import gevent
import gevent.socket
import pytest

from geventchat.chat.events import Event, Identity, Said
from geventchat.delivery.outbox import Outbox
from geventchat.dialects.human.dialect import HumanDialect
from geventchat.errors import CloseReason, Refused
from geventchat.net.connection import Connection
from geventchat.net.service import _LOOKED_AT
from tests.net.chat_server import PONG, WELCOMED, ChatServer, everything, until
from tests.net.socket_pair import HANG_S


def test_history_that_cannot_be_read_is_told_and_nothing_else_ends(server: ChatServer) -> None:
    alice = server.person()
    server.disk.read_error = "disk error"
    alice.sendall(b"/history\r\n/ping\r\n")
    assert until(alice, PONG) == b"-> History cannot be read now: disk error.\r\n" + PONG


def test_refusals_reach_their_author(server: ChatServer) -> None:
    alice = server.person()
    server.disk.write_error = "disk full"
    alice.sendall(b"hello\r\n/ping\r\n")
    assert until(alice, PONG) == b"-> Not saved: disk full. Your line was not sent.\r\n" + PONG
    server.disk.write_error = ""
    alice.sendall(b"hello again\r\n/ping\r\n")
    assert until(alice, PONG) == PONG


def test_who_cannot_be_let_in_is_told_and_may_try_again(server: ChatServer) -> None:
    server.person()
    server.disk.write_error = "disk full"
    person, program = server.call(), server.call()
    program.sendall(b"NICK ira\r\nUSER ira 0 * :Ira\r\n")
    assert b"-> You cannot come in now; try again later.\r\n" in everything(person)
    assert b"disk full" in until(program, b"disk full")
    server.handlers[1].get(timeout=HANG_S)
    assert server.connections.ended == {CloseReason.NOT_ADMITTED: 1}
    assert list(server.chat.state.nicks) == ["guest1"]
    server.disk.write_error = ""
    program.sendall(b"NICK ira\r\n")  # A program keeps its line, and a person calls again.
    until(program, b" 001 ira ")
    until(server.call(), WELCOMED)


def test_a_refusal_for_somebody_who_has_gone(server: ChatServer) -> None:
    _alice, bob = server.person(), server.person()
    server.disk.write_error = "disk full"
    number = min(server.chat.audience.outboxes)
    server.chat.journal.propose(number, Said(Identity(number, "guest1", "u", "h"), "#lobby", "x"))
    server.chat.audience.outboxes.pop(number)
    bob.sendall(b"hello\r\n")
    assert until(bob, b"sent.\r\n") == b"-> Not saved: disk full. Your line was not sent.\r\n"
    server.disk.write_error = ""


def test_whoever_is_killed_is_told_and_hung_up_on(server: ChatServer) -> None:
    alice, oper = server.person(), server.program("op")
    oper.sendall(b"OPER root pw\r\nKILL guest1 :bye\r\nPING x\r\n")
    until(oper, b" PONG ")
    heard = everything(alice)
    assert b"-> You were removed from the server: Killed by op (bye)\r\n" in heard
    server.handlers[0].get(timeout=HANG_S)
    assert server.connections.ended == {CloseReason.KILLED: 1}
    assert list(server.chat.state.nicks) == ["op"]


def test_a_bug_in_telling_a_refusal_ends_that_conversation_only(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    alice, bob = server.person(), server.program("bob")

    def broken(self: HumanDialect, event: Event | None, refusal: Refused) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(HumanDialect, "refused", broken)
    server.disk.write_error = "disk full"
    alice.sendall(b"hello\r\n")
    everything(alice)
    server.disk.write_error = ""
    server.handlers[0].get(timeout=HANG_S)
    assert "cannot tell a refusal" in caplog.text
    assert server.connections.ended == {CloseReason.CRASH: 1}
    bob.sendall(b"PING x\r\n")
    until(bob, b" PONG ")


def test_a_bug_in_one_conversation_ends_that_one_only(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    alice, bob = server.person(), server.person()
    alice.sendall(b"hello\r\n")
    until(bob, b"<guest1> hello\r\n")

    def broken(self: HumanDialect, data: bytes) -> None:
        raise ZeroDivisionError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(HumanDialect, "received", broken)
        alice.sendall(b"hello\r\n")
        heard = everything(alice)
    assert heard.endswith(b"-> Something went wrong on our side; it has been logged. Closing.\r\n")
    assert "a bug" in caplog.text
    bob.sendall(b"/ping\r\n")
    assert b"left (internal error)" in until(bob, PONG)
    assert server.connections.ended == {CloseReason.CRASH: 1}


@pytest.mark.parametrize(
    ("where", "method"), [(HumanDialect, "farewell"), (Connection, "deliver"), (Outbox, "rest")]
)
def test_a_bug_in_ending_a_conversation_leaves_nothing_behind(
    server: ChatServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    where: type,
    method: str,
) -> None:
    alice, bob = server.person(), server.person()

    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(where, method, broken)
        alice.close()
        server.handlers[0].get(timeout=HANG_S)
    assert "could not be ended in good order" in caplog.text
    assert list(server.chat.state.nicks) == ["guest2"]
    assert len(server.chat.audience.outboxes) == 1
    assert len(server.connections.open) == 1
    bob.sendall(b"/ping\r\n")
    until(bob, PONG)


def test_who_stalls_is_given_up(server: ChatServer) -> None:
    server.person()
    (connection,) = server.connections.open
    server.connections.stalled[connection] = 100.0
    server.connections.close_stalled(129.9)
    assert connection.closed is None
    server.connections.close_stalled(130.1)
    assert connection.closed is CloseReason.STALLED
    server.handlers[0].get(timeout=HANG_S)
    assert server.connections.ended == {CloseReason.STALLED: 1}


def test_on_a_full_server_the_silent_make_place_for_newcomers(server: ChatServer) -> None:
    service = server.chat.service
    alice, bob = server.person(), server.person()
    dave = server.call()
    dave.sendall(b"NICK dave\r\nUSER dave 0 * :Dave\r\n")
    until(dave, b" 422 ")
    carol, erin = server.person(), server.person()
    alice.sendall(b"hello\r\n/ping\r\n")
    until(alice, PONG)
    erin.sendall(b"/nick erin\r\n/ping\r\n")
    until(erin, PONG)
    carol.sendall(b"half a li")
    came = [session.arrived_at for session in server.chat.state.sessions.values()]
    service._now = lambda: min(came) + 59_999
    assert not service.make_place(), "there is a grace"
    service._now = lambda: max(came) + 60_000
    assert [service.make_place() for _ in range(5)] == [True, True, True, False, False]
    told = b"-> The server is full and you have not said anything: your place is"
    for gone in (bob, carol):
        assert told in until(gone, b"Come back soon.\r\n")
        gone.close()
    until(dave, b".ip (silent on a full server)\r\n")
    dave.close()
    gevent.joinall(server.handlers[1:4], timeout=HANG_S)
    assert server.connections.ended == {CloseReason.MADE_PLACE: 3}
    for here in (alice, erin):
        here.sendall(b"/ping\r\n")
        until(here, PONG)


def test_one_newcomer_looks_at_some_and_the_next_goes_on_there(server: ChatServer) -> None:
    callers = [server.call() for _ in range(_LOOKED_AT + 2)]
    for caller in callers:
        until(caller, WELCOMED)
    for caller in callers[:-1]:
        caller.sendall(b"hello\r\n/ping\r\n")
        until(caller, PONG)
    service = server.chat.service
    service._now = lambda: 1 << 60
    assert [service.make_place() for _ in range(3)] == [False, True, False]
    until(callers[-1], b"Come back soon.\r\n")


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
