"""Which blank lines are shown."""

from __future__ import annotations

from geventchat.dialects.human.blanks import PASTE_MS, Blanks


def test_blank_lines_belong_to_what_follows_at_once() -> None:
    blanks = Blanks()
    blanks.add(1000)
    assert blanks.before("late", 1001 + PASTE_MS) == "late"
    blanks.add(5000)
    blanks.add(5001 + PASTE_MS)
    assert blanks.before("soon", 5002 + PASTE_MS) == "\nsoon"
    assert blanks.before("next", 5002 + PASTE_MS) == "next"
