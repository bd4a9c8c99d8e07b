"""What was said: in the history, on this screen, while one was away."""

from __future__ import annotations

from tests.client.terminal.talker import in_room
from tests.harness import Harness


def test_history(harness: Harness) -> None:
    alice = in_room(harness)
    alice.types(*(f"line {n}" for n in range(5)))
    assert alice.types("/history 2") == [
        "[2023-11-14 12:00] <alice> line 3",
        "[2023-11-14 12:00] <alice> line 4",
        "-- 2 lines --",
    ]
    alice.types("/join #tea")
    assert alice.types("/history #dev 1") == [
        "[2023-11-14 12:00] #dev <alice> line 4",
        "-- 1 line --",
    ]
    assert alice.types("/history") == ["-- no lines --"]
    assert alice.types("/history many") == ["-> Usage: /history [N] [#room]"]


def test_searching_what_was_seen(harness: Harness) -> None:
    alice, bob = in_room(harness), in_room(harness, "bob")
    bob.types("tea at four", "TEA at five", "coffee")
    alice.hears()
    assert alice.types("/search tea") == [
        "[2023-11-14 12:00] <bob> tea at four",
        "[2023-11-14 12:00] <bob> TEA at five",
        "-- 2 lines with tea --",
    ]
    assert alice.types("/search bob FIVE")[-1] == "-- 1 line with bob FIVE --"
    bob.types(*(f"many {n}" for n in range(30)))
    alice.hears()
    assert alice.types("/search many")[-1] == "-- 20 of 30 lines with many --"


def test_what_came_while_away(harness: Harness) -> None:
    alice, bob = in_room(harness), in_room(harness, "bob")
    bob.types("before")
    alice.hears()
    assert alice.types("/missed") == ["-- no lines came while you were away --"]
    assert alice.types("/away lunch") == [
        "-> You are away: lunch. /back when you are back, /missed for what came."
    ]
    bob.types("meanwhile", "/msg alice psst")
    alice.hears()
    assert alice.types("/back") == ["-> You are back. /missed shows what came."]
    bob.types("after")
    alice.hears()
    assert alice.types("/missed") == [
        "[2023-11-14 12:00] <bob> meanwhile",
        "[2023-11-14 12:00] [PM from bob] psst",
        "-- 2 lines came while you were away --",
    ]
    assert alice.types("/back") == ["-> You are not away."]
    alice.types("/away")
    assert alice.types("/missed") == ["-- no lines came while you were away --"]


def test_what_came_while_cut_off_is_missed_too(harness: Harness) -> None:
    alice, bob = in_room(harness), in_room(harness, "bob")
    alice.is_cut()
    bob.types("meanwhile")
    back, _ = alice.comes_back()
    assert back.types("/missed")[-1] == "-- 1 line came while you were away --"
