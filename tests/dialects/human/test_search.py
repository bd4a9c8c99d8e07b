"""Finding what was said, at a terminal."""

from __future__ import annotations

import pytest

from geventchat.dialects.pacing import PacedDriver
from tests.harness import Harness, HumanClient

USAGE = "-> Usage: /search WORDS [from:nick]"
DAY = 86_400_000


def found(client: HumanClient, words: str) -> list[str]:
    """What a search finds, without the dates, and what it says at its end."""
    return [line.partition("] ")[2] or line for line in client.types(f"/search {words}")]


def test_the_latest_comes_first_with_room_and_author(alice: HumanClient, bob: HumanClient) -> None:
    alice.types("we deploy", "/join #dev", "deploy here", "/me can deploy")
    alice.harness.clock += DAY
    bob.types("/msg alice deploy in secret", "nothing")
    alice.types("/msg bob Deploy?")
    assert alice.types("/search deploy") == [
        "[2023-11-15 12:00] [PM to bob] Deploy?",
        "[2023-11-15 12:00] [PM from bob] deploy in secret",
        "[2023-11-14 12:00] #dev * alice can deploy",
        "[2023-11-14 12:00] #dev <alice> deploy here",
        "[2023-11-14 12:00] #lobby <alice> we deploy",
        "-- 5 found --",
    ]
    assert found(alice, "deploy since:1h from:bob") == [
        "[PM from bob] deploy in secret",
        "-- 1 found --",
    ]
    assert found(alice, "deploy in:#LOBBY") == ["#lobby <alice> we deploy", "-- 1 found --"]
    assert found(alice, "deploy in:bob from:alice") == ["[PM to bob] Deploy?", "-- 1 found --"]
    assert found(alice, "deploy lunch") == ["-- nothing found --"]


def test_pages() -> None:
    harness = Harness(search_max_lines=2)
    alice = harness.human("alice")
    alice.types(*(f"tea {n}" for n in range(5)))
    lobby = "[2023-11-14 12:00] #lobby <alice> tea"
    assert alice.types("/search tea") == [
        f"{lobby} 4",
        f"{lobby} 3",
        "-- 2 found, /more for earlier --",
    ]
    alice.types("tea 5")
    assert alice.types("/more") == [f"{lobby} 2", f"{lobby} 1", "-- 2 found, /more for earlier --"]
    assert alice.types("/more") == [f"{lobby} 0", "-- 1 found --"]
    assert alice.types("/more") == ["-> Nothing to go on from. /history or /search first."]


def test_only_what_may_be_read_is_found(alice: HumanClient, bob: HumanClient) -> None:
    alice.types("/join #secret", "/lock sesame", "the plan", "/msg alice the plan for me")
    nothing = ["-- nothing found --"]
    assert found(bob, "plan") == nothing
    assert found(bob, "plan in:#secret") == ["-> You are not in #secret. /join #secret"]
    assert found(bob, "plan in:#none") == ["-> You are not in #none. /join #none"]
    assert found(bob, "plan in:alice") == nothing
    bob.types("/join #secret sesame")
    assert found(bob, "plan") == ["#secret <alice> the plan", "-- 1 found --"]
    bob.types("/part #secret")
    assert found(bob, "plan") == nothing
    assert bob.types("/more") == ["-> Nothing to go on from. /history or /search first."]


def test_what_was_behind_a_guard_is_not_found_by_who_comes_after_it(
    alice: HumanClient, bob: HumanClient
) -> None:
    alice.types("/join #den", "/lock sesame", "a secret word", "/unlock", "an open word")
    bob.types("/join #den")
    assert found(bob, "word") == ["#den <alice> an open word", "-- 1 found --"]


def test_a_page_after_one_has_left_the_room(bob: HumanClient) -> None:
    harness = bob.harness
    object.__setattr__(harness.config, "search_max_lines", 1)
    bob.types("/join #dev", "tea 1", "tea 2", "/search tea in:#dev", "/part #dev")
    assert bob.types("/more") == ["-- nothing found --"]


def test_what_was_redacted_is_not_found(alice: HumanClient) -> None:
    irc = alice.harness.irc("irc", "draft/message-redaction", "echo-message", "message-tags")
    irc.types("JOIN #lobby")
    (line,) = irc.types("PRIVMSG #lobby :a slip of the tongue")
    alice.hears()
    assert found(alice, "tongue") == ["#lobby <irc> a slip of the tongue", "-- 1 found --"]
    msgid = line.partition("msgid=")[2].partition(" ")[0].partition(";")[0]
    irc.types(f"REDACT #lobby {msgid}")
    assert found(alice, "tongue") == ["-- nothing found --"]


def test_the_lines_of_who_is_ignored_are_not_shown(alice: HumanClient, bob: HumanClient) -> None:
    bob.types("tea")
    alice.types("/ignore bob")
    assert found(alice, "tea") == ["-- nothing found --"]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("/search", USAGE),
        ('/search ""', "-> Not searched: it takes words."),
        ("/search " + "x" * 3000 + " a b c d e f g h i j k l m n o p q", None),
        ('/search "AND OR NOT NEAR(* ^:-+~<>@()', "-- nothing found --"),
        ("/search '; DROP TABLE events; --", "-- nothing found --"),
        ("/search a\0b", "-- nothing found --"),
    ],
)
def test_any_words(alice: HumanClient, typed: str, answer: str | None) -> None:
    too_long = "-> Not searched: that is too long: search for 16 words at most."
    assert alice.types(typed) == [answer or too_long]


def test_a_store_that_fails(alice: HumanClient) -> None:
    alice.harness.store.read_error = "disk error"
    assert alice.types("/search tea") == ["-> Not searched: disk error."]


def test_a_search_that_takes_long_goes_on_with_more() -> None:
    harness = Harness(search_timeout_s=0.01)
    alice = harness.human("alice")
    alice.types("needle", *("hay" for _ in range(600)))
    harness.services.history._searches._clock = iter(range(10)).__next__  # type: ignore[attr-defined]
    assert alice.types("/search needle") == [
        "-- nothing found so far: this takes long, /more goes on --"
    ]
    assert found(alice, "needle")[0].startswith("-- nothing")
    assert alice.types("/more")[-1] == "-- 1 found --"


def test_who_searches_much_waits() -> None:
    harness = Harness(message_burst=100)
    alice = harness.human("alice")
    alice.driver = PacedDriver(harness.services, alice.line, alice.dialect, lambda: 1000.0)
    alice.types(*("/search tea" for _ in range(5)))
    assert alice.line.paused == []
    alice.types("/search tea")
    assert set(alice.line.paused) == {2.0}
