"""Who speaks: the first line, whole, byte by byte and slowly."""

from __future__ import annotations

from typing import Any

import gevent
import pytest

from geventchat.net.detection import Protocol, listen, protocol_of
from tests.net.first_lines import IRC, LATE_PEOPLE, PEOPLE, WRONG_PLACE
from tests.net.socket_pair import socket_pair, within

PERSON, PROGRAM, UNKNOWN = Protocol.HUMAN, Protocol.IRC, Protocol.UNKNOWN
HUNG_UP_ON = {Protocol.HTTP, Protocol.FOREIGN}


def named(*tables: dict[str, bytes]) -> Any:
    return [pytest.param(data, id=name) for table in tables for name, data in table.items()]


def in_pieces(data: bytes, late: bool) -> Protocol:
    """Who it is as soon as that is known, when bytes come one by one."""
    found = (protocol_of(data[:n], late) for n in range(1, len(data) + 1))
    undecided = (UNKNOWN, Protocol.TERMINAL)
    return next((one for one in found if one not in undecided), UNKNOWN)


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("data", named(IRC))
def test_irc(data: bytes, late: bool) -> None:
    assert protocol_of(data, late) is PROGRAM
    assert in_pieces(data, late) is PROGRAM


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("data", named(WRONG_PLACE))
def test_who_is_in_the_wrong_place(data: bytes, late: bool) -> None:
    assert protocol_of(data, late) in HUNG_UP_ON
    if data[0] != 3:  # Ctrl-C is a key, too, until a NUL has come behind it.
        assert in_pieces(data, late) in HUNG_UP_ON


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("data", named(PEOPLE))
def test_people(data: bytes, late: bool) -> None:
    assert protocol_of(data, late) is PERSON
    assert in_pieces(data, late) is PERSON


@pytest.mark.parametrize("data", named(LATE_PEOPLE))
def test_after_the_welcome_only_capitals_and_the_exact_shape_are_a_program(data: bytes) -> None:
    assert protocol_of(data, late=True) is PERSON
    assert in_pieces(data, late=True) is PERSON


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n",
        b"\r",
        b"\r\0\r\0",
        b"h",
        b"hello",
        b"NI",
        b"NICK a",
        b"GET / HTTP/1.1",
        b"\x03",
    ],
)
def test_nobody_is_judged_before_the_end_of_the_line(data: bytes, late: bool) -> None:
    assert protocol_of(data, late) is UNKNOWN


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("data", [b"\xff\xfd\x03", b"\xff\xf4\xff\xfd\x06", b"\xff\xfd\0"])
def test_telnets_questions_do_not_wait_for_the_end_of_the_line(data: bytes, late: bool) -> None:
    assert protocol_of(data, late) is Protocol.TERMINAL
    assert protocol_of(data + b"hel", late) is UNKNOWN
    assert protocol_of(data + b"hello\n", late) is PERSON


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("data", [b"\xff", b"\xff\xfb", b"\xff\xfa\x1f\0"])
def test_half_an_option_waits_for_its_other_half(data: bytes, late: bool) -> None:
    """Else its rest would stand before the first line, and hide what that is."""
    assert protocol_of(data, late) is UNKNOWN


def test_the_end_of_the_input_does_not_wait_for_the_end_of_the_line() -> None:
    assert protocol_of(b"\x04") is protocol_of(b"\x04", late=True) is PERSON


def test_a_line_without_an_end() -> None:
    assert protocol_of(b"x" * 8704) is UNKNOWN
    assert protocol_of(b"x" * 8705) is PERSON
    assert protocol_of(b"PASS " + b"x" * 8700) is Protocol.UNFINISHED
    assert protocol_of(b"GET /" + b"x" * 8700, late=True) is Protocol.UNFINISHED


def test_listening() -> None:
    with socket_pair() as link:
        assert within(listen, link.connection, 0.01, 1.0) == (UNKNOWN, b"")
        link.client.sendall(b"NI")
        gevent.spawn_later(0.02, link.client.sendall, b"CK a\r\n")
        assert within(listen, link.connection, 1.0, 1.0) == (PROGRAM, b"NICK a\r\n")
        link.client.sendall(b"\r\n" * 100 + b"hel")
        assert within(listen, link.connection, 1.0, 0.01) == (UNKNOWN, b"hel")
        for begun in (b"PASS hun", b"pass hun", b"@a=b :c CAP L", b"EHLO exam", b"GET /"):
            link.client.sendall(begun)
            assert within(listen, link.connection, 1.0, 0.01) == (Protocol.UNFINISHED, b"")
        link.client.close()
        assert within(listen, link.connection, 1.0, 1.0) == (Protocol.NOBODY, b"")


class Dribble:
    """A connection on which a byte comes every 0.4 s; it keeps how long was waited for each."""

    def __init__(self) -> None:
        self.now = 100.0
        self.waits: list[float] = []

    def read_within(self, seconds: float) -> bytes | None:
        self.waits.append(round(seconds, 3))
        assert len(self.waits) < 10
        self.now += min(0.4, seconds)
        return b"NICK"[len(self.waits) - 1 :][:1] if seconds >= 0.4 else None


def test_a_line_that_dribbles_in_has_one_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    link = Dribble()
    monkeypatch.setattr("geventchat.net.detection.time.monotonic", lambda: link.now)
    connection: Any = link
    assert listen(connection, 5.0, 1.0)[0] in (UNKNOWN, Protocol.UNFINISHED)
    assert link.waits == [5.0, 1.0, 0.6, 0.2]
