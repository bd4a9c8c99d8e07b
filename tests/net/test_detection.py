"""Who speaks: the first line, whole and byte by byte."""

from __future__ import annotations

import gevent
import pytest

from geventchat.net.detection import Protocol, late_protocol_of, listen, listen_late, protocol_of
from tests.net.socket_pair import socket_pair, within

PERSON, PROGRAM, UNKNOWN = Protocol.HUMAN, Protocol.IRC, Protocol.UNKNOWN


@pytest.mark.parametrize(
    ("data", "who"),
    [
        (b"NICK a\r\n", PROGRAM),
        (b"\r\ncap ls\r\n", PROGRAM),
        (b"USER a 0 * :b\n", PROGRAM),
        (b"PASS x\nNICK", PROGRAM),
        (b"NI", UNKNOWN),
        (b"\r\n", UNKNOWN),
        (b"NICK a", UNKNOWN),
        (b"NICK " + b"a" * 600, PERSON),
        (b"nickname\n", PERSON),
        (b"hello\n", PERSON),
        (b"h", PERSON),
        (b"\xff\xfd\x03", PERSON),
    ],
)
def test_the_first_line(data: bytes, who: Protocol) -> None:
    assert protocol_of(data) is who
    if who is PROGRAM:
        begun = data[: data.index(b"\n", 2)]
        assert {protocol_of(begun[:n]) for n in range(len(begun))} == {UNKNOWN}


@pytest.mark.parametrize(
    ("data", "who"),
    [
        (b"CAP LS 302\r\n", PROGRAM),
        (b"NICK bob\n", PROGRAM),
        (b"USER a 0 * :b\n", PROGRAM),
        (b"CAP LS", UNKNOWN),
        (b"N", UNKNOWN),
        (b"NICK is my name\n", PERSON),
        (b"nick bob\n", PERSON),
        (b"CAP IN HAND\n", PERSON),
        (b"\n", PERSON),
        (b"No\n", PERSON),
    ],
)
def test_after_the_welcome_only_what_no_person_types(data: bytes, who: Protocol) -> None:
    assert late_protocol_of(data) is who


def test_listening() -> None:
    with socket_pair() as link:
        assert within(listen, link.connection, 0.01, 1.0) == (UNKNOWN, b"")
        link.client.sendall(b"NI")
        gevent.spawn_later(0.02, link.client.sendall, b"CK a\r\n")
        assert within(listen, link.connection, 1.0, 1.0) == (PROGRAM, b"NICK a\r\n")
        link.client.sendall(b"NICK a")
        assert within(listen, link.connection, 1.0, 0.01) == (PERSON, b"NICK a")
        link.client.sendall(b"CAP L")
        gevent.spawn_later(0.02, link.client.sendall, b"S\r\n")
        assert within(listen_late, link.connection) == (PROGRAM, b"CAP LS\r\n")
        link.client.close()
        assert within(listen, link.connection, 1.0, 1.0) == (PERSON, b"")


def test_a_complete_request_line_is_a_browser() -> None:
    assert protocol_of(b"GET / HTTP/1.1\r\nHost: x\r\n") is Protocol.HTTP
    assert protocol_of(b"GET OUT\r\n") is Protocol.HUMAN
    assert protocol_of(b"GET / HTTP/1.") is Protocol.HUMAN
