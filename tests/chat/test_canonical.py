"""What was typed, in the one form in which it may stand in an event: the same for every dialect."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.chat import commands
from geventchat.chat.commands_accounts import Register
from geventchat.chat.events import Change, ModesSet
from geventchat.errors import Reason, Refused
from tests.harness import Harness, HumanClient


def reason_against(person: HumanClient, command: commands.Command) -> Reason | None:
    """Why a command is refused; None when it is proposed."""
    try:
        person.harness.proposals.draft(person.session, command)
    except Refused as refusal:
        return refusal.reason
    return None


def proposed(person: HumanClient, *changes: Change) -> tuple[Change, ...]:
    """The changes of #dev that are proposed."""
    command = commands.SetModes("#DEV", changes)
    event = person.harness.proposals.draft(person.session, command)
    assert isinstance(event, ModesSet)
    assert event.room == "#Dev"
    return event.changes


@pytest.fixture
def alice(harness: Harness) -> HumanClient:
    alice = harness.human("alice")
    alice.types("/join #Dev")
    return alice


def test_a_room_is_spelt_as_it_is_known(alice: HumanClient) -> None:
    draft = alice.harness.proposals.draft
    for command in (
        commands.Say("#DEV", "x"),
        commands.Tag("#DEV", "+x"),
        commands.SayToStatus("#DEV", "@", "x"),
        commands.Part("#DEV"),
        commands.SetTopic("#DEV", "x"),
        commands.Kick("#DEV", "alice"),
        commands.Redact("#DEV", 1, "", own=True),
    ):
        assert draft(alice.session, command).room == "#Dev"  # type: ignore[attr-defined]


def test_names_of_rooms(alice: HumanClient) -> None:
    for name in ("lobby", "#a b", "#", "#a,b", "#" + "x" * 64):
        assert reason_against(alice, commands.Join(name)) is Reason.BAD_ROOM_NAME
    assert reason_against(alice, commands.Join("#DEV")) is Reason.ALREADY_IN_ROOM


def test_bounds() -> None:
    harness = Harness(
        rooms_per_session=2, topic_max_bytes=4, nick_max_chars=12, room_name_max_bytes=9
    )
    alice = harness.human()
    alice.types("/nick alice", "/join #a")
    assert alice.session.nick == "alice"
    assert reason_against(alice, commands.Join("#b")) is Reason.TOO_MANY_ROOMS
    assert reason_against(alice, commands.Join("#A")) is Reason.ALREADY_IN_ROOM
    assert reason_against(alice, commands.Join("#12345678")) is Reason.TOO_MANY_ROOMS
    assert reason_against(alice, commands.Join("#123456789")) is Reason.BAD_ROOM_NAME
    assert reason_against(alice, commands.SetNick("alice-bob-eve")) is Reason.BAD_NICK
    assert reason_against(alice, commands.SetTopic("#a", "ää")) is None
    assert reason_against(alice, commands.SetTopic("#a", "äää")) is Reason.TOPIC_TOO_LONG


@pytest.mark.parametrize("name", ["", "\x07", "x" * 151])
def test_real_names(alice: HumanClient, name: str) -> None:
    assert reason_against(alice, commands.SetRealName(name)) is Reason.BAD_REALNAME
    assert reason_against(alice, commands.SetRealName("Alice A.")) is None


def test_the_longest_empty_room_makes_place_and_comes_back_as_a_new_one() -> None:
    harness = Harness(rooms_max=2)
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.types("/join #a", "/topic kept", "said in a", "/join #b", "/part #a", "/part #b")
    bob.types("/join #c", "/join #d")
    assert list(harness.state.rooms) == ["#lobby", "#c", "#d"]
    assert reason_against(alice, commands.Join("#a")) is Reason.NO_MORE_ROOMS
    assert reason_against(alice, commands.Join("#d")) is None
    bob.types("/part #c")
    heard = alice.types("/join #a", "/history")
    assert heard[0] == "-> You are in #a: no topic (1 here: alice)"
    assert "said in a" not in str(heard)
    assert list(harness.state.rooms) == list(harness.audience.feeds) == ["#lobby", "#d", "#a"]


def test_the_lobby_is_always_there() -> None:
    harness = Harness(rooms_max=1)
    alice = harness.irc("alice")
    alice.types("JOIN #a")
    assert reason_against(alice, commands.Join("#b")) is Reason.NO_MORE_ROOMS
    assert harness.human().types("/names") == ["-> 1 in #lobby: guest1"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bob", "bob!*@*"),
        ("192.0.2.7", "*!*@192.0.2.7"),
        ("m:bob", "m:bob!*@*"),
        ("a:bob", "a:bob"),
        ("*!~b@*", "*!~b@*"),
    ],
)
def test_a_mask_has_all_its_parts(alice: HumanClient, typed: str, meant: str) -> None:
    assert proposed(alice, Change("+b", typed)) == (Change("+b", meant),)


