"""Telnet's option bytes: whole, byte by byte, storms, and subnegotiations without an end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.dialects.human.negotiation import OURS, THEIRS
from geventchat.dialects.human.telnet import REPLY_MAX_BYTES, SUBNEGOTIATION_MAX_BYTES, Telnet

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
NOP, BRK, AYT, EC, EL, IP, EOF = 241, 243, 246, 247, 248, 244, 236
BINARY, ECHO, SGA, TIMING_MARK, TTYPE, NAWS = 0, 1, 3, 6, 24, 31


def iac(*rest: int) -> bytes:
    return bytes((IAC, *rest))


def spoken(*pieces: bytes) -> tuple[bytes, bytes]:
    """The text of a stream that comes in pieces, and all that was answered."""
    telnet = Telnet()
    text = reply = b""
    for piece in pieces:
        text += telnet.feed(piece)
        reply += telnet.reply
        telnet.reply = b""
    return text, reply


def bytewise(data: bytes) -> list[bytes]:
    return [data[i : i + 1] for i in range(len(data))]


@pytest.mark.parametrize(
    ("stream", "text", "reply"),
    [
        (b"plain\r\n", b"plain\r\n", b""),
        (b"a" + iac(IAC) + b"b", b"a\xffb", b""),
        (b"be" + iac(NOP) + b"fore", b"before", b""),
        (iac(DO, SGA) + b"hi", b"hi", iac(WILL, SGA)),
        (iac(WILL, NAWS), b"", iac(DO, NAWS)),
        (iac(DO, ECHO), b"", iac(WONT, ECHO)),
        (iac(WILL, TTYPE), b"", iac(DONT, TTYPE)),
        (iac(DONT, ECHO) + iac(WONT, TTYPE), b"", b""),
        (iac(DO, SGA) * 3, b"", iac(WILL, SGA)),
        (iac(DO, SGA) + iac(DONT, SGA), b"", iac(WILL, SGA) + iac(WONT, SGA)),
        (
            iac(DO, SGA) + iac(DONT, SGA) + iac(DO, SGA),
            b"",
            iac(WILL, SGA) + iac(WONT, SGA) + iac(WILL, SGA),
        ),
        (iac(DO, TIMING_MARK) * 2, b"", iac(WILL, TIMING_MARK) * 2),
        (iac(AYT) + b"x", b"x", b"-> yes, here\r\n"),
        (b"helo" + iac(EC) + b"lo", b"helo\x7flo", b""),
        (iac(EL) + iac(IP) + iac(EOF), b"\x15\x03\x04", b""),
        (iac(SB, NAWS, 0, 80, 0, 24) + iac(SE) + b"x", b"x", b""),
        (iac(SB, TTYPE, 0) + b"XTERM" + iac(SE), b"", b""),
        (iac(SB, NAWS) + iac(IAC) + iac(NOP) + b"z" + iac(SE) + b"x", b"x", b""),
        (b"cut short" + iac(), b"cut short", b""),
        (b"cut short" + iac(DO), b"cut short", b""),
    ],
)
def test_conversations_whole_and_byte_by_byte(stream: bytes, text: bytes, reply: bytes) -> None:
    assert spoken(stream) == (text, reply)
    assert spoken(*bytewise(stream)) == (text, reply)


@given(st.lists(st.sampled_from([*range(236, 256), 0, 1, 3, 6, 31, 65, 13, 10]), max_size=80))
def test_where_the_network_cuts_does_not_matter(stream: list[int]) -> None:
    data = bytes(stream)
    assert spoken(data) == spoken(*bytewise(data))


@given(st.binary())
def test_text_with_its_iacs_doubled_comes_out_as_it_was(data: bytes) -> None:
    assert spoken(data.replace(b"\xff", b"\xff\xff")) == (data, b"")


def size(columns: int, rows: int) -> bytes:
    body = columns.to_bytes(2, "big") + rows.to_bytes(2, "big")
    return iac(SB, NAWS) + body.replace(b"\xff", b"\xff\xff") + iac(SE)


@given(st.integers(20, 500), st.integers(5, 500))
def test_the_size_of_the_window(columns: int, rows: int) -> None:
    telnet = Telnet()
    for piece in bytewise(size(columns, rows)):
        assert telnet.feed(piece) == b""
    assert (telnet.width, telnet.height) == (columns, rows)


@pytest.mark.parametrize(
    ("told", "taken"),
    [((0, 0), (0, 0)), ((65535, 65535), (500, 500)), ((1, 1), (20, 5)), ((0, 24), (0, 24))],
)
def test_a_terminal_that_lies_about_its_size(told: tuple[int, int], taken: tuple[int, int]) -> None:
    telnet = Telnet()
    telnet.feed(size(*told))
    assert (telnet.width, telnet.height) == taken


def test_a_break_is_no_key_but_where_keys_are_sent_as_they_are_pressed() -> None:
    telnet = Telnet()
    assert telnet.feed(b"cut" + iac(BRK) + b"here") == b"cut\x1chere"
    telnet.want(OURS, SGA)
    telnet.feed(iac(DO, SGA))
    assert telnet.feed(b"not" + iac(BRK) + b"here") == b"not\x03here"


@pytest.mark.parametrize("body", [b"", b"\0\x50", b"\0\x50\0\x18\0", b"\0" * 5000])
def test_a_size_that_is_none_is_ignored(body: bytes) -> None:
    telnet = Telnet()
    assert telnet.feed(iac(SB, NAWS) + body + iac(SE) + b"x") == b"x"
    assert (telnet.width, telnet.height) == (0, 0)


def test_a_subnegotiation_that_never_ends_is_thrown_away_as_it_comes() -> None:
    telnet = Telnet()
    telnet.feed(iac(SB, NAWS))
    for _ in range(100):
        assert telnet.feed(b"x" * 10_000 + iac(IAC)) == b""
        held = sum(len(value) for value in state_of(telnet))
        assert held <= 2 * SUBNEGOTIATION_MAX_BYTES
    assert telnet.feed(iac(SE) + b"back") == b"back"


def state_of(telnet: Telnet) -> list[bytes | bytearray]:
    """Every piece of bytes it holds on to."""
    held = (getattr(telnet, name) for name in Telnet.__slots__)
    return [value for value in held if isinstance(value, bytes | bytearray)]


def test_a_storm_of_requests_gets_a_bounded_answer() -> None:
    telnet = Telnet()
    telnet.feed((iac(DO, TIMING_MARK) + iac(AYT) + iac(WILL, ECHO)) * 20_000)
    assert 0 < len(telnet.reply) <= 1100


def test_two_machines_do_not_loop() -> None:
    """What either side answers to answers dies down (RFC 1143)."""
    one, other = Telnet(), Telnet()
    said = b"".join(iac(verb, option) for verb in (DO, WILL) for option in range(40))
    for _ in range(10):
        one.feed(said)
        other.feed(one.reply)
        said, one.reply, other.reply = other.reply, b"", b""
    assert said == b""


def test_a_pipe_is_told_from_a_terminal() -> None:
    telnet = Telnet()
    telnet.feed(b"just text \xc3\xa4\r\n")
    assert not telnet.spoken
    telnet.feed(iac(NOP))
    assert telnet.spoken


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        (iac(DO, TTYPE), b""),
        (iac(IAC), b"\xff"),
        (iac(AYT), b""),
        (iac(SB, TTYPE, 0) + b"x" * 9 + iac(SE), b""),
        (iac(SB, TTYPE) + iac(IAC) + iac(SE) + b"a", b"a"),
        (b"a" + iac(WILL, 7) + b"b", b"ab"),
        (b"a" + iac(0x41), b"a"),
    ],
)
@pytest.mark.parametrize("tail", [b"", iac(DO), iac(), iac(SB, NAWS, 0), iac(IAC) + b"z"])
def test_the_text_in_a_storm_is_the_same_as_without(unit: bytes, text: bytes, tail: bytes) -> None:
    """All but the beginning is swept out; what is not complete goes on in the next read."""
    storm, slow = Telnet(), Telnet()
    data = unit * 2000 + tail
    more = bytes([TTYPE]) + b"end" + iac(SE) + b"after"
    found = storm.feed(data) + storm.feed(more)
    byte_by_byte = b"".join(slow.feed(bytes([byte])) for byte in data + more)
    assert found == byte_by_byte
    assert found.startswith(text * 2000)


def test_what_we_ask_for_is_asked_once_and_its_answer_is_not_answered() -> None:
    telnet = Telnet()
    telnet.want(OURS, ECHO)
    telnet.want(THEIRS, BINARY)
    telnet.want(OURS, ECHO)
    assert telnet.taken() == iac(WILL, ECHO) + iac(DO, BINARY)
    assert (telnet.awaits(OURS, ECHO), telnet.holds(OURS, ECHO)) == (True, False)
    telnet.feed(iac(DO, ECHO) + iac(WONT, BINARY) + iac(WONT, BINARY))
    assert telnet.taken() == b""
    assert (telnet.awaits(OURS, ECHO), telnet.holds(OURS, ECHO)) == (False, True)
    assert (telnet.awaits(THEIRS, BINARY), telnet.holds(THEIRS, BINARY)) == (False, False)
    telnet.feed(iac(DONT, ECHO))  # It may take it back.
    assert telnet.taken() == iac(WONT, ECHO)
    assert not telnet.holds(OURS, ECHO)


def test_a_client_that_changes_its_mind_for_ever_is_answered_up_to_a_bound() -> None:
    telnet = Telnet()
    telnet.feed((iac(DO, SGA) + iac(DONT, SGA)) * 40)
    assert telnet.taken() == (iac(WILL, SGA) + iac(WONT, SGA)) * 40
    for _ in range(100):
        telnet.feed((iac(DO, SGA) + iac(DONT, SGA)) * 5000)
        assert len(telnet.taken()) <= REPLY_MAX_BYTES + 3
