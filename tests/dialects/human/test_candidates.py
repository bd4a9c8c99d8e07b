"""What Tab may make of a word: nothing its author may not know."""

from __future__ import annotations

import pytest

from geventchat.dialects.human import candidates as module
from geventchat.dialects.human.candidates import candidates
from tests.dialects.human.prompter import Prompter
from tests.harness import Harness


def test_commands_stand_at_the_beginning_of_a_line_only(harness: Harness) -> None:
    alice = harness.human("alice")
    assert "/join" in candidates(alice.dialect.client, "/jo", True)
    assert candidates(alice.dialect.client, "/jo", False) == []


def test_tab_finishes_them(harness: Harness) -> None:
    harness.human("bob")
    alice = Prompter(harness, "alice")
    alice.presses("/jo\t")
    assert alice.row == "#lobby> /join"
    alice.presses("#lo\t\x15")
    alice.presses("bo\t")
    assert alice.row == "#lobby> bob:"
    alice.presses("\x15ask bo\tnow")
    assert alice.row == "#lobby> ask bob now"


def test_nicks_of_the_room_come_first(harness: Harness) -> None:
    alice, anna, abel = harness.human("alice"), harness.human("anna"), harness.human("abel")
    for person in (alice, anna):
        person.types("/join #dev")
    assert candidates(alice.dialect.client, "a", True) == ["alice", "anna", "abel"]
    abel.types("/join #dev")
    assert candidates(alice.dialect.client, "A", True) == ["abel", "alice", "anna"]


def test_who_is_invisible_or_hidden_is_not_given_away(harness: Harness) -> None:
    alice, ivan = harness.human("alice"), harness.irc("ivan")
    client = alice.dialect.client
    ivan.types("MODE ivan +i")
    assert candidates(client, "iv", True) == []
    ivan.types("JOIN #lobby")
    assert candidates(client, "iv", True) == ["ivan"]
    newcomer = harness.human("")
    quiet = type(newcomer)(harness)
    quiet.come_in()
    assert quiet.session.nick not in candidates(client, "guest", True)


def test_a_secret_room_is_its_members_and_a_room_of_nobody_is_none(harness: Harness) -> None:
    alice, ivan = harness.human("alice"), harness.irc("ivan")
    client = alice.dialect.client
    ivan.types("JOIN #hidden", "JOIN #open", "JOIN #left", "PART #left")
    assert candidates(client, "#", True) == ["#hidden", "#lobby", "#open"]
    ivan.types("MODE #hidden +s")
    assert candidates(client, "#h", True) == []
    assert candidates(client, "#", False) == ["#lobby", "#open"]


def test_of_too_many_none_is_taken_for_the_only_one(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FOUND_MAX", 3)
    alice = harness.human("alice")
    client = alice.dialect.client
    bobs = [harness.human(f"bob{n}") for n in range(3)]
    assert candidates(client, "bob", True) == ["bob0", "bob1", "bob2"]
    alice.types("/join #dev")
    bobs[0].types("/join #dev")
    harness.human("bob3")
    harness.human("bob4")
    assert candidates(client, "bob", True) == ["bob0"]
    alice.types("/switch #lobby")
    assert candidates(client, "bob", True) == []


def test_who_knows_no_room_sees_who_is_here(harness: Harness) -> None:
    alice = harness.human("alice")
    harness.human("bob")
    alice.types("/part")
    assert candidates(alice.dialect.client, "b", True) == ["bob"]
