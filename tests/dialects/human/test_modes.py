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
    assert alice.types("/op alice")[-1].startswith("-> Only operators of #dev may do that.")


def test_kick(people: tuple[HumanClient, HumanClient]) -> None:
    alice, bob = people
    assert alice.types("/kick bob too loud") == ["*** bob was kicked by alice: too loud"]
    assert bob.hears() == [
        "-> You were kicked from #dev by alice: too loud",
        "-> You talk in no room now: /switch #lobby or /join #room.",
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


def test_whoever_kicks_themselves_is_out(people: tuple[HumanClient, HumanClient]) -> None:
    alice, bob = people
    assert alice.types("/kick alice") == [
        "-> You were kicked from #dev by alice.",
        "-> You talk in no room now: /switch #lobby or /join #room.",
    ]
    assert bob.hears() == ["*** alice was kicked by alice."]


@pytest.mark.parametrize(
    "typed",
    [
        *("/op bob", "/deop bob", "/voice bob", "/devoice bob", "/kick bob", "/ban bob"),
        *("/unban bob", "/mute bob", "/unmute bob", "/bans", "/lock", "/unlock", "/moderate"),
        *("/unmoderate", "/invite bob"),
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


def test_what_makes_no_difference_is_told_so(people: tuple[HumanClient, HumanClient]) -> None:
    alice, bob = people
    already = ["-> It is so already."]
    assert alice.types("/op alice") == already
    assert alice.types("/devoice bob") == already
    assert alice.types("/unmoderate") == already
    assert alice.types("/op dave") == ["-> dave is not here."]
    assert bob.hears() == []


def test_people_are_banned_by_their_account(people: tuple[HumanClient, HumanClient]) -> None:
    alice, _ = people
    alice.types("/ban account:rob", "/mute account:tom")
    assert alice.types("/bans") == [
        "-> a:rob banned by alice 0s ago",
        "-> a:tom muted by alice 0s ago",
    ]


def test_bans_and_mutes(people: tuple[HumanClient, HumanClient]) -> None:
    alice, bob = people
    assert alice.types("/bans") == ["-> Nobody is banned from #dev."]
    alice.types("/mute bob")
    bob.hears()
    assert bob.types("hi")[0].startswith("-> You may not speak in #dev: you are banned or muted.")
    alice.types("/unmute bob", "/ban 192.0.2.0/24")
    assert alice.types("/bans") == ["-> *!*@192.0.2.0/24 banned by alice 0s ago"]
    bob.types("/part")
    assert bob.types("/join #dev") == ["-> You are banned from #dev."]
    assert alice.types("/unban 192.0.2.0/24")[-1] == "*** alice unbanned *!*@192.0.2.0/24."


def test_locks_and_invitations(people: tuple[HumanClient, HumanClient]) -> None:
    alice, bob = people
    assert alice.types("/lock secret") == ["*** alice locked the room."]
    bob.types("/part")
    assert bob.types("/join #dev") == ["-> #dev is locked: /join #dev KEY"]
    assert alice.types("/invite bob")[-1] == "-> bob is invited to #dev."
    assert bob.hears() == ["*** alice invites you to #dev. /join #dev"]
    assert bob.types("/join #dev")[0].startswith("-> You are in #dev")
    bob.types("/part")
    assert bob.types("/join #dev secret")[0].startswith("-> You are in #dev")
    alice.types("/unlock", "/lock")
    assert alice.types("/unlock") == ["*** alice opened the room to everybody."]
    assert alice.types("/unlock") == ["-> It is so already."]
    assert alice.types("/lock a b")[0].startswith("-> A key has up to")


def test_a_moderated_room(people: tuple[HumanClient, HumanClient]) -> None:
    alice, bob = people
    assert alice.types("/moderate") == ["*** alice moderated the room."]
    bob.hears()
    assert bob.types("hi") == [
        "-> You may not speak in #dev: it is moderated. Your line was not sent."
    ]
    assert alice.types("/unmoderate")[-1] == "*** alice let everybody speak."
    assert bob.types("hi")[-1:] == ["*** alice let everybody speak."]


def test_a_ban_for_a_time_does_not_become_one_for_ever(
    people: tuple[HumanClient, HumanClient],
) -> None:
    alice, _ = people
    refused = "-> Name one nick, address or network. Times and reasons are not kept yet."
    assert alice.types("/ban bob 2h") == [refused]
    assert alice.types("/bans") == ["-> Nobody is banned from #dev."]
