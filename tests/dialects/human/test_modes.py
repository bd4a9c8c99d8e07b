"""The words of room operators, and what everybody sees of them."""

from __future__ import annotations

import pytest

from tests.harness import Harness, HumanClient


@pytest.fixture
def people() -> tuple[HumanClient, HumanClient]:
    harness = Harness()
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.types("/join #dev")
    bob.types("/join #dev")
    alice.hears()
    return alice, bob


def test_standings(people: tuple[HumanClient, HumanClient]) -> None:
    alice, bob = people
    assert alice.types("/voice bob") == ["*** alice gave bob a voice."]
    assert alice.types("/op bob") == ["*** alice made bob an operator."]
    assert alice.types("/names") == ["-> 2 in #dev: @alice, @bob"]
    assert bob.types("/deop alice")[-1] == "*** bob took alice off the operators."
    assert alice.types("/op alice")[-1].startswith("-> Only operators of #dev or of the server")


def test_kick(people: tuple[HumanClient, HumanClient]) -> None:
    alice, bob = people
    assert alice.types("/kick bob too loud") == ["*** bob was kicked by alice: too loud"]
    assert bob.hears() == [
        "-> You were kicked from #dev by alice: too loud",
        "-> You are not talking in any room now: /switch #lobby or /join #room.",
    ]
    assert alice.types("/kick bob") == ["-> bob is not in #dev."]


def test_a_kick_and_its_refusal_come_in_their_order(
    people: tuple[HumanClient, HumanClient],
) -> None:
    alice, _ = people
    assert alice.types("/kick bob", "/kick bob", "/kick carol") == [
        "*** bob was kicked by alice.",
        "-> bob is not in #dev.",
        "-> carol is not here.",
    ]


def test_nobody_kicks_themselves_and_leaves_the_room_to_nobody(
    people: tuple[HumanClient, HumanClient],
) -> None:
    alice, bob = people
    assert alice.types("/kick ALICE") == ["-> /part leaves the room."]
    assert bob.hears() == []


@pytest.mark.parametrize(
    "typed",
    [
        *("/op bob", "/deop bob", "/voice bob", "/devoice bob", "/kick bob", "/ban bob"),
        *("/unban bob", "/mute bob", "/unmute bob", "/bans", "/lock", "/unlock", "/moderate"),
        *("/unmoderate", "/invite bob", "/modes", "/locktopic", "/unlocktopic"),
    ],
)
def test_in_no_room_there_is_nothing_to_rule(
    people: tuple[HumanClient, HumanClient], typed: str
) -> None:
    alice, bob = people
    alice.types("/part", "/part")
    bob.hears()
    assert alice.types(typed) == ["-> You are in no room: /join #room first."]
    assert bob.hears() == []


def test_a_password_for_oper_is_not_read_back(people: tuple[HumanClient, HumanClient]) -> None:
    alice, bob = people
    assert alice.types("/op root sesame") == ["-> root is not here."]
    assert bob.hears() == []


def test_locks_and_invitations(people: tuple[HumanClient, HumanClient]) -> None:
    alice, bob = people
    assert alice.types("/lock secret") == ["*** alice locked #dev with a key."]
    bob.types("/part")
    assert bob.types("/join #dev") == ["-> #dev is locked: /join #dev KEY"]
    assert alice.types("/invite bob")[-1] == "-> bob is invited to #dev."
    assert bob.hears() == ["*** alice invites you to #dev. /join #dev"]
    assert bob.types("/join #dev")[0].startswith("-> You are in #dev")
    bob.types("/part")
    assert bob.types("/join #dev secret")[0].startswith("-> You are in #dev")
    alice.types("/unlock", "/lock", "/lock sesame")
    assert alice.types("/unlock") == ["*** alice opened #dev to everybody."]
    assert alice.types("/unlock") == ["-> #dev is not locked."]
    assert alice.types("/lock a b")[0].startswith("-> A key has up to")


def test_a_moderated_room(people: tuple[HumanClient, HumanClient]) -> None:
    alice, bob = people
    assert alice.types("/moderate") == [
        "*** alice moderated #dev: only operators and voices may speak."
    ]
    bob.hears()
    assert bob.types("hi") == [
        "-> You may not speak in #dev: it is moderated. Your line was not sent."
    ]
    assert alice.types("/unmoderate")[-1] == "*** alice let everybody speak."
    assert bob.types("hi")[-1:] == ["*** alice let everybody speak."]


def test_what_holds_in_a_room(people: tuple[HumanClient, HumanClient]) -> None:
    alice, bob = people
    assert bob.types("/modes") == ["-> Everybody may come into #dev, and speak there."]
    alice.types("/lock sesame", "/lock", "/moderate", "/locktopic", "/mute eve", "/ban 10.0.0.0/8")
    bob.hears()
    holds = [
        "-> #dev is moderated: only operators and voices may speak.",
        "-> #dev is locked with a key.",
        "-> #dev is for invited people only.",
        "-> #dev has a topic that only operators set.",
        "-> 2 banned or muted: /bans lists them.",
    ]
    assert alice.types("/modes") == holds
    assert bob.types("/modes") == holds


def test_the_rest_that_irc_sets_is_told_too(people: tuple[HumanClient, HumanClient]) -> None:
    alice, _ = people
    irc = alice.harness.irc("ingrid")
    irc.types("JOIN #dev")
    alice.types("/op ingrid")
    irc.types("MODE #dev +sCl-n 7")
    assert alice.hears()[-1] == (
        "*** ingrid made #dev secret, closed #dev to what programs ask,"
        " limited #dev to 7 people and opened #dev to words from outside."
    )
    assert alice.types("/modes") == [
        "-> #dev is secret: only who is in it knows of it.",
        "-> #dev takes 7 people at most.",
        "-> #dev takes words from people who are not in it.",
        "-> #dev takes nothing that programs ask each other (CTCP).",
    ]


def test_only_operators_set_a_topic_that_is_theirs(
    people: tuple[HumanClient, HumanClient],
) -> None:
    alice, bob = people
    assert alice.types("/locktopic") == ["*** alice locked the topic of #dev to operators."]
    assert bob.types("/topic mine")[-1].startswith("-> Only operators of #dev or of the server")
    assert alice.types("/unlocktopic") == ["*** alice opened the topic of #dev to everybody."]
    assert bob.types("/topic mine")[-1] == "*** bob set the topic: mine"
