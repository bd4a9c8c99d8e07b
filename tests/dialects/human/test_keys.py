"""What a person types, before a line is a line."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.dialects.human.keys import CUT_LINE, END_OF_FILE, Keyboard

Cut = Callable[[bytes], list[bytes]]
KEYS = st.lists(
    st.sampled_from(
        [
            *(b"\r", b"\n", b"\0", b"\b", b"\x7f", b"\x15", b"\x03", b"\x04", b"\x1c", b"a", "ä"),
            *(b"\x1b", b"[", b"O", b"]", b"\\", b"\a", b"5", b"A"),
        ]
    ),
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
        (b"left\x1b[D\x1b[Dright\x1bOC\n", [b"leftright"]),
        (b"\x1b[A\x1bOB\x1b[3~\x1b[1;5C\n\n", [b""]),
        (b"\x1b[31mred\x1b[0m \x1b[1;38;5;9mbold\x1b(B\x1b[m\n", [b"red bold"]),
        (b"\x1b[200~pasted\nlines\n\x1b[201~\n", [b"pasted", b"lines"]),
        (b"a\x1b]0;title\x07b\x1b]8;;http://x\x1b\\c\x1bPq#0\x1b\\d\n", [b"abcd"]),
        (b"alt\x1bx \x1b\x1b[A.\x1b\n\x1b\r\nnext\n", [b"altx .", b"next"]),
        (
            b"cut off\x1b[\nor\x1b[3\nand\x1bO\nat\x1b]its end\n",
            [b"cut off", b"or", b"and", b"atits end"],
        ),
        ("no CSI \x1b[ä of é\n".encode(), ["no CSI ä of é".encode()]),
        (
            "Ý ” ם Ü “ 한 本 👩‍👩‍👧‍👦 \x9b \x9d\n".encode(),
            ["Ý ” ם Ü “ 한 本 👩‍👩‍👧‍👦 \x9b \x9d".encode()],
        ),
        (b"ab\x1b[D\x7fc\n", [b"ac"]),
        (b"\x1b[A\x04", [END_OF_FILE]),
        (b"\xed\x95\x1c\xea\xb5\xad rest\nnext\n", [CUT_LINE, b"next"]),
        (b"\x1cwhole\n\x1b[A\x1cwhole\n", [b"whole", b"whole"]),
        (b"cut\x1crest\x1crest\x7f\x04\r\0next\r\0", [CUT_LINE, b"next"]),
        (b"cut\x1crest\x03again\n", [CUT_LINE, b"again"]),
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


@pytest.mark.parametrize("keys", [b"\x1b[A", b"\x1b", b"\x1bOA", b"\x1b]0;t\x07"])
def test_keys_held_down_for_long_are_no_line_too_long(keys: bytes) -> None:
    for pieces in ([keys] * 1000, [keys * 1000]):
        keyboard = Keyboard(64)
        assert [line for piece in pieces for line in keyboard.feed(piece)] == []
        assert not keyboard.buffer.overflown
        assert keyboard.feed(b"and a line\n") == [b"and a line"]


def test_a_string_without_an_end_is_bounded() -> None:
    keyboard = Keyboard(64)
    for _ in range(20):
        keyboard.feed(b"\x1b]" + b"x" * 20)
    assert keyboard.buffer.overflown
