"""Freed memory goes back to the system."""

from __future__ import annotations

from geventchat.memory import Trimming, resident, trimmer


def test_it_is_tried_while_there_is_more_than_there_was() -> None:
    mib = 1 << 20
    sizes = [50, 52, 60, 60, 53, 50, 40, 45, 41, 43]
    trimming = Trimming(iter([size * mib for size in sizes]).__next__)
    assert [trimming.look() for _ in sizes] == [
        *(False, False, True, True, False, False),
        *(False, True, False, False),
    ]


def test_what_was_freed_goes_back() -> None:
    """Between pieces that stay, as a flood leaves them."""
    trim = trimmer()
    assert trim is not None
    pieces = [bytes(5000) for _ in range(20_000)]
    kept = pieces[::500]
    full = resident()
    del pieces
    trim()
    assert resident() < full - (50 << 20)
    assert len(kept) == 40
