"""What may happen: asked before an event is proposed and again when it is applied."""

from __future__ import annotations

import pytest

from geventchat.chat import commands
from geventchat.chat.apply import check
from geventchat.chat.events import (
    Announced,
    Arrived,
    Change,
    Entry,
    Event,
    Form,
    Identity,
    Invited,
    Joined,
    Kicked,
    Left,
    ModesSet,
    Parted,
    Redacted,
    Renamed,
    Said,
    SaidToStatus,
    Tagged,
    TaggedTo,
    Told,
    TopicSet,
    WentAway,
)
from geventchat.chat.modes import LIST_MAX_ENTRIES
from geventchat.chat.visibility import may_read
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


class Dev:
    """#dev with its operator alice, bob in it and carol outside."""

    def __init__(self) -> None:
        self.harness = harness = Harness()
        self.people = [harness.human(nick) for nick in ("alice", "bob", "carol")]
        for person in self.people[:2]:
            person.types("/join #dev")

    @property
    def who(self) -> list[Identity]:
        return [person.session.identity for person in self.people]

    def against(self, event: Event) -> Reason | None:
        return reason_against(self.harness, event)

    def set(self, *changes: str) -> None:
        """Change the modes of #dev as alice, `+o bob` meaning what it says."""
        for change in changes:
            mode, _, argument = change.partition(" ")
            wanted = commands.SetModes("#dev", (Change(mode, argument),))
            self.harness.proposals.handle(self.people[0].session, wanted)
            self.harness.settle()


@pytest.fixture
def dev() -> Dev:
    return Dev()


def test_a_room_without_ctcp_takes_actions_only(dev: Dev) -> None:
    alice, bob, _ = dev.who
    dev.set("+C")
    for by in (alice, bob):  # Operators too.
        assert dev.against(Said(by, "#dev", "\x01VERSION\x01")) is Reason.MAY_NOT_SPEAK
        assert dev.against(Said(by, "#dev", "\x01waves", Form.ACTION)) is None
        assert dev.against(Said(by, "#dev", "plain")) is None
    dev.set("-C")
    assert dev.against(Said(bob, "#dev", "\x01VERSION\x01")) is None


def test_a_person_without_ctcp_takes_lines_only(dev: Dev) -> None:
    alice, bob, _ = dev.who
    dev.harness.proposals.handle(dev.people[1].session, commands.SetUserModes("+T"))
    dev.harness.settle()
    ctcp = "\x01VERSION\x01"
    assert dev.against(Told(alice, bob.session, "bob", ctcp)) is Reason.TAKES_NO_CTCP
    assert dev.against(Told(alice, bob.session, "bob", "\x01waves", Form.ACTION)) is None
    assert dev.against(Told(alice, bob.session, "bob", "plain")) is None
    assert dev.against(TaggedTo(alice, bob.session, "bob", "+typing=active")) is None
    assert dev.against(Told(bob, alice.session, "alice", ctcp)) is None


def test_who_speaks_into_a_room_from_outside(dev: Dev) -> None:
    """Only where the room lets everybody, and then under what holds for those within."""
    carol = dev.who[2]
    lines = [
        Said(carol, "#dev", "x"),
        Tagged(carol, "#dev", "+x"),
        SaidToStatus(carol, "#dev", "@", "x"),
    ]
    assert {dev.against(line) for line in lines} == {Reason.NOT_IN_ROOM}
    dev.set("-n")
    assert {dev.against(line) for line in lines} == {None}
    dev.set("+b carol")
    assert {dev.against(line) for line in lines} == {Reason.MAY_NOT_SPEAK}
    dev.set("-b carol", "+m")
    assert {dev.against(line) for line in lines} == {Reason.MAY_NOT_SPEAK}
    for person in dev.people[:2]:
        person.types("/part #dev")
    assert dev.against(lines[0]) is Reason.NOT_IN_ROOM  # Nobody is there to hear it.


def test_who_may_speak_in_a_moderated_room(dev: Dev) -> None:
    alice, bob, _ = dev.who
    dev.set("+m")
    assert dev.against(Said(bob, "#dev", "x")) is Reason.MAY_NOT_SPEAK
    assert dev.against(Said(alice, "#dev", "x")) is None
    dev.set("+v bob", "+b bob")
    assert dev.against(Said(bob, "#dev", "x")) is None  # A voice is heard through either.
    dev.set("-v bob", "-m")
    assert dev.against(Said(bob, "#dev", "x")) is Reason.MAY_NOT_SPEAK


def test_the_lists_of_a_room_have_one_bound(dev: Dev) -> None:
    alice = dev.who[0]
    for number in range(LIST_MAX_ENTRIES - 1):
        dev.set(f"+{'beI'[number % 3]} n{number}")
    one, two = Change("+b", "x!*@*"), Change("+e", "y!*@*")
    assert dev.against(ModesSet(alice, "#dev", (one,))) is None
    assert dev.against(ModesSet(alice, "#dev", (one, two))) is Reason.LIST_FULL
    dev.set("+b x")
    assert dev.against(ModesSet(alice, "#dev", (two,))) is Reason.LIST_FULL
    assert dev.against(ModesSet(alice, "#dev", (Change("-b", "x!*@*"), Change("+m")))) is None


