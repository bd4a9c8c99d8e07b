"""What holds in a room: modes, lists, statuses, and what becomes of them."""

from __future__ import annotations

import pytest

from geventchat.chat import commands
from geventchat.chat.events import Change, Identity
from geventchat.chat.modes import RoomModes, prefixes, with_status
from geventchat.errors import Reason, Refused
from tests.harness import Harness, HumanClient

BOB = Identity(2, "bob", "~b", "192.0.2.7", address="192.0.2.7")


def modes(*changes: Change) -> RoomModes:
    made = RoomModes("nt")
    for change in changes:
        made.change(change, "alice", 5)
    return made


def test_flags_key_and_limit() -> None:
    made = modes(Change("+m"), Change("-t"), Change("+k", "x"), Change("+l", "5"))
    assert made.shown() == ("mnlk", ["5", "*"])
    assert made.strict
    assert not made.changes(Change("+m"))
    assert made.changes(Change("-l"))
    for change in (Change("-m"), Change("-n"), Change("-k", "x"), Change("-l")):
        made.change(change, "alice", 5)
    assert (made.shown(), made.strict) == (("", []), False)


def test_lists_know_no_case_and_exceptions_except() -> None:
    made = modes(Change("+b", "BOB!*@*"))
    assert made.banned(BOB)
    assert not made.changes(Change("+b", "bob!*@*"))
    made.change(Change("+e", "*!*@192.0.2.0/24"), "alice", 5)
    assert not made.banned(BOB)
    made.change(Change("-b", "bob!*@*"), "alice", 5)
    assert made.entries() == 1


def test_the_muted_may_come_in_but_not_speak() -> None:
    made = modes(Change("+b", "m:bob!*@*"))
    assert (made.banned(BOB), made.muted(BOB)) == (False, True)
    made.change(Change("+e", "m:*!~b@*"), "alice", 5)
    assert not made.muted(BOB)


def test_standings() -> None:
    assert with_status("v", "o", True) == "ov"
    assert with_status("ov", "o", False) == "v"
    assert (prefixes("ov", True), prefixes("ov", False), prefixes("", True)) == ("@+", "@", "")


@pytest.fixture
def room() -> tuple[Harness, HumanClient, HumanClient]:
    harness = Harness()
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.types("/join #dev")
    return harness, alice, bob


def refusal(harness: Harness, person: HumanClient, command: commands.Command) -> Reason | None:
    try:
        harness.proposals.handle(person.session, command)
    except Refused as refused:
        return refused.reason
    harness.settle()
    return None


@pytest.mark.parametrize(
    ("changes", "key", "reason"),
    [
        ((Change("+i"),), "", Reason.INVITE_ONLY),
        ((Change("+i"), Change("+I", "bob!*@*")), "", None),
        ((Change("+k", "x"),), "y", Reason.BAD_KEY),
        ((Change("+k", "x"),), "x", None),
        ((Change("+l", "1"),), "", Reason.ROOM_FULL),
        ((Change("+b", "bob!*@*"),), "", Reason.BANNED),
        ((Change("+b", "bob!*@*"), Change("+e", "*!*@192.0.2.7")), "", None),
    ],
)
def test_who_may_come_in(
    room: tuple[Harness, HumanClient, HumanClient],
    changes: tuple[Change, ...],
    key: str,
    reason: Reason | None,
) -> None:
    harness, alice, bob = room
    assert refusal(harness, alice, commands.SetModes("#dev", changes)) is None
    assert refusal(harness, bob, commands.Join("#dev", key)) is reason
    if reason is not None:  # An invitation opens every door, once.
        assert refusal(harness, alice, commands.Invite("bob", "#dev")) is None
        assert refusal(harness, bob, commands.Join("#dev", key)) is None
        assert refusal(harness, bob, commands.Part("#dev")) is None
        assert refusal(harness, bob, commands.Join("#dev", key)) is reason


def test_who_may_rule(room: tuple[Harness, HumanClient, HumanClient]) -> None:
    harness, alice, bob = room
    number = bob.session.identity.session
    assert refusal(harness, bob, commands.SetModes("#dev", (Change("+m"),))) is Reason.NOT_IN_ROOM
    assert refusal(harness, bob, commands.Join("#dev")) is None
    assert refusal(harness, bob, commands.SetModes("#dev", (Change("+m"),))) is Reason.NOT_OPERATOR
    assert refusal(harness, bob, commands.Kick("#dev", "alice")) is Reason.NOT_OPERATOR
    assert refusal(harness, bob, commands.SetTopic("#dev", "x")) is None
    assert refusal(harness, alice, commands.SetModes("#dev", (Change("+t"),))) is None
    assert refusal(harness, bob, commands.SetTopic("#dev", "y")) is Reason.NOT_OPERATOR
    assert (
        refusal(harness, alice, commands.SetModes("#dev", (Change("+o", "bob", number),))) is None
    )
    assert refusal(harness, bob, commands.Kick("#dev", "alice", "why")) is None
    assert [m.session.nick for m in harness.state.rooms["#dev"].members.values()] == ["bob"]


def test_an_empty_room_forgets_its_modes(room: tuple[Harness, HumanClient, HumanClient]) -> None:
    harness, alice, bob = room
    refusal(harness, alice, commands.SetTopic("#dev", "tea"))
    refusal(harness, alice, commands.SetModes("#dev", (Change("+i"), Change("+b", "bob!*@*"))))
    refusal(harness, alice, commands.Part("#dev"))
    assert refusal(harness, bob, commands.Join("#dev")) is None
    room_now = harness.state.rooms["#dev"]
    # It was set behind a door.
    assert (room_now.modes.flags, room_now.topic) == ("n", "")
    assert room_now.members[bob.session.number].status == "o"


def test_in_the_lobby_nobody_modes(room: tuple[Harness, HumanClient, HumanClient]) -> None:
    harness, alice, _ = room
    lobby = commands.SetModes("#lobby", (Change("+m"),))
    assert refusal(harness, alice, lobby) is Reason.NOT_OPERATOR
    assert refusal(harness, alice, commands.SetTopic("#lobby", "tea")) is None
    assert (
        refusal(harness, alice, commands.SetUserModes("+o")) is None
    )  # The dialect asks for more.
    assert refusal(harness, alice, lobby) is None


def test_what_lists_say_of_somebody_is_kept_until_they_change() -> None:
    """A line in a room with sixty masks costs no look through them."""
    made = modes(Change("+b", "bob!*@*"))
    assert made.muted(BOB)
    kept = dict(made._verdicts)
    assert kept
    assert made.muted(BOB)
    assert made._verdicts == kept
    made.change(Change("+e", "*!*@192.0.2.7"), "alice", 5)
    assert not made.muted(BOB)
    for number in range(3000):
        made.banned(Identity(number, f"n{number}", "u", "h"))
    assert len(made._verdicts) <= 1024
