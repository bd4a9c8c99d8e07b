"""A state that was written down and read back is the same, and goes on as the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geventchat.chat import events, snapshot
from geventchat.chat.accounts import Account
from geventchat.chat.apply import KINDS
from geventchat.chat.events import SERVER, Event, Identity
from geventchat.chat.modes import RoomModes
from geventchat.chat.rooms import Membership, Room
from geventchat.chat.sessions import Session
from geventchat.chat.snapshot import Damaged, dump, load
from geventchat.chat.state import ChatState
from geventchat.errors import Reason
from tests.chat.happenings import EVENTS, Recorder, outcome

# Some people are in a room already, so that more comes of what happens.
BEGUN: list[Event] = [
    event
    for one in (Identity(n, nick, "u", "h") for n, nick in enumerate(("alice", "bob", "carol"), 1))
    for event in (events.Arrived(one, "irc"), events.Joined(one, "#a"))
]
HAPPENINGS = st.lists(EVENTS, max_size=60).map(lambda some: [*BEGUN, *some])


def fresh() -> ChatState:
    return ChatState("#lobby", 8)


def go_on(state: ChatState, some: list[Event], number: int = 0) -> list[Reason | None]:
    """Apply events from a number on; what became of each."""
    outlet = Recorder()
    return [outcome(state, outlet, n, event) for n, event in enumerate(some, number + 1)]


@pytest.mark.parametrize(
    ("cls", "slots", "written"),
    [
        (ChatState, vars(fresh()), snapshot.STATE),
        (Session, Session.__slots__, snapshot.SESSION),
        (Account, Account.__slots__, snapshot.ACCOUNT),
        (Room, Room.__slots__, snapshot.ROOM),
        (RoomModes, RoomModes.__slots__, snapshot.MODES),
        (Membership, Membership.__slots__, {}),
    ],
)
def test_everything_there_is_to_know_is_written(cls: type, slots: Any, written: Any) -> None:
    assert set(slots) == written.keys() | snapshot.APART.get(cls, set())


@settings(max_examples=200)
@given(HAPPENINGS, HAPPENINGS)
def test_what_was_read_back_goes_on_as_the_state_that_was_written(
    before: list[Event], after: list[Event]
) -> None:
    state = fresh()
    go_on(state, before)
    lines = list(dump(state))
    again = load(lines)
    assert list(dump(again)) == lines
    assert go_on(again, after, 100) == go_on(state, after, 100)
    assert list(dump(again)) == list(dump(state))


@settings(max_examples=200)
@given(HAPPENINGS)
def test_what_lasts_does_not_depend_on_what_was_only_said(some: list[Event]) -> None:
    some.append(events.Restarted(SERVER))
    state, silent = fresh(), fresh()
    go_on(state, some)
    outlet = Recorder()
    for number, event in enumerate(some, 1):
        if KINDS[type(event)].changes:
            outcome(silent, outlet, number, event)
    assert list(dump(silent)) == list(dump(state))


def a_full_state() -> ChatState:
    """A state with more of everything than fits into a line."""
    state = fresh()
    people = [Identity(n, f"n{n}", "ü\x1b", "h") for n in range(1, 300)]
    some: list[Event] = [events.Arrived(one, "irc") for one in people]
    some += [events.Joined(one, "#all") for one in people]
    some += [events.Joined(one, f"#{one.nick}") for one in people]
    some += [events.Parted(one, f"#{one.nick}", "") for one in people[:200]]
    some += [events.Renamed(one, f"m{one.session}") for one in people[:200]]
    assert set(go_on(state, some)) == {None}
    return state


def test_members_and_all_that_is_many_come_back_in_their_order() -> None:
    state = a_full_state()
    again = load(dump(state))
    assert list(again.rooms["#all"].members) == list(state.rooms["#all"].members)
    assert list(again.empty) == list(state.empty) and len(again.empty) == 200
    assert list(again.nicks) == list(state.nicks)
    assert list(again.whowas) == list(state.whowas) and again.whowas.maxlen == 8
    for number, session in again.sessions.items():
        assert again.rooms["#all"].members[number].session is session
        assert again.nicks[session.nick] is session


@pytest.mark.parametrize("place", [0, 1, 150, 400, -3, -2, -1])
def test_no_line_may_be_missing_and_none_follows_the_end(place: int) -> None:
    lines = list(dump(a_full_state()))
    with pytest.raises(Damaged):
        load(lines[:place] + lines[place + 1 or len(lines) :])
    if lines[place] != lines[-1]:
        with pytest.raises(Damaged):
            load([*lines, lines[place]])


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{}",
        "null",
        "[]",
        '["heading",1]',
        '["room",[]]',
        '["members",["#all",[[999,"",0]]]]',
        "\x00",
        "[" * 9999,
    ],
)
def test_what_is_no_line_of_a_snapshot_is_told(line: str) -> None:
    lines = list(dump(a_full_state()))
    with pytest.raises(Damaged):
        load([*lines[:5], line, *lines[5:]])
    with pytest.raises(Damaged):
        load([line])
    with pytest.raises(Damaged):
        load([])


def test_a_snapshot_of_another_version_is_read_by_nobody() -> None:
    first, *lines = dump(fresh())
    kind, (version, *facts) = json.loads(first)
    assert list(dump(load([first, *lines]))) == [first, *lines]
    for other in (version + 1, version - 1, None):
        with pytest.raises(Damaged):
            load([json.dumps([kind, [other, *facts]]), *lines])