@pytest.mark.parametrize("mask", ["", "a b", ":x", "x" * 121, "\x1b[2J"])
def test_what_is_no_mask(alice: HumanClient, mask: str) -> None:
    command = commands.SetModes("#dev", (Change("+b", mask),))
    assert reason_against(alice, command) is Reason.BAD_MASK


def test_a_mask_is_spelt_as_it_stands_in_the_list(alice: HumanClient) -> None:
    alice.types("/ban Bob")
    assert proposed(alice, Change("-b", "BOB!*@*")) == (Change("-b", "Bob!*@*"),)
    assert proposed(alice, Change("-b", "bOB")) == (Change("-b", "Bob!*@*"),)
    again = commands.SetModes("#dev", (Change("+b", "bob"),))
    assert reason_against(alice, again) is Reason.UNCHANGED


@pytest.mark.parametrize("key", ["", "a b", "a,b", ":a", "ä", "x" * 24, "\x07"])
def test_what_is_no_key(alice: HumanClient, key: str) -> None:
    command = commands.SetModes("#dev", (Change("+k", key),))
    assert reason_against(alice, command) is Reason.BAD_KEY_FORM


def test_a_key_is_taken_off_by_whatever_word(alice: HumanClient) -> None:
    alice.types("/lock tea:time")
    assert proposed(alice, Change("-k", "wrong")) == (Change("-k", "*"),)


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "²", "1234567890"])
def test_what_is_no_limit(alice: HumanClient, number: str) -> None:
    command = commands.SetModes("#dev", (Change("+l", number),))
    assert reason_against(alice, command) is Reason.BAD_LIMIT
    assert proposed(alice, Change("+l", "007")) == (Change("+l", "7"),)


def test_a_status_is_a_members(alice: HumanClient) -> None:
    bob = alice.harness.human("bob")
    change = commands.SetModes("#dev", (Change("+v", "Bob"),))
    assert reason_against(alice, change) is Reason.NOT_IN_THAT_ROOM
    bob.types("/join #dev")
    assert proposed(alice, Change("+v", "BOB")) == (Change("+v", "bob", bob.session.number),)
    absent = commands.SetModes("#dev", (Change("+v", "carol"),))
    assert reason_against(alice, absent) is Reason.NO_SUCH_NICK
    already = commands.SetModes("#dev", (Change("+o", "alice"),))
    assert reason_against(alice, already) is Reason.UNCHANGED


def test_what_changes_nothing_is_dropped(alice: HumanClient) -> None:
    assert proposed(alice, Change("+n"), Change("+m"), Change("-i")) == (Change("+m"),)
    command = commands.SetModes("#dev", (Change("+z"),))
    assert reason_against(alice, command) is Reason.UNKNOWN_MODE


def test_who_may_change_nothing_is_told_that_and_no_more(alice: HumanClient) -> None:
    bob = alice.harness.human("bob")
    bad = commands.SetModes("#dev", (Change("+k", "a b"),))
    assert reason_against(bob, bad) is Reason.NOT_IN_ROOM
    bob.types("/join #dev")
    assert reason_against(bob, bad) is Reason.NOT_OPERATOR


@given(st.text(), st.sampled_from("+-"), st.sampled_from("beIklovimz"))
def test_no_argument_brings_rubbish_into_an_event(text: str, sign: str, letter: str) -> None:
    harness = Harness()
    alice = harness.human("alice")
    alice.types("/join #dev")
    room = harness.state.rooms["#dev"]
    try:
        change = harness.proposals.canon.change(room, Change(sign + letter, text))
    except Refused:
        return
    assert change.argument.isprintable()
    assert not set(" ") & set(change.argument)
    assert len(change.argument.encode()) <= 125


def test_who_may_not_set_a_topic_is_not_told_that_it_is_too_long(alice: HumanClient) -> None:
    bob = alice.harness.human("bob")
    assert reason_against(bob, commands.SetTopic("#dev", "x" * 500)) is Reason.NOT_IN_ROOM


def test_there_are_no_more_accounts_than_may_be(alice: HumanClient) -> None:
    alice.harness.proposals.canon.config = replace(alice.harness.config, accounts_max=1)
    alice.types("/register correct horse")
    bob = alice.harness.human("bob")
    assert reason_against(bob, Register("c")) is Reason.REGISTRATION_CLOSED
    assert list(alice.harness.state.accounts) == ["alice"]
