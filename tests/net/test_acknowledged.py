"""What the kernel says of bytes that the peer has."""

from __future__ import annotations

import socket
import time
from typing import Any

from geventchat.net.acknowledged import acknowledged


def pair() -> tuple[Any, Any]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ours = socket.create_connection(listener.getsockname())
        theirs, _ = listener.accept()
    return ours, theirs


def test_what_was_written_is_there_once_it_is_acknowledged() -> None:
    ours, theirs = pair()
    with ours, theirs:
        start = acknowledged(ours)
        assert start is not None
        ours.sendall(b"x" * 1000)
        assert theirs.recv(1000, socket.MSG_WAITALL) == b"x" * 1000
        end = time.monotonic() + 30
        while (found := acknowledged(ours)) != (start[0] + 1000, start[1] + 1000):
            assert time.monotonic() < end, found


def test_what_nobody_takes_stays_with_our_kernel() -> None:
    ours, theirs = pair()
    with ours, theirs:
        ours.setblocking(False)
        written = 0
        try:
            while True:
                written += ours.send(b"y" * 65536)
        except BlockingIOError:
            pass
        found = acknowledged(ours)
        assert found is not None
        assert found[0] < written <= found[1]


def test_nobody_knows_of_what_is_no_tcp_connection() -> None:
    one, other = socket.socketpair()
    with one, other:
        assert acknowledged(one) is None
    assert acknowledged(one) is None
