"""`--mode echo` and `--mode upper` over real sockets."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

from tests.line_client import LineClient
from tests.running import Running


@pytest.fixture(scope="module", params=["echo", "upper"])
def shared(request: pytest.FixtureRequest) -> Iterator[Running]:
    server = Running("--mode", request.param)
    yield server
    server.close()


@pytest.fixture
def server(shared: Running) -> Iterator[Running]:
    yield shared
    shared.disconnect()


def answered(line_client: LineClient, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = line_client.sock.recv(65536)
        assert piece
        data += piece
    return data


def expected(server: Running, data: bytes) -> bytes:
    return data.upper() if "upper" in server.process.args else data


def test_bytes_come_back(server: Running) -> None:
    line_client = server.caller()
    for data in (b"hello\n", b"\0\xff\xfe binary \x1b", "grüße".encode(), b"no line end"):
        line_client.send_raw(data)
        assert answered(line_client, len(data)) == expected(server, data)


def test_a_large_stream_comes_back_whole(server: Running) -> None:
    data = os.urandom(4 << 20)
    line_client = server.caller()
    sending = threading.Thread(target=line_client.send_raw, args=(data,))
    sending.start()
    back = answered(line_client, len(data))
    sending.join()
    assert back == expected(server, data)


def test_everything_is_answered_before_the_end(server: Running) -> None:
    line_client = server.caller()
    line_client.send_raw(b"last words")
    line_client.finish_sending()
    assert answered(line_client, 10) == expected(server, b"last words")
    assert line_client.sock.recv(1) == b""


def test_who_never_reads_holds_up_nobody(server: Running) -> None:
    deaf = server.caller(receive_buffer=4096)
    deaf.sock.setblocking(False)
    try:
        for _ in range(1000):
            deaf.sock.send(b"x" * 65536)
        raise AssertionError("60 MB were taken from somebody who never reads")
    except BlockingIOError:
        pass  # Both directions are full now.
    line_client = server.caller()
    line_client.send_raw(b"still here")
    assert answered(line_client, 10) == expected(server, b"still here")


def test_a_reset_is_no_matter(server: Running) -> None:
    for _ in range(20):
        rude = server.caller()
        rude.send_raw(b"x" * 10_000)
        rude.reset()
    line_client = server.caller()
    line_client.send_raw(b"still here")
    assert answered(line_client, 10) == expected(server, b"still here")
    assert "Traceback" not in server.errors
