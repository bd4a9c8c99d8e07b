"""What a person types, before a line is a line."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.dialects.human.keys import END_OF_FILE, Keyboard

Cut = Callable[[bytes], list[bytes]]
KEYS = st.lists(
    st.sampled_from([b"\r", b"\n", b"\0", b"\b", b"\x7f", b"\x15", b"\x03", b"\x04", b"a", "ä"]),
    max_size=24,
).map(lambda keys: b"".join(key if isinstance(key, bytes) else key.encode() for key in keys))


def typed(*pieces: bytes, max_bytes: int = 64) -> list[bytes]:
    keyboard = Keyboard(max_bytes)
    return [line for piece in pieces for line in keyboard.feed(piece)]


def whole(data: bytes) -> list[bytes]:
    return [data]


def bytewise(data: bytes) -> list[bytes]:
    return [data[i : i + 1] for i in range(len(data))]


@pytest.mark.parametrize(
    ("keys", "lines"),
    [
        (b"hello\n", [b"hello"]),
        (b"hello\r\n", [b"hello"]),
        (b"hello\r\0", [b"hello"]),
        (b"hello\r", [b"hello"]),
        (b"a\rb\n", [b"a", b"b"]),
        (b"a\n\nb\n", [b"a", b"", b"b"]),
        (b"a\r\0b\r\nc\rd\n", [b"a", b"b", b"c", b"d"]),
        (b"helo\x7flo\n", [b"hello"]),
        (b"helo\blo\n", [b"hello"]),
        (b"\x7f\x7fok\n", [b"ok"]),
        ("gr\xfc\xdf\x7f\x7fo\n".encode(), [b"gro"]),
        ("👩\x7fx\n".encode(), [b"x"]),
        (b"wrong\x15right\n", [b"right"]),
        (b"wrong\x03right\n", [b"right"]),
        (b"\x04", [END_OF_FILE]),
        (b"a\x04b\n", [b"ab"]),
        (b"a\n\x04", [b"a", END_OF_FILE]),
        (b"nu\0l\n", [b"nul"]),
        (b"\x7f", []),
        (b"latin \xe9\x7f\xe8\n", [b"latin \xe8"]),
    ],
)
def test_lines_whole_and_byte_by_byte(keys: bytes, lines: list[bytes]) -> None:
    assert typed(keys) == lines
    assert typed(*bytewise(keys)) == lines


@given(KEYS)
def test_where_the_network_cuts_does_not_matter(keys: bytes) -> None:
    assert typed(keys) == typed(*bytewise(keys))


def test_erasing_reaches_back_into_what_came_before() -> None:
    assert typed(b"hel", b"x\x7f", b"lo\r", b"\nnext\n") == [b"hello", b"next"]


@pytest.mark.parametrize("filler", [b"x", b"\x7fxx", b"\xff"])
def test_a_line_without_an_end_is_too_long(filler: bytes) -> None:
    for pieces in ([filler] * 200, [filler * 200]):
        keyboard = Keyboard(64)
        assert [line for piece in pieces for line in keyboard.feed(piece)] == []
        assert keyboard.buffer.overflown


@pytest.mark.parametrize("cut", [whole, bytewise])
def test_lines_before_a_line_too_long_are_returned_and_none_after_it(cut: Cut) -> None:
    keyboard = Keyboard(64)
    keys = b"onee\x7f\ntwo\n" + b"x" * 129 + b"\nafter\n"
    assert [line for piece in cut(keys) for line in keyboard.feed(piece)] == [b"one", b"two"]
    assert keyboard.feed(b"later\n") == []
