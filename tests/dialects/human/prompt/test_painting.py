"""The prompt's row: never wider than it may be, and the cursor always in sight."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import iter_graphemes

from geventchat.dialects.human.prompt.cells import cells_of
from geventchat.dialects.human.prompt.painting import Row, columns_from, label_for
from geventchat.dialects.human.prompt.wrapping import plain

RED, RESET = "\x1b[31m", "\x1b[0m"
TEXTS = st.lists(
    st.sampled_from(["a", "b ", "word", "ü", "한", "👩‍👩‍👧", "\u0301", "u\u0308", "x" * 20]),
    max_size=30,
).map("".join)
LABELS = st.sampled_from(
    ["> ", "", "#lobby> ", "한국> ", f"{RED}#dev{RESET} (3)> ", "#" + "x" * 90]
)


@pytest.mark.parametrize(
    ("told", "columns"), [(80, 80), (0, 80), (-1, 80), (65535, 80), (1, 20), (600, 500)]
)
def test_a_terminal_may_lie_about_its_width(told: int, columns: int) -> None:
    assert columns_from(told) == columns


def painted(row: Row, label: str, text: str, cursor: int) -> tuple[str, str]:
    """What stands before the cursor and from it on."""
    sent = row.paint(label, text, cursor)
    assert sent[0] == "\r"
    for ours in ("\r", "\x1b[?7l", "\x1b[?7h", "\x1b[K"):
        sent = sent.replace(ours, "")
    head, _, tail = sent.partition("\x1b7")
    return head, tail.removesuffix("\x1b8")


@given(st.lists(st.tuples(TEXTS, st.integers(0, 50)), max_size=6), LABELS, st.integers(0, 90))
def test_the_last_column_stays_free_and_the_cursor_in_sight(
    texts: list[tuple[str, int]], label: str, columns: int
) -> None:
    row = Row(columns)
    for text, place in texts:  # Where it was scrolled to is kept from one text to the next.
        clusters = list(iter_graphemes(text))
        cursor = len("".join(clusters[:place]))
        head, tail = painted(row, label, text, cursor)
        shown = label_for(label, row.columns // 2)
        assert head.startswith(shown)
        assert cells_of(plain(head)) + cells_of(tail) <= row.columns - 1
        head = head.removeprefix(shown)
        left, right = text[:cursor], text[cursor:]
        if head != left:
            assert head[0] == "<"
            assert len(head) > 1
            assert left.endswith(head[1:])
        if tail != right:
            assert tail[-1] == ">"
            assert right.startswith(tail[:-1])
        assert row.free >= 0


@given(TEXTS, LABELS)
def test_what_is_free_is_free(text: str, label: str) -> None:
    row = Row(60)
    head, tail = painted(row, label, text, len(text))
    assert tail == ""
    assert row.free == 59 - cells_of(plain(head))
    assert painted(row, label, text + "x" * row.free, len(text) + row.free)[0].endswith(
        head.removeprefix(label_for(label, 30)) + "x" * (59 - cells_of(plain(head)))
    )


def test_the_row_scrolls_by_more_than_one_character() -> None:
    row, text = Row(20), "abcdefghijklmnopqrstuvwxyz"
    assert painted(row, "> ", text[:17], 17) == ("> abcdefghijklmnopq", "")
    assert painted(row, "> ", text[:18], 18) == ("> <ijklmnopqr", "")
    assert painted(row, "> ", text, 26) == ("> <qrstuvwxyz", "")
    assert painted(row, "> ", text, 17) == ("> <q", "rstuvwxyz")
    assert painted(row, "> ", text, 16) == ("> <ghijklmnop", "qrstu>")
    assert painted(row, "> ", text, 0) == ("> ", "abcdefghijklmnop>")


def test_only_what_needs_it_is_painted_without_wrapping() -> None:
    row = Row(80)
    assert row.paint("> ", "plain", 5) == "\r> plain\x1b[K"
    assert row.paint("> ", "한", 1) == "\r\x1b[?7l> 한\x1b[K\x1b[?7h"


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("#lobby> ", "#lobby> "),
        (f"{RED}#dev{RESET}> ", f"{RED}#dev{RESET}> {RESET}"),
        (f"{RED}#a-long-room{RESET}> ", "#a-long-r "),
        ("한국한국한국> ", "한국한국 "),
        ("ev\x1b[2Jil\x07> ", "ev[2Jil> "),
    ],
)
def test_the_label_leaves_room_for_text(label: str, shown: str) -> None:
    assert label_for(label, 10) == shown


def test_a_line_of_marks_is_no_flood() -> None:
    assert len(Row(80).paint("> ", "a" + "\u0301" * 4000, 4001)) < 800
