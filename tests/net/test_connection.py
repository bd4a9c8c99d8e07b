"""One connection: nothing waits, what the kernel does not take is the tail."""

from __future__ import annotations

import struct
import time

import gevent
import pytest
from gevent import socket

from geventchat.errors import CloseReason
from geventchat.net import connection
from tests.net.socket_pair import HANG_S, attach, on_harness, socket_pair, within


def test_it_reads_what_comes() -> None:
    with socket_pair() as one:
        one.client.sendall(b"hello")
        assert within(one.connection.read) == b"hello"
        one.client.shutdown(1)
        assert within(one.connection.read) == b""
        assert one.connection.closed is None


def test_what_the_kernel_takes_leaves_no_tail() -> None:
    with socket_pair() as one:
        one.connection.write(b"hello")
        assert one.connection.tail is None
        assert one.stalled == {}
        assert one.received() == b"hello"


def test_the_rest_is_the_tail_and_follows_when_there_is_room() -> None:
    with socket_pair(send_buffer=4096) as one:
        data = bytes(range(256)) * 4000
        one.connection.write(data)
        assert one.connection.tail is not None
        assert list(one.stalled) == [one.connection]
        draining = gevent.spawn(one.connection.wait_drained)
        got = b""
        while len(got) < len(data):
            got += one.client.recv(65536)
        draining.get(timeout=HANG_S)
        assert got == data
        assert one.connection.tail is None
        assert one.stalled == {}


def test_a_reset_is_noticed_by_writing_and_told_to_the_reader() -> None:
    with socket_pair() as one:
        reading = gevent.spawn(one.connection.read)
        gevent.sleep(0)
        one.client.close()
        for _ in range(3):
            if one.connection.closed is None:
                one.connection.write(b"x" * 10)
        assert reading.get(timeout=HANG_S) == b""
        assert one.connection.closed is CloseReason.RESET
        one.connection.deliver()


def test_who_is_dismissed_stops_reading() -> None:
    with socket_pair() as one:
        reading = gevent.spawn(one.connection.read)
        gevent.sleep(0)
        one.connection.request_close(CloseReason.DRAIN)
        assert reading.get(timeout=HANG_S) == b""
        assert one.connection.close_requested is CloseReason.DRAIN


def test_who_is_dismissed_stops_waiting_to_be_read() -> None:
    with socket_pair(send_buffer=4096) as one:
        one.connection.write(b"x" * 1_000_000)
        waiting = gevent.spawn(one.connection.wait_drained)
        gevent.sleep(0)
        assert not waiting.ready()
        one.connection.request_close(CloseReason.DRAIN)
        waiting.get(timeout=HANG_S)
        assert one.connection.tail is not None


def test_a_loss_is_told_once_with_its_first_reason() -> None:
    with socket_pair() as one:
        one.connection.abort(CloseReason.STALLED)
        one.connection.abort(CloseReason.RESET)
        assert one.connection.closed is CloseReason.STALLED
        assert within(one.connection.read) == b""


def test_a_pause_is_as_long_as_asked_for_and_reads_nothing() -> None:
    with socket_pair() as one:
        one.client.sendall(b"waits")
        before = time.monotonic()
        within(one.connection.pause, 0.03)
        assert time.monotonic() - before >= 0.03
        assert within(one.connection.read) == b"waits"


@pytest.mark.parametrize("end", ["request_close", "abort"])
def test_a_pause_ends_with_the_connection(end: str) -> None:
    with socket_pair() as one:
        pausing = gevent.spawn(one.connection.pause, 3600)
        gevent.sleep(0)
        assert not pausing.dead
        getattr(one.connection, end)(CloseReason.KILLED)
        pausing.get(timeout=HANG_S)
        assert CloseReason.KILLED in (one.connection.closed, one.connection.close_requested)


def test_a_reset_is_noticed_in_a_pause_whatever_is_unread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "LOOK_S", 0.01)
    with socket_pair(tcp=True) as one:
        one.client.sendall(b"unread")
        pausing = gevent.spawn(one.connection.pause, 3600)
        gevent.sleep(0)
        one.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.client.close()
        pausing.get(timeout=HANG_S)
        assert one.connection.closed is CloseReason.RESET
        assert within(one.connection.read) == b""


def test_answers_come_in_order_even_when_nobody_reads_for_a_while() -> None:
    with socket_pair(send_buffer=4096) as one:
        answering = gevent.spawn(one.connection.answer, bytes.upper)
        sending = gevent.spawn(one.client.sendall, b"abcdefgh" * 50_000)
        got = b""
        while len(got) < 400_000:
            got += one.client.recv(1000)
        sending.get(timeout=HANG_S)
        assert got == b"ABCDEFGH" * 50_000
        one.client.close()
        answering.get(timeout=HANG_S)
        assert one.connection.closed in (CloseReason.EOF, CloseReason.RESET)


def test_a_slow_reader_holds_one_chunk_and_no_more() -> None:
    harness, alice = on_harness()
    bob = harness.human("bob")
    with socket_pair(send_buffer=4096) as one:
        attach(alice, one.connection)
        for _ in range(500):
            bob.types("x" * 4000)
            one.connection.deliver()
        assert one.connection.tail is not None
        assert len(one.connection.tail.obj) < 100_000  # type: ignore[arg-type]
        assert alice.outbox is not None and not alice.outbox.caught_up


def test_nobody_is_closed_for_what_others_write_to_them() -> None:
    harness, alice = on_harness(outbox_max_items=16)
    bob = harness.human("bob")
    with socket_pair(send_buffer=4096) as one:
        attach(alice, one.connection)
        for _ in range(100):
            bob.types("/msg alice " + "x" * 4000)
            one.connection.deliver()
        assert one.connection.closed is None
        assert alice.outbox is not None
        assert len(alice.outbox.items) == 17


def test_a_long_turn_is_interrupted_for_the_others() -> None:
    with socket_pair() as one:
        connection, turns = one.connection, []

        def busy() -> None:
            connection._since = -1.0  # Long ago, in this turn of the loop.
            connection._turn = gevent.get_hub().loop.iteration
            turns.append("first")
            assert connection.go_on() is None
            turns.append("second")

        working = gevent.spawn(busy)
        gevent.spawn(turns.append, "another")
        working.get(timeout=HANG_S)
        assert turns == ["first", "another", "second"]
        connection.request_close(CloseReason.DRAIN)
        assert within(connection.go_on) is CloseReason.DRAIN
