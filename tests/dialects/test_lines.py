"""From bytes to lines: whole, byte by byte, with a tail, and within bounds."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geventchat.dialects.lines import LineBuffer

MAX = 16
STREAMS = st.lists(
    st.one_of(
        st.sampled_from([b"\n", b"\r\n", b"\r", b"hello", b"\x85", b"\x0b", b"\xe2\x80\xa8"]),
        st.binary(max_size=10),
        st.just(b"x" * 15),
        st.just(b"x" * 31),
    ),
    max_size=12,
).map(b"".join)


def fed(*pieces: bytes, max_bytes: int = MAX) -> tuple[list[bytes], bytes | None]:
    """The lines of a stream that comes in pieces, and what is pending (None: too long)."""
    buffer = LineBuffer(max_bytes)
    lines: list[bytes] = []
    for piece in pieces:
        lines += buffer.feed(piece)
    return lines, None if buffer.overflown else buffer.pending


def bytewise(data: bytes) -> list[bytes]:
    return [data[i : i + 1] for i in range(len(data))]


@pytest.mark.parametrize(
    ("stream", "lines", "pending"),
    [
        (b"", [], b""),
        (b"hello\n", [b"hello"], b""),
        (b"hello\r\nworld", [b"hello"], b"world"),
        (b"\n\n", [b"", b""], b""),
        (b"a\rb\n", [b"a\rb"], b""),
        (b"a\r\r\n", [b"a\r"], b""),
        (b"a\x0bb\x0cc\x1c\x85d\n", [b"a\x0bb\x0cc\x1c\x85d"], b""),
        ("a\u2028b\n".encode(), ["a\u2028b".encode()], b""),
        (b"x" * 17 + b"\n", [b"x" * 17], b""),
        (b"x" * 32, [], b"x" * 32),
    ],
)
def test_lines_whole_and_byte_by_byte(stream: bytes, lines: list[bytes], pending: bytes) -> None:
    assert fed(stream) == (lines, pending)
    assert fed(*bytewise(stream)) == (lines, pending)


@settings(max_examples=300)
@given(STREAMS, st.lists(st.integers(0, 200), max_size=6))
def test_where_the_network_cuts_does_not_matter(stream: bytes, cuts: list[int]) -> None:
    places = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    pieces = [stream[a:b] for a, b in pairwise(places)]
    assert fed(*pieces) == fed(stream) == fed(*bytewise(stream))


@given(STREAMS)
def test_no_byte_is_lost(stream: bytes) -> None:
    lines, pending = fed(stream, max_bytes=4096)
    assert pending is not None
    ends = stream.count(b"\n")
    assert len(lines) == ends
    assert sum(map(len, lines)) + len(pending) + ends + stream.count(b"\r\n") == len(stream)


def test_twice_the_bound_without_an_end_is_too_long() -> None:
    assert fed(b"x" * 32) == ([], b"x" * 32)
    assert fed(b"x" * 33) == ([], None)
    assert fed(*bytewise(b"x" * 33)) == ([], None)


def test_lines_before_a_line_too_long_are_returned_and_none_after_it() -> None:
    stream = b"hello\nworld\n" + b"x" * 33 + b"\nafter\n"
    assert fed(stream) == ([b"hello", b"world"], None)
    assert fed(*bytewise(stream)) == ([b"hello", b"world"], None)
    assert fed(stream, b"later\n") == ([b"hello", b"world"], None)


def test_a_line_that_ends_too_late_is_too_long() -> None:
    assert fed(b"x" * 32, b"x\n") == ([], None)
    assert fed(b"x" * 33 + b"\n") == ([], None)


def test_the_unfinished_line_can_be_edited() -> None:
    buffer = LineBuffer(MAX)
    assert buffer.feed(b"helo") == []
    buffer.edit(b"hel")
    assert buffer.feed(b"lo\n") == [b"hello"]


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_it_holds_no_more_than_twice_the_bound(pieces: list[bytes]) -> None:
    buffer = LineBuffer(MAX)
    for piece in pieces:
        buffer.feed(piece)
        assert len(buffer.pending) <= 2 * MAX
