"""What may happen: asked before an event is proposed and again when it is applied."""

from __future__ import annotations

import pytest

from geventchat.chat.apply import check
from geventchat.chat.events import (
    Arrived,
    Event,
    Identity,
    Joined,
    Left,
    Parted,
    Renamed,
    Said,
    Told,
    TopicSet,
    WentAway,
)
from geventchat.errors import Reason, Refused
from tests.harness import Harness

NOBODY = Identity(99, "nobody", "u", "h")


def reason_against(harness: Harness, event: Event) -> Reason | None:
    try:
        check(harness.state, event)
    except Refused as refusal:
        return refusal.reason
    return None


@pytest.mark.parametrize(
    "event",
    [
        Left(NOBODY, ""),
        Renamed(NOBODY, "x"),
        WentAway(NOBODY, ""),
        Joined(NOBODY, "#a"),
        Parted(NOBODY, "#lobby", ""),
        TopicSet(NOBODY, "#lobby", ""),
        Said(NOBODY, "#lobby", "x"),
        Told(NOBODY, 1, "alice", "x"),
    ],
)
def test_who_is_gone_does_nothing(harness: Harness, event: Event) -> None:
    harness.human("alice")
    assert reason_against(harness, event) is Reason.GONE


@pytest.mark.parametrize("nick", ["alice", "ALICE", "aLiCe"])
def test_a_nick_has_one_holder(harness: Harness, nick: str) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    assert reason_against(harness, Renamed(bob.session.identity, nick)) is Reason.NICK_IN_USE
    assert (
        reason_against(harness, Arrived(Identity(9, nick, "u", "h"), "irc")) is Reason.NICK_IN_USE
    )
    # Its holder may spell it anew.
    assert reason_against(harness, Renamed(alice.session.identity, nick)) is None


def test_rooms_are_entered_once_and_left_once(harness: Harness) -> None:
    by = harness.human("alice").session.identity
    assert reason_against(harness, Joined(by, "#LOBBY")) is Reason.ALREADY_IN_ROOM
    assert reason_against(harness, Joined(by, "#dev")) is None
    assert reason_against(harness, Parted(by, "#dev", "")) is Reason.NOT_IN_ROOM
    assert reason_against(harness, Said(by, "#dev", "x")) is Reason.NOT_IN_ROOM
    assert reason_against(harness, TopicSet(by, "#dev", "x")) is Reason.NOT_IN_ROOM


def test_private_lines_go_to_who_is_here(harness: Harness) -> None:
    by = harness.human("alice").session.identity
    bob = harness.human("bob").session.identity
    assert reason_against(harness, Told(by, bob.session, "bob", "x")) is None
    assert reason_against(harness, Told(by, 77, "bob", "x")) is Reason.NO_SUCH_NICK
