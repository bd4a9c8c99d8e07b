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
    assert alice.types("/voice bob") == [" * alice gave bob a voice."]
    assert alice.types("/op bob") == [" * alice made bob an operator."]
    assert alice.types("/names") == ["-> 2 in #dev: @alice, @bob"]
    assert bob.types("/deop alice")[-1] == " * bob took alice off the operators."
    assert alice.types("/op alice")[-1].startswith("-> Only operators of #dev may do that.")


def test_kick(people: tuple[HumanClient, HumanClient]) -> None:
    alice, bob = people
    assert alice.types("/kick bob too loud") == [" * bob was kicked by alice: too loud"]
    assert bob.hears() == [
        "-> You were kicked from #dev by alice: too loud",
        "-> You talk in no room now: /switch #lobby or /join #room.",
    ]
    assert alice.types("/kick bob") == ["-> bob is not in #dev."]


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
    assert alice.types("/unban 192.0.2.0/24")[-1] == " * alice unbanned *!*@192.0.2.0/24."


def test_locks_and_invitations(people: tuple[HumanClient, HumanClient]) -> None:
    alice, bob = people
    assert alice.types("/lock secret") == [" * alice locked the room."]
    bob.types("/part")
    assert bob.types("/join #dev") == ["-> #dev is locked: /join #dev KEY"]
    assert alice.types("/invite bob")[-1] == "-> bob is invited to #dev."
    assert bob.hears() == [" * alice invites you to #dev. /join #dev"]
    assert bob.types("/join #dev")[0].startswith("-> You are in #dev")
    bob.types("/part")
    assert bob.types("/join #dev secret")[0].startswith("-> You are in #dev")
    alice.types("/unlock", "/lock")
    assert alice.types("/unlock") == [" * alice opened the room to everybody."]
    assert alice.types("/unlock") == ["-> It is so already."]
    assert alice.types("/lock a b")[0].startswith("-> A key has up to")


def test_a_moderated_room(people: tuple[HumanClient, HumanClient]) -> None:
    alice, bob = people
    assert alice.types("/moderate") == [" * alice moderated the room."]
    bob.hears()
    assert bob.types("hi") == [
        "-> You may not speak in #dev: it is moderated. Your line was not sent."
    ]
    assert alice.types("/unmoderate")[-1] == " * alice let everybody speak."
    assert bob.types("hi")[-1:] == [" * alice let everybody speak."]


def test_a_ban_for_a_time_does_not_become_one_for_ever(
    people: tuple[HumanClient, HumanClient],
) -> None:
    alice, _ = people
    refused = "-> Name one nick, address or network. Times and reasons are not kept yet."
    assert alice.types("/ban bob 2h") == [refused]
    assert alice.types("/bans") == ["-> Nobody is banned from #dev."]
