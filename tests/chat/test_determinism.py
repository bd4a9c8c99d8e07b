"""What `apply` decides depends on the state and the event alone, as far as a row tells it."""

from __future__ import annotations

from geventchat.chat import events
from geventchat.chat.events import SERVER, Change, Identity
from geventchat.chat.state import ChatState
from geventchat.errors import Reason
from tests.chat.happenings import Recorder, outcome


def test_a_restart_brings_its_own_bounds() -> None:
    state, outlet = ChatState("#lobby", 8), Recorder()
    one = Identity(7, "alice", "u", "h")
    some = [events.Arrived(one, "irc"), *(events.Joined(one, f"#{n}") for n in range(4))]
    some += [events.Renamed(one, f"a{n}") for n in range(5)]
    some += [events.Restarted(SERVER, "#1", 2, 2)]
    assert {outcome(state, outlet, n, event) for n, event in enumerate(some, 1)} == {None}
    # Of the rooms that are too many, those longest empty went; the lobby counts for none.
    assert (state.lobby, list(state.rooms)) == ("#1", ["#1", "#2", "#3"])
    assert [who.nick for who, _ in state.whowas] == ["a2", "a3"]
    assert outcome(state, outlet, 12, events.Restarted(SERVER)) is None
    assert (state.lobby, state.whowas.maxlen, state.last_session) == ("#1", 2, 7)


def test_somebody_is_asked_about_as_the_state_knows_them() -> None:
    """What is read back tells the address of who arrives, and of nobody else."""
    state, outlet = ChatState("#lobby", 8), Recorder()
    one = Identity(1, "alice", "u", "h")
    two = Identity(2, "bob", "u", "cloak.ip", address="192.0.2.7")
    bare = Identity(2, "bob", "u", "cloak.ip")
    ban, hush = Change("+b", "*!*@192.0.2.0/24"), Change("+b", "m:*!*@192.0.2.0/24")
    some = [
        *(events.Arrived(one, "irc"), events.Arrived(two, "irc"), events.Joined(one, "#a")),
        *(events.Joined(one, "#b"), events.Joined(bare, "#b")),
        *(events.ModesSet(one, "#a", (ban,)), events.ModesSet(one, "#b", (hush,))),
    ]
    assert [outcome(state, outlet, n, event) for n, event in enumerate(some, 1)] == [None] * 7
    assert outcome(state, outlet, 8, events.Joined(bare, "#a")) is Reason.BANNED
    assert outcome(state, outlet, 8, events.Said(bare, "#b", "hi")) is Reason.MAY_NOT_SPEAK
    assert outcome(state, outlet, 8, events.Renamed(bare, "rob")) is Reason.NAME_KEPT
    open_door = events.ModesSet(one, "#a", (Change("+e", "*!*@192.0.2.7"),))
    assert outcome(state, outlet, 8, open_door) is None
    assert outcome(state, outlet, 9, events.Joined(bare, "#a")) is None


def test_a_host_that_is_no_cloak_is_the_address() -> None:
    state, outlet = ChatState("#lobby", 8), Recorder()
    some = [events.Arrived(Identity(1, "al", "u", "192.0.2.7"), "irc")]
    assert outcome(state, outlet, 1, some[0]) is None
    assert state.sessions[1].identity.address == "192.0.2.7"
