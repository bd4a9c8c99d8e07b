"""What is unread elsewhere, and the label that tells of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.dialects.human.prompt.cells import cells_of
from geventchat.dialects.human.unread import Unread, label

DEV, TEA = ("#dev", 3), ("#tea", 2)


@pytest.mark.parametrize(
    ("here", "counts", "private", "columns", "shown"),
    [
        ("#lobby", [], 0, 80, "#lobby> "),
        ("#lobby", [DEV], 0, 80, "#lobby (#dev 3)> "),
        ("#lobby", [DEV], 1, 80, "#lobby (#dev 3, 1 PM)> "),
        ("#lobby", [], 2, 80, "#lobby (2 PMs)> "),
        ("#lobby", [DEV, TEA], 2, 80, "#lobby (#dev 3, #tea 2, 2 PMs)> "),
        (
            "#a",
            [DEV, TEA, ("#b", 1), ("#c", 4), ("#d", 5)],
            0,
            80,
            "#a (#dev 3, #tea 2, #b 1, +9)> ",
        ),
        ("#lobby", [DEV, TEA], 2, 40, "#lobby +7> "),
        ("#lobby", [DEV], 0, 20, "#lobby> "),
        ("#a-long-name", [DEV], 0, 20, "#a-long…> "),
        ("#" + "語" * 20, [], 0, 20, "#語語語…> "),
        ("", [], 0, 80, "(nowhere)> "),
        ("", [DEV], 0, 80, "(nowhere) (#dev 3)> "),
        ("#lobby", [], 0, 1, "…> "),
    ],
)
def test_the_label(
    here: str, counts: list[tuple[str, int]], private: int, columns: int, shown: str
) -> None:
    assert label(here, counts, private, columns) == shown


NAMES = st.text(st.sampled_from("ab語é"), min_size=1, max_size=64).map(lambda name: f"#{name}")
COUNTS = st.lists(st.tuples(NAMES, st.integers(1, 10**9)), max_size=100)


@given(NAMES, COUNTS, st.integers(0, 10**9), st.integers(20, 500))
def test_it_leaves_half_of_the_row_to_the_text(
    here: str, counts: list[tuple[str, int]], private: int, columns: int
) -> None:
    assert cells_of(label(here, counts, private, columns)) <= columns // 2


def test_a_line_is_counted_once_however_often_it_is_told() -> None:
    unread = Unread()
    for number in (5, 5, 4, 6):
        unread.said("#dev", number, 2)
    assert unread.counts("#lobby", ["#lobby", "#dev"]) == [("#dev", 4)]


def test_where_one_talks_all_is_read() -> None:
    unread = Unread()
    unread.said("#dev", 5, 1)
    unread.said("#tea", 6, 1)
    assert unread.counts("#dev", ["#dev", "#tea"]) == [("#tea", 1)]
    assert unread.counts("#tea", ["#dev", "#tea"]) == []
    unread.said("#dev", 7, 1)
    assert unread.counts("#tea", ["#dev", "#tea"]) == [("#dev", 1)]


def test_of_a_room_that_was_left_nothing_is_kept() -> None:
    unread = Unread()
    unread.said("#dev", 5, 1)
    assert unread.counts(None, []) == []
    unread.said("#dev", 5, 1)
    assert unread.counts(None, ["#dev"]) == [("#dev", 1)]


def test_what_was_skipped_is_counted_too() -> None:
    unread = Unread()
    unread.skipped("#dev", 7)
    unread.said("#dev", 9, 1)
    assert unread.counts(None, ["#dev"]) == [("#dev", 8)]
    assert unread.private == 0
    unread.skipped(None, 2)
    assert unread.private == 2
