"""Freed memory goes back to the system."""

from __future__ import annotations

from geventchat.memory import Trimming, resident, trimmer

MIB = 1 << 20


def test_it_is_tried_when_much_was_let_go_of() -> None:
    trimming = Trimming(iter([size * MIB for size in (50, 90, 90, 90, 60, 60)]).__next__)
    held = [0, 40, 40, 10, 10, 10]
    tried = [trimming.look(bytes_held * MIB) for bytes_held in held]
    assert tried == [False, False, False, True, False, False]


def test_it_is_tried_rarely_where_nothing_was_told() -> None:
    trimming = Trimming(lambda: next(sizes) * MIB)
    sizes = iter([50] + [90] * 40)
    tried = [trimming.look(0) for _ in range(30)]
    assert [look for look, did in enumerate(tried, 1) if did] == [12, 24]


def test_it_is_not_tried_for_little() -> None:
    trimming = Trimming(lambda: 50 * MIB)
    assert not any(trimming.look(held) for held in (90 * MIB, 0, *[0] * 30))


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
