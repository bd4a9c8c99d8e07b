"""The lives of rooms: what whoever comes now may read, and what a room takes up again."""

from __future__ import annotations

import pytest

from geventchat.chat import rights
from tests.harness import Harness, HumanClient

GUARDS = ["/lock sesame", "/lock", "MODE #board +s"]


def a_guarded_room(harness: Harness, guard: str) -> HumanClient:
    """Somebody in a room in which something was said openly, and then behind a guard."""
    alice = harness.irc("alice", "draft/chathistory")
    guard = {"/lock sesame": "MODE #board +k sesame", "/lock": "MODE #board +i"}.get(guard, guard)
    alice.types("JOIN #board", "PRIVMSG #board :open", guard, "PRIVMSG #board :4711")
    return alice


@pytest.mark.parametrize("way", ["empties", "is forgotten", "restarts"])
@pytest.mark.parametrize("guard", GUARDS)
def test_what_was_said_behind_a_guard_is_read_by_nobody_after(guard: str, way: str) -> None:
    harness = Harness(rooms_max=1)
    alice = a_guarded_room(harness, guard)
    alice.types("TOPIC #board :secret 4711", "PART #board")
    if way == "is forgotten":
        alice.types("JOIN #other", "PART #other")
        assert harness.state.room("#board") is None
    if way == "restarts":
        harness.state.rooms.clear()
        harness.state.empty.clear()
    mallory = harness.human("mallory")
    heard = mallory.types("/join #board", "/history", "/topic", "/pins")
    assert "4711" not in str(heard)
    assert heard[0] == "-> You are in #board: no topic (1 here: mallory)"
    eve = harness.irc("eve", "draft/chathistory", "draft/event-playback", "batch")
    eve.types("JOIN #board")
    for asked in ("LATEST #board * 50", "AFTER #board msgid=1 50", "AROUND #board msgid=9 50"):
        assert "4711" not in str(eve.types(f"CHATHISTORY {asked}"))


def test_what_was_said_openly_is_read_by_the_next_one_in(harness: Harness) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.types("/join #a", "hello", "/part #a")
    assert "[12:00] <alice> hello" in bob.types("/join #a")


def test_a_newcomer_has_no_line_at_hand_that_nobody_new_may_read(harness: Harness) -> None:
    alice = harness.human("alice")
    alice.types("/join #a", "open", "/lock sesame", "4711", "/part #a", "/join #a", "hello")
    assert harness.audience.feeds["#a"].earlier == ()
    alice.types("/part #a")
    harness.human("bob").types("/join #a")
    said = [entry.event for entry in harness.audience.feeds["#a"].earlier or ()]
    assert [getattr(event, "text", "") for event in said] == ["hello"]


def test_who_was_there_reads_on_when_a_guard_is_taken_away_and_newcomers_do_not(
    harness: Harness,
) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.types("/join #a", "open", "/lock sesame", "4711", "/unlock", "and now")
    heard = bob.types("/join #a", "/history")
    assert "4711" not in str(heard) and "open" not in str(heard)
    assert any("and now" in line for line in heard)
    assert any("4711" in line for line in alice.types("/history"))


def test_who_has_the_key_reads_what_was_said_behind_it(harness: Harness) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.types("/join #a", "/lock sesame", "4711")
    assert "[12:00] <alice> 4711" in bob.types("/join #a sesame")


def test_who_comes_while_the_journal_cannot_be_read_reads_nothing_of_before(
    harness: Harness,
) -> None:
    alice = harness.human("alice")
    alice.types("/join #a", "/lock sesame", "4711", "/part #a")
    harness.state.rooms.pop("#a")
    harness.state.empty.pop("#a")
    harness.store.read_error = "disk error"
    alice.types("/join #a")
    harness.store.read_error = ""
    assert "4711" not in str(alice.types("/history"))


def test_a_room_that_could_not_be_read_shows_its_lines_to_the_next(harness: Harness) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.types("/join #a", "hello", "/part #a")
    harness.store.read_error = "disk error"
    alice.types("/join #a")
    harness.store.read_error = ""
    assert "[12:00] <alice> hello" in bob.types("/join #a")


def test_an_empty_guarded_room_is_told_to_nobody(harness: Harness) -> None:
    alice, bob = harness.irc("alice"), harness.human("bob")
    alice.types("JOIN #plot", "MODE #plot +s", "PART #plot")
    assert bob.types("/rooms") == ["-> > #lobby     1"]


