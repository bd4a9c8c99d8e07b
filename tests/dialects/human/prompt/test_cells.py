"""What a screen's cells hold."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import iter_graphemes

from geventchat.dialects.human.prompt.cells import (
    after,
    before,
    cells_of,
    fitting,
    fitting_before,
)

FAMILY = "👩‍👩‍👧"
# No more than the longest cluster that is looked at.
TEXTS = st.lists(
    st.sampled_from(["a", " ", "ü", "u\u0308", "한", "\u0301", "🇩", FAMILY]), max_size=20
)


@pytest.mark.parametrize(
    ("text", "cells"),
    [("", 0), ("abc", 3), ("ü", 1), ("u\u0308", 1), ("한국", 4), (FAMILY, 2), ("❤️", 2), ("🇩🇪", 2)],
)
def test_cells(text: str, cells: int) -> None:
    assert cells_of(text) == cells


@given(TEXTS.map("".join))
def test_the_cursor_stops_between_clusters_only(text: str) -> None:
    borders = [0, *accumulate(len(cluster) for cluster in iter_graphemes(text))]
    forth = [0]
    while forth[-1] < len(text):
        forth.append(after(text, forth[-1]))
    assert forth == borders
    back = [len(text)]
    while back[-1]:
        back.append(before(text, back[-1]))
    assert back[::-1] == borders
    assert after(text, len(text)) == len(text)
    assert before(text, 0) == 0


@given(TEXTS.map("".join), st.integers(0, 30))
def test_what_fits_is_the_most_that_fits(text: str, room: int) -> None:
    clusters = list(iter_graphemes(text))
    end = fitting(text, 0, room)
    fit = [n for n in range(len(clusters) + 1) if cells_of("".join(clusters[:n])) <= room]
    assert cells_of(text[:end]) <= room
    assert room == 0 or text[:end] == "".join(clusters[: max(fit)])
    start = fitting_before(text, len(text), room)
    assert cells_of(text[start:]) <= room
    assert "".join(clusters).endswith(text[start:])


def test_a_thousand_marks_on_a_letter_are_no_row() -> None:
    text = "a" + "\u0301" * 2000
    assert fitting(text, 0, 10) <= 80
    assert fitting_before(text, len(text), 10) >= len(text) - 80
    assert len(text) - before(text, len(text)) <= 64
    assert after(text, 0) <= 64
