"""What people may ask to read back, in words."""

from __future__ import annotations

import pytest

from geventchat.dialects.history import Wanted, wanted

NOW = 1_000_000_000


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", Wanted(30, 0, "")),
        ("20 #dev", Wanted(20, 0, "#dev")),
        ("#dev 20", Wanted(20, 0, "#dev")),
        ("501", Wanted(500, 0, "")),
        ("999999999", Wanted(500, 0, "")),
        ("2h", Wanted(500, NOW - 7_200_000, "")),
        ("90s #x", Wanted(500, NOW - 90_000, "#x")),
        ("1d", Wanted(500, NOW - 86_400_000, "")),
        ("0", None),
        ("-1", None),
        ("٣", None),
        ("9999999999", None),
        ("20 bob", None),
        ("2w", None),
    ],
)
def test_what_words_ask_for(words: str, found: Wanted | None) -> None:
    assert wanted(words.split(), NOW, 500) == found


def test_the_bound_holds_without_a_number_too() -> None:
    assert wanted([], NOW, 7) == Wanted(7, 0, "")
