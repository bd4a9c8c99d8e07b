"""/oper, /kill, /wall and /reload: what each prints, and to whom."""

from __future__ import annotations

import pytest

from geventchat.dialects.base import HangUp
from geventchat.errors import CloseReason
from tests.harness import HOST, Harness, HumanClient


@pytest.fixture
def harness() -> Harness:
    return Harness(oper_name="root", oper_password="sesame")


@pytest.fixture
def boss(harness: Harness) -> HumanClient:
    boss = harness.human("boss")
    boss.types("/oper root sesame")
    return boss


def test_what_is_told_of_a_claim(harness: Harness) -> None:
    boss = harness.human("boss")
    assert boss.types("/oper") == boss.types("/oper  ") == ["-> Usage: /oper NAME PASSWORD"]
    wrong = ["-> Wrong name or password."]
    assert boss.types("/oper root") == boss.types("/oper root no") == wrong
    assert boss.types("/oper root   sesame") == [
        "-> You are an operator of the server now: you may keep order in every room."
    ]
    boss.types("/oper root 1", "/oper root 2")
    assert boss.types("/oper root 3") == []
    assert boss.end == HangUp(CloseReason.WRONG_PASSWORD)
    assert boss.dialect.farewell(boss.end.reason) == ["-> Too many wrong passwords. Closing."]


@pytest.mark.parametrize("typed", ["/kill alice", "/wall hello", "/reload"])
def test_they_are_for_operators_alone(harness: Harness, typed: str) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    assert bob.types(typed) == ["-> Only operators of the server may do that."]
    assert alice.hears() == []
    assert alice.line.close_requested is None
    assert harness.recorded == []


def test_kill(harness: Harness, boss: HumanClient) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    boss.hears()
    assert boss.types("/kill BOB  spam") == [
        "*** bob left (Killed by boss (spam)).",
        "-> bob is gone.",
    ]
    assert bob.hears() == ["-> You were removed from the server: Killed by boss (spam)"]
    assert bob.line.close_requested is CloseReason.KILLED
    assert alice.hears() == ["*** bob left (Killed by boss (spam))."]
    assert boss.types("/kill bob") == ["-> bob is not here."]
    assert harness.recorded[1:] == [f"{HOST}: boss ended the session of bob, {HOST}"]


def test_whoever_ends_their_own_session_is_gone(harness: Harness, boss: HumanClient) -> None:
    alice = harness.human("alice")
    boss.types("/kill boss")
    assert alice.hears() == ["*** boss left (Killed by boss)."]
    assert boss.end == HangUp(CloseReason.KILLED)


def test_a_wall_is_for_everybody_at_a_terminal(harness: Harness, boss: HumanClient) -> None:
    """In whatever room, ignoring whom they like; at IRC for those who listen."""
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.types("/part #lobby")
    bob.types("/join #dev", "/ignore boss", "/quiet")
    listens, does_not = harness.irc("ingrid"), harness.irc("ivan")
    listens.types("MODE ingrid +w")
    for person in (alice, bob, boss):
        person.hears()
    told = ["*** [to all] boss: The server stops at nine."]
    assert boss.types("/wall The server stops at nine.") == told
    assert alice.hears() == bob.hears() == told
    assert listens.hears() == [f":boss!~telnet@{HOST} WALLOPS :The server stops at nine."]
    assert does_not.hears() == []


def test_irc_operators_wall_terminals_too(harness: Harness) -> None:
    alice, irc = harness.human("alice"), harness.irc("ingrid")
    irc.types("OPER root sesame")
    assert irc.types("WALLOPS :hear") == []
    assert alice.hears() == ["*** [to all] ingrid: hear"]


def test_reload(harness: Harness, boss: HumanClient) -> None:
    harness.reloaded = "reloaded: 3 settings changed, 1 needs a restart (port)"
    assert boss.types("/reload") == [f"-> {harness.reloaded}"]
    assert harness.recorded[1:] == [f"{HOST}: boss had the settings read again: {harness.reloaded}"]