@pytest.fixture
def hushed(harness: Harness) -> tuple[HumanClient, HumanClient]:
    """An operator of a room and somebody muted there."""
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.types("/join #a")
    bob.types("/join #a")
    alice.types("/mute bob")
    bob.hears()
    alice.hears()
    return alice, bob


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("/away SPAM", ["*** bob is away."]),
        ("/part #a SPAM", ["*** bob left #a. (1 here)", "*** bob left #a."]),
        ("/nick SPAM", []),
        ("/topic SPAM", []),
        ("/pin SPAM", []),
        ("/me SPAM", []),
    ],
)
def test_who_may_not_speak_is_not_heard_otherwise(
    hushed: tuple[HumanClient, HumanClient], typed: str, heard: list[str]
) -> None:
    alice, bob = hushed
    bob.types(typed)
    assert [line for line in alice.hears() if line not in heard] == []


def test_who_may_not_speak_leaves_without_a_word(
    hushed: tuple[HumanClient, HumanClient],
) -> None:
    alice, bob = hushed
    bob.leaves("SPAM")
    assert alice.hears() == ["*** bob left."]


def test_a_mute_is_not_shed_with_a_name(hushed: tuple[HumanClient, HumanClient]) -> None:
    _, bob = hushed
    assert bob.types("/nick bobby") == [
        "-> You may not speak in #a, so you keep your name. /part #a first."
    ]
    assert rights.hushed_in(bob.harness.state, bob.session) is not None


def test_guests_choose_a_name_where_it_is_moderated(harness: Harness) -> None:
    alice, guest = harness.human("alice"), harness.human()
    alice.types("/join #a", "/moderate")
    guest.types("/join #a")
    assert guest.types("/nick carol") == ["*** guest2 is now known as carol."]
    assert "keep your name" in guest.types("/nick dora")[0]


@pytest.mark.parametrize("door", ["/lock sesame", "/ban bob"])
def test_only_an_operators_invitation_opens_doors(harness: Harness, door: str) -> None:
    alice, pal, bob = harness.human("alice"), harness.human("pal"), harness.human("bob")
    alice.types("/join #a")
    pal.types("/join #a")
    alice.types(door)
    pal.types("/invite bob #a")
    assert "#a" not in bob.session.rooms
    assert bob.types("/join #a")[-1].startswith("-> ")
    assert "#a" not in bob.session.rooms
    alice.types("/invite bob #a")
    bob.types("/join #a")
    assert "#a" in bob.session.rooms


def test_a_reply_goes_to_who_wrote_not_to_who_has_the_name_now(harness: Harness) -> None:
    alice, bob, eve = harness.human("alice"), harness.human("bob"), harness.human("eve")
    bob.types("/msg alice psst")
    bob.types("/nick rob")
    eve.types("/nick bob")
    alice.hears()
    assert alice.types("/reply yes") == ["-> [PM to rob] yes"]
    rob = bob
    rob.leaves()
    assert alice.types("/reply yes")[-1] == "-> bob has left. Your line was not sent."


def test_only_the_end_of_a_guard_ends_what_may_be_read(harness: Harness) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.types("/join #dev", "in the open", "/moderate", "/unmoderate", "/lock key", "behind it")
    bob.types("/join #dev key")
    assert any("in the open" in line for line in bob.types("/history"))
    bob.types("/part #dev")
    alice.types("/moderate")  # It is locked as before.
    assert any("behind it" in line for line in bob.types("/join #dev key"))
    bob.types("/part #dev")
    alice.types("/unmoderate", "/unlock")
    heard = bob.types("/join #dev", "/history")
    assert not any("behind it" in line or "in the open" in line for line in heard)


@pytest.mark.parametrize("guard", ["+s", "+i", "+k sesame"])
def test_a_topic_from_behind_a_guard_goes_with_it(harness: Harness, guard: str) -> None:
    alice, eve = harness.irc("alice"), harness.irc("eve")
    alice.types("JOIN #v", f"MODE #v {guard}", "TOPIC #v :4711", f"MODE #v -{guard[1:]}")
    asked = ["LIST", "TOPIC #v", "JOIN #v"]
    assert "4711" not in str(eve.types(*asked))
    assert "4711" not in str(harness.human("bob").types("/rooms", "/join #v", "/topic"))


@pytest.mark.parametrize("guard", ["+s", "+i", "+k sesame"])
def test_an_empty_room_shows_no_topic_from_behind_a_guard(harness: Harness, guard: str) -> None:
    alice, bob = harness.irc("alice"), harness.human("bob")
    alice.types("JOIN #v", f"MODE #v {guard}", "TOPIC #v :4711", "PART #v")
    assert "4711" not in str(bob.types("/rooms"))


@pytest.mark.parametrize("way", ["/mute bob", "/ban bob"])
def test_a_ban_on_somebody_who_is_here_holds_under_another_name(harness: Harness, way: str) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    for person in (alice, bob):
        person.types("/join #a")
    alice.types(way, "/kick bob")
    bob.types("/nick rob", "/join #a", "spam")
    assert "spam" not in str(alice.hears())
    alice.types(way.replace("/", "/un"))
    bob.types("/join #a", "/switch #a", "hello")
    assert "[12:00] <rob> hello" in alice.hears()
