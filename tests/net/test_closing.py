"""Hanging up: the last words arrive, and nobody waits longer for it than is of use."""

from __future__ import annotations

import gevent
import pytest

from geventchat.net import closing
from geventchat.net.closing import hang_up
from tests.net.socket_pair import HANG_S, socket_pair, within


def test_last_words_reach_a_client_that_is_still_sending() -> None:
    with socket_pair() as one:
        one.client.sendall(b"x" * 50_000)
        hanging_up = gevent.spawn(hang_up, one.connection, b"-> Bye.\r\n")
        assert one.client.recv(100) == b"-> Bye.\r\n"
        one.client.sendall(b"more")
        one.client.close()
        hanging_up.get(timeout=HANG_S)


@pytest.mark.parametrize("rude", [False, True])
def test_hanging_up_on_someone_gone(rude: bool) -> None:
    with socket_pair() as one:
        if rude:
            one.client.sendall(b"unread")
        one.client.close()
        within(hang_up, one.connection, b"-> Bye.\r\n")
        assert one.connection.closed is not None
        assert one.connection.sock.fileno() == -1


@pytest.mark.parametrize("tcp", [False, True])
def test_who_says_nothing_is_not_waited_for_to_close(
    monkeypatch: pytest.MonkeyPatch, tcp: bool
) -> None:
    monkeypatch.setattr(closing, "LINGER_S", 3600.0)
    with socket_pair(tcp=tcp) as one:
        hanging_up = gevent.spawn(hang_up, one.connection, b"-> Bye.\r\n")
        assert one.everything() == b"-> Bye.\r\n"
        hanging_up.get(timeout=HANG_S)


def test_who_has_not_got_it_yet_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a pair of Unix sockets, what is not read counts as not confirmed."""
    monkeypatch.setattr(closing, "_QUIET_S", 0.005)
    with socket_pair() as one:
        hanging_up = gevent.spawn(hang_up, one.connection, b"-> Bye.\r\n")
        gevent.sleep(0.05)
        assert not hanging_up.dead
        assert one.client.recv(100) == b"-> Bye.\r\n"
        hanging_up.get(timeout=HANG_S)


def test_nobody_is_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "LINGER_S", 0.05)
    with socket_pair() as one:
        within(hang_up, one.connection, b"-> Bye.\r\n")
        assert one.connection.sock.fileno() == -1
