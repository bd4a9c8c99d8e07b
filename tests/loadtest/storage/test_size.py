"""A long history that nobody said, in short."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtest.storage import kept, size
from loadtest.storage.fill import NICKS, ROOMS, WORDS_EACH, fill
from loadtest.storage.size import cost

LINES = 10_000


def test_what_was_filled_in_is_read_like_any_history(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(size, "QUESTIONS", 3)
    monkeypatch.setattr(size, "STARTS", 1)
    assert size.lines_of(database) == 0
    fill(database, tmp_path, LINES)
    lines = kept.lines(database)
    assert len(lines) == LINES + len(ROOMS)
    last = lines[-1]
    assert last.room in ROOMS and last.nick in NICKS and len(last.text.split()) == WORDS_EACH
    found = cost(database, tmp_path)  # It asserts that each page is a whole one.
    assert found.lines == size.lines_of(database) == len(lines)
    assert (len(found.start), len(found.page), len(found.terminal_page)) == (1, 3, 3)
    assert found.indexed is not None and len(found.search) == 3
    assert found.memory > 1 << 20
    assert found.cells()["lines"] == len(lines)


def test_times_are_told_as_the_middle_and_the_worst() -> None:
    found = size.Cost(7, [1.0, 3.0, 2.0], [0.003, 0.001, 0.002], [0.1], 2.6, [], 3 << 20)
    assert found.cells() == {
        "lines": 7,
        "start s": "2.00",
        "CHATHISTORY of 50 ms": "2.0 (at most 3.0)",
        "/history 50 ms": "100.0 (at most 100.0)",
        "index made in s": 3,
        "/search of two words ms": "none",
        "memory MiB": 3,
    }
