"""What people may ask to read back, in words."""

from __future__ import annotations

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

import pytest

from geventchat.dialects.history import Wanted, wanted

NOW, DAY = 1_000_000_000, 86_400_000  # 1970-01-12 13:46:40 UTC.


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", Wanted(30)),
        ("20 #dev", Wanted(20, room="#dev")),
        ("#dev 20", Wanted(20, room="#dev")),
        ("@bob 20", Wanted(20, nick="bob")),
        ("#dev @bob", Wanted(30, nick="bob")),
        ("501", Wanted(500)),
        ("999999999", Wanted(500)),
        ("2h", Wanted(500, NOW - 7_200_000)),
        ("since 2H", Wanted(500, NOW - 7_200_000)),
        ("90s #x", Wanted(500, NOW - 90_000, room="#x")),
        ("1d", Wanted(500, NOW - DAY)),
        ("1w", Wanted(500, NOW - 7 * DAY)),
        ("999999w", Wanted(500, 0)),
        ("1970-01-12", Wanted(500, 11 * DAY, 12 * DAY)),
        ("since 1970-01-12", Wanted(500, 11 * DAY)),
        ("today", Wanted(500, 11 * DAY, 12 * DAY)),
        ("Yesterday", Wanted(500, 10 * DAY, 11 * DAY)),
        ("since yesterday 3:15", Wanted(500, 10 * DAY + 11_700_000)),
        ("13:46", Wanted(500, 11 * DAY + 49_560_000)),
        ("13:47", Wanted(500, 10 * DAY + 49_620_000)),  # Later than it is now.
        ("7 2h", Wanted(7, NOW - 7_200_000)),
        ("yesterday 7", Wanted(7, 10 * DAY, 11 * DAY)),
    ],
)
def test_what_words_ask_for(words: str, found: Wanted) -> None:
    assert wanted(words.split(), NOW, 500) == found


@pytest.mark.parametrize("word", ["0", "-1", "٣", "9999999999", "bob", "2y", "@", "1970-1", "1:2"])
def test_what_is_not_understood(word: str) -> None:
    assert wanted(["#dev", word], NOW, 500).trouble == f"Not understood: {word}."


@pytest.mark.parametrize("word", ["24:00", "12:60", "1970-02-30", "0000-01-01", "2026-13-01"])
def test_there_are_no_such_times(word: str) -> None:
    assert wanted([word], NOW, 500).trouble == f"No such time: {word}."


@pytest.mark.parametrize("zone", [None, UTC, ZoneInfo("Europe/Vienna"), ZoneInfo("Pacific/Apia")])
@pytest.mark.parametrize("word", ["0001-01-01", "9999-12-31", "1900-02-28", "2026-03-29"])
def test_days_long_past_and_yet_to_come(word: str, zone: tzinfo | None) -> None:
    found = wanted([word, "02:30"], NOW, 500, zone)
    assert found.trouble or found.since >= 0


def test_a_day_has_as_many_hours_as_its_zone_gives_it() -> None:
    vienna = ZoneInfo("Europe/Vienna")
    for word, hours in (("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-20", 24)):
        found = wanted([word], NOW, 500, vienna)
        assert found.until - found.since == hours * 3_600_000


def test_a_beginning_takes_a_time() -> None:
    assert wanted(["since"], NOW, 500).trouble == "Since when?"
    assert wanted(["20", "since", "#dev"], NOW, 500).trouble == "Since when?"


def test_the_bound_holds_without_a_number_too() -> None:
    assert wanted([], NOW, 7) == Wanted(7)
