"""The prompt's row."""

from __future__ import annotations

import pytest

from geventchat.dialects.human.prompt.painting import columns_from


@pytest.mark.parametrize(
    ("told", "columns"), [(80, 80), (0, 80), (-1, 80), (65535, 80), (1, 20), (600, 500)]
)
def test_a_terminal_may_lie_about_its_width(told: int, columns: int) -> None:
    assert columns_from(told) == columns
