"""Lines broken to a window's width."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.dialects.human.prompt.cells import cells_of
from geventchat.dialects.human.prompt.wrapping import plain, wrapped

RED, RESET = "\x1b[31m", "\x1b[0m"
LINES = st.lists(
    st.sampled_from(["a", "word", " ", "  ", "한국어", "ü", "👩‍👩‍👧", RED, RESET, "x" * 30]),
    max_size=20,
).map("".join)


@pytest.mark.parametrize(
    ("line", "columns", "indent", "rows"),
    [
        ("short", 80, 8, ["short"]),
        ("", 80, 8, [""]),
        ("one two three", 8, 0, ["one two", "three"]),
        ("one two three", 8, 2, ["one two", "  three"]),
        ("  a table   stays", 20, 2, ["  a table   stays"]),
        ("<bob> abcdefghij", 10, 2, ["<bob> abcd", "  efghij"]),
        ("abcdefghij klm", 4, 0, ["abcd", "efgh", "ij", "klm"]),
        ("한국어한국어", 5, 1, ["한국", " 어한", " 국어"]),
        (f"{RED}bob{RESET}: hello", 6, 0, [f"{RED}bob{RESET}:", "hello"]),
        (f"{RED}bobby{RESET}", 5, 0, [f"{RED}bobby{RESET}"]),
        (f"{RED}one two{RESET}", 3, 0, [f"{RED}one", f"two{RESET}"]),
        ("한국", 1, 8, ["한", "국"]),
        ("한국", 2, 1, ["한", "국"]),
        ("ab", 1, 8, ["a", "b"]),
        ("ab", 0, 0, ["a", "b"]),
    ],
)
def test_wrapping(line: str, columns: int, indent: int, rows: list[str]) -> None:
    assert wrapped(line, columns, indent) == rows


@given(LINES, st.integers(0, 40), st.integers(0, 12))
def test_rows_fit_and_nothing_but_spaces_is_lost(line: str, columns: int, indent: int) -> None:
    rows = wrapped(line, columns, indent)
    # A character of two cells stands alone where there is but one.
    assert all(cells_of(plain(row)) <= max(columns, 2) for row in rows)
    assert "".join(rows).replace(" ", "") == line.replace(" ", "")


def test_a_row_is_filled_before_the_next_is_begun() -> None:
    words = ["word"] * 200
    rows = wrapped(" ".join(words), 20, 2)
    assert [row.split() for row in rows[1:-1]] == [["word"] * 3] * (len(rows) - 2)
