"""What bytes from a terminal mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.dialects.human.prompt.strokes import KEYS_MAX, Key, Stroke, Strokes

# What terminals send, whole and broken.
PARTS = st.sampled_from(
    [
        *(
            b"a",
            b"\r",
            b"\n",
            b"\0",
            b"\t",
            b"\x1b",
            b"[",
            b"O",
            b"A",
            b"1;5C",
            b"3~",
            b"200~",
            b"201~",
        ),
        *(
            "ä".encode(),
            "한".encode(),
            b"\xed",
            b"\x95",
            b"\xff",
            b"\x7f",
            b"\x03",
            b"?",
            b"9" * 70,
        ),
        *(b"\x1b[200~", b"\x1b[201~", b"\x1b[D", b"\x1bb", b"\x1b[[A", "\u202e".encode()),
    ]
)


def decoded(*pieces: bytes) -> list[Stroke]:
    """The strokes, text that stands together being one."""
    strokes = Strokes()
    found: list[Stroke] = []
    for piece in pieces:
        for stroke in strokes.feed(piece):
            last = found[-1] if found else Key.TAB
            if isinstance(stroke, Key) or isinstance(last, Key):
                found.append(stroke)
            else:
                found[-1] = last + stroke
    return found


@pytest.mark.parametrize(
    ("keys", "strokes"),
    [
        (b"hello", ["hello"]),
        ("Grüße 한국 👍🏽".encode(), ["Grüße 한국 👍🏽"]),
        (b"caf\xe9!", ["caf\ufffd!"]),
        ("a\u202eb\u200d".encode(), ["ab\u200d"]),
        (b"\r\n\r\0\r\n\n\r", [Key.ENTER] * 5),
        (b"a\0b", ["ab"]),
        (b"\x1b[D\x1bOD\x02", [Key.LEFT] * 3),
        (b"\x1b[H\x1b[1~\x1b[7~\x1bOH\x01", [Key.HOME] * 5),
        (b"\x1b[F\x1b[4~\x1b[8~\x1bOF\x05", [Key.END] * 5),
        (b"\x1b[A\x10\x1b[B\x0e", [Key.UP, Key.UP, Key.DOWN, Key.DOWN]),
        (b"\x1b[1;5D\x1b[1;3D\x1b[5D\x1bOd\x1bb\x1bB", [Key.WORD_LEFT] * 6),
        (b"\x1b[1;5C\x1bO5C\x1bOc\x1bf", [Key.WORD_RIGHT] * 4),
        (b"\x1b[1;2D", [Key.LEFT]),
        (b"\x1b[3~\x1b[3;5~", [Key.DELETE, Key.KILL_NEXT_WORD]),
        (b"\x1b\x7f\x1b\x08\x1bd", [Key.KILL_WORD, Key.KILL_WORD, Key.KILL_NEXT_WORD]),
        (b"\x7f\x08\x04", [Key.ERASE, Key.ERASE, Key.END_OF_FILE]),
        (b"\x15\x17\x0b\x19\x14", [
            Key.KILL_BEFORE, Key.KILL_BLANK_WORD, Key.KILL_AFTER, Key.YANK, Key.TRANSPOSE
        ]),
        (b"\x0c\x03\t", [Key.CLEAR_SCREEN, Key.INTERRUPT, Key.TAB]),
        (b"\x1bOM", [Key.ENTER]),
        (b"\x1b\x1b[D", [Key.LEFT]),
        (b"\x1b\x1bb", [Key.WORD_LEFT]),
        (b"\x1b\r", [Key.ENTER]),
    ],
)  # fmt: skip
def test_keys_of_many_terminals(keys: bytes, strokes: list[Stroke]) -> None:
    assert decoded(keys) == strokes
    assert decoded(*(keys[i : i + 1] for i in range(len(keys)))) == strokes


@pytest.mark.parametrize(
    "unknown",
    [
        *(b"\x1b[15~", b"\x1b[[A", b"\x1bOP", b"\x1b[1;5P", b"\x1b[?1;2c", b"\x1b[Z", b"\x1bx"),
        *(b"\x1b[" + b"1" * 500 + b"D", b"\x1b[999999999D", b"\x1b[1;;5D", b"\x1b[12;40R", b"\x1c"),
    ],
)
def test_what_is_unknown_is_dropped_whole(unknown: bytes) -> None:
    assert decoded(b"a" + unknown + b"b") == ["ab"]


def test_a_sequence_that_breaks_off_takes_no_key_with_it() -> None:
    assert decoded(b"\x1b[12\rx") == [Key.ENTER, "x"]
    assert decoded("\x1b[1ü".encode()) == ["ü"]


def test_a_paste_holds_text_and_ends_of_lines_only() -> None:
    pasted = b"\x1b[200~if a:\r\n\tb\x7f\x04\x1b[A\x15c\r\x1b[201~\t"
    assert decoded(pasted) == [
        *("if a:", Key.ENTER, Key.PASTED_TAB, "bc", Key.ENTER, Key.TAB),
    ]


def test_a_paste_whose_end_is_lost_is_left_with_an_interrupt() -> None:
    assert decoded(b"\x1b[200~a\x7f\x03b\x7f") == ["a", Key.INTERRUPT, "b", Key.ERASE]


@given(st.lists(PARTS, max_size=30))
def test_where_the_network_cuts_does_not_matter(parts: list[bytes]) -> None:
    data = b"".join(parts)
    assert decoded(*(data[i : i + 1] for i in range(len(data)))) == decoded(data)
    assert decoded(*parts) == decoded(data)


@given(st.binary(max_size=64))
def test_text_is_printable_whatever_comes(data: bytes) -> None:
    texts = [stroke for stroke in decoded(data) if not isinstance(stroke, Key)]
    assert not any(char < " " or "\x7f" <= char < "\xa0" for text in texts for char in text)


@pytest.mark.parametrize("filler", [b"\x1b", b"\x1b[", b"1", b"\x1b[1", b"\x1bO1", b"\xed", b"[ "])
def test_little_is_held_of_what_does_not_end(filler: bytes) -> None:
    strokes = Strokes()
    list(strokes.feed(b"\x1b["))
    for _ in range(500):
        list(strokes.feed(filler))
    assert len(strokes._held) <= 65
    assert len(strokes._bytes) < 4


@pytest.mark.parametrize("key", [b"\x1b[D", b"\x7f", b"\x1bb", b"\x19"])
def test_of_a_flood_of_keys_the_text_is_read(key: bytes) -> None:
    read = decoded(b"a\t" + key * 3 * KEYS_MAX + b"x\ty\r\n\x1b[20", b"0~\tz")
    keys = [stroke for stroke in read if isinstance(stroke, Key)]
    assert len(keys) == KEYS_MAX + 2
    assert read[-4:] == ["x y", Key.ENTER, Key.PASTED_TAB, "z"]


def test_a_flood_of_keys_may_begin_or_end_a_paste() -> None:
    flood = b"\x02" * 2 * KEYS_MAX
    assert decoded(flood + b"\x1b[200~", b"\t")[-1] == Key.PASTED_TAB
    assert decoded(b"\x1b[200~\x1b[201~" + flood + b"\x1b[200~a\x1b[201~", b"\t")[-1] == Key.TAB
