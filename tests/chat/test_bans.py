"""Whom bans mean, and whom a change of them hushes."""

from __future__ import annotations

import pytest

from geventchat.chat import bans
from geventchat.chat.bans import LOOKED_AT_MAX
from tests.harness import HOST, Harness, HumanClient


@pytest.fixture
def harness() -> Harness:
    return Harness()


@pytest.fixture
def alice(harness: Harness) -> HumanClient:
    alice = harness.human("alice")
    alice.types("/join #dev")
    return alice


def in_dev(harness: Harness, *nicks: str) -> list[HumanClient]:
    people = [harness.human(nick) for nick in nicks]
    for one in people:
        one.types("/join #dev")
    return people


def meant(harness: Harness, mask: str) -> set[str]:
    room = harness.state.rooms["#dev"]
    ban = bans.ban_on(room, mask)
    assert ban is not None
    return {
        member.session.nick for member in room.members.values() if bans.meant(room, ban, member)
    }


def test_whom_a_ban_means(harness: Harness, alice: HumanClient) -> None:
    in_dev(harness, "bob", "bobby", "carol")
    irc = harness.irc("ingrid")
    irc.types("JOIN #dev")
    alice.types("/op ingrid")
    irc.types("MODE #dev +bbbbe bob bob?? *!~ingrid@* m:carol bobby")
    assert meant(harness, "BOB!*@*") == {"bob"}
    assert meant(harness, "bob??!*@*") == set()  # There is an exception for who would be.
    assert meant(harness, "*!~ingrid@*") == {"ingrid"}
    assert meant(harness, "m:carol!*@*") == {"carol"}
    assert bans.ban_on(harness.state.rooms["#dev"], "eve!*@*") is None


def test_a_ban_means_who_had_the_nick_under_another_name(
    harness: Harness, alice: HumanClient
) -> None:
    (bob,) = in_dev(harness, "bob")
    alice.types("/voice bob")  # So that he may take another name where he is banned.
    irc = harness.irc("ingrid")
    irc.types("JOIN #dev")
    alice.types("/op ingrid")
    irc.types("MODE #dev +b bob")
    bob.types("/nick rob")
    assert bob.session.nick == "rob"
    assert meant(harness, "bob!*@*") == {"rob"}
    alice.types("/ban bob")
    assert "#dev" not in bob.session.rooms


HUSHED = "-> You are muted in #dev: others do not hear you."
HEARD = "-> You may speak in #dev again."


def test_only_who_is_hushed_now_and_was_not_before_is_told(
    harness: Harness, alice: HumanClient
) -> None:
    bob, carol = in_dev(harness, "bob", "carol")
    alice.types("/voice carol")
    bob.hears()
    carol.hears()
    alice.types(f"/mute {HOST}")
    assert bob.hears()[1:] == [HUSHED]
    assert carol.hears()[1:] == []
    alice.types("/mute bob", "/unmute bob")  # He is still silent.
    assert not {HUSHED, HEARD} & set(bob.hears())
    alice.types(f"/unmute {HOST}")
    assert HEARD in bob.hears()


def test_an_exception_lets_somebody_speak_again(harness: Harness, alice: HumanClient) -> None:
    (bob,) = in_dev(harness, "bob")
    irc = harness.irc("ingrid")
    irc.types("JOIN #dev")
    alice.types("/op ingrid", f"/mute {HOST}")
    bob.hears()
    irc.types("MODE #dev +e bob")
    assert bob.hears()[-1] == HEARD
    irc.types("MODE #dev -e bob")
    assert bob.hears()[-1] == HUSHED


def test_in_a_moderated_room_a_mute_changes_nothing(harness: Harness, alice: HumanClient) -> None:
    (bob,) = in_dev(harness, "bob")
    alice.types("/moderate", "/mute bob", "/unmute bob")
    assert not {HUSHED, HEARD} & set(bob.hears())


def test_in_a_crowd_who_is_named_is_told(harness: Harness, alice: HumanClient) -> None:
    """The others are when they speak: looking all of them up would take too long."""
    crowd = in_dev(harness, *(f"p{n}" for n in range(LOOKED_AT_MAX)))
    alice.types("/mute p7")
    assert [HUSHED in one.hears() for one in crowd[6:9]] == [False, True, False]
    alice.types("/voice p7")
    crowd[7].types("/nick q7")
    alice.types("/devoice q7")
    crowd[7].hears()
    alice.types("/unmute P7", "/mute p*")
    assert HEARD in crowd[7].hears()
    assert crowd[8].hears()[-1] == "*** alice muted p*."
    assert crowd[8].types("hi")[0].startswith("-> You may not speak in #dev")