def test_a_status_is_for_members(dev: Dev) -> None:
    alice, bob, carol = dev.who
    given = ModesSet(alice, "#dev", (Change("+o", "carol", carol.session),))
    assert dev.against(given) is Reason.NOT_IN_THAT_ROOM
    assert dev.against(ModesSet(alice, "#dev", (Change("+o", "bob", bob.session),))) is None
    assert dev.against(Kicked(alice, "#dev", carol.session, "carol", "")) is Reason.NOT_IN_THAT_ROOM


def test_who_may_invite_whom(dev: Dev) -> None:
    alice, bob, carol = dev.who
    assert dev.against(Invited(bob, "#dev", carol.session, "carol")) is None
    assert dev.against(Invited(carol, "#dev", carol.session, "carol")) is Reason.NOT_IN_ROOM
    assert dev.against(Invited(bob, "#dev", 77, "dave")) is Reason.NO_SUCH_NICK
    already = Invited(bob, "#dev", alice.session, "alice")
    assert dev.against(already) is Reason.ALREADY_IN_THAT_ROOM
    assert dev.against(Invited(bob, "#tea", carol.session, "carol")) is Reason.NO_SUCH_ROOM
    dev.set("+i")
    assert dev.against(Invited(bob, "#dev", carol.session, "carol")) is Reason.NOT_OPERATOR
    assert dev.against(Invited(alice, "#dev", carol.session, "carol")) is None


def test_who_may_take_words_back(dev: Dev) -> None:
    alice, bob, carol = dev.who
    assert dev.against(Redacted(bob, "#dev", 5, "", own=True)) is None
    assert dev.against(Redacted(bob, "#dev", 5, "", own=False)) is Reason.MAY_NOT_REDACT
    assert dev.against(Redacted(alice, "#dev", 5, "", own=False)) is None
    assert dev.against(Redacted(carol, "#dev", 5, "", own=True)) is Reason.NOT_IN_ROOM


def test_the_servers_operators_rule_from_outside(dev: Dev) -> None:
    """Without being in the room, and nobody else does."""
    _, bob, carol = dev.who
    given = (Change("+o", "bob", bob.session),)
    deeds = [
        ModesSet(carol, "#dev", (Change("+b", "bob!*@*"),)),
        ModesSet(carol, "#dev", given),
        Kicked(carol, "#dev", bob.session, "bob", ""),
        Redacted(carol, "#dev", 5, "", own=False),
    ]
    assert {dev.against(deed) for deed in deeds} == {Reason.NOT_IN_ROOM}
    assert dev.against(Announced(carol, "hear")) is Reason.NOT_PRIVILEGED
    dev.harness.proposals.handle(dev.people[2].session, commands.SetUserModes("+o"))
    dev.harness.settle()
    carol = dev.who[2]
    assert {dev.against(deed) for deed in deeds} == {None}
    assert dev.against(Announced(carol, "hear")) is None
    assert dev.against(ModesSet(carol, "#tea", given)) is Reason.NO_SUCH_ROOM


def test_what_somebody_may_read_of_what_was_said_in_private(dev: Dev) -> None:
    """Their own talks, since they came: numbers of sessions begin again with every run."""
    alice, bob, carol = (person.session for person in dev.people)
    state, later = dev.harness.state, dev.harness.next_number
    dev.harness.proposals.handle(carol, commands.SetUserModes("+o"))
    dev.harness.settle()
    told = Told(alice.identity, bob.number, "bob", "psst")
    for event in (told, TaggedTo(alice.identity, bob.number, "bob", "+x")):
        reads = [may_read(state, who, Entry(later, 0, event)) for who in (alice, bob, carol)]
        assert reads == [True, True, False]  # Not the server's operators either.
    assert bob.arrived > alice.arrived
    assert may_read(state, alice, Entry(bob.arrived, 0, told))
    assert not may_read(state, bob, Entry(bob.arrived, 0, told))
    assert not may_read(state, alice, Entry(later, 0, WentAway(alice.identity, "x")))


def test_what_somebody_may_read_of_a_room(dev: Dev) -> None:
    alice, bob, carol = (person.session for person in dev.people)
    dev.set("+i", "-i")  # What was said behind it is not for who comes later.
    dev.people[1].types("/part #dev", "/join #dev")
    state, since = dev.harness.state, dev.harness.state.rooms["#dev"].reads_from
    assert since > 1
    line = Said(alice.identity, "#DEV", "x")
    for who, at, may in ((bob, since, True), (bob, since - 1, False), (carol, since, False)):
        assert may_read(state, who, Entry(at, 0, line)) is may
    dev.harness.proposals.handle(carol, commands.SetUserModes("+o"))
    dev.harness.settle()
    assert may_read(state, carol, Entry(1, 0, line))
