"""What is committed together can be applied together, whatever it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geventchat.chat import conflicts, events
from geventchat.chat import events_accounts as accounts
from geventchat.chat.apply import KINDS, apply, check
from geventchat.chat.conflicts import CHANGES_MAX, TAKE_NOTHING, together
from geventchat.chat.events import SERVER, Change, Entry, Event, Identity, Restarted
from geventchat.chat.modes import INVITED_MAX
from geventchat.chat.state import ChatState
from geventchat.errors import Refused
from tests.chat.happenings import EVENTS, Recorder

AL, BO, CY, DI = (Identity(n, nick, "u", "h") for n, nick in enumerate(("al", "bo", "cy", "di"), 1))


def state_of(*some: Event) -> ChatState:
    """A state in which those of the events have happened that could."""
    state = ChatState("#lobby", 8)
    for number, event in enumerate(some, 1):
        if possible(state, event):
            apply(state, Entry(number, number, event), RECORDER)
    return state


RECORDER: Any = Recorder()


def possible(state: ChatState, event: Event) -> bool:
    if isinstance(event, events.Arrived) and event.by.session in state.sessions:
        return False  # A number is given to one session only.
    try:
        check(state, event)
    except Refused:
        return False
    return True


def room_of_three(*more: Event) -> ChatState:
    """Al rules #a, bo and cy are in it, di is not."""
    here = [events.Arrived(one, "telnet") for one in (AL, BO, CY, DI)]
    return state_of(*here, *(events.Joined(one, "#a") for one in (AL, BO, CY)), *more)


@settings(max_examples=400)
@given(st.lists(EVENTS, max_size=40), st.lists(EVENTS, max_size=12))
def test_what_stands_together_is_all_applied(before: list[Event], wanted: list[Event]) -> None:
    state = state_of(*before)
    drafts, come = [], set()
    for event in wanted:
        if isinstance(event, events.Arrived):
            if event.by.session in come:
                continue
            come.add(event.by.session)
        if possible(state, event):
            drafts.append(event)
    count = together(state, drafts)
    assert (count > 0) == bool(drafts)
    for number, event in enumerate(drafts[:count], 1):
        apply(state, Entry(number, number, event), RECORDER)  # Raises what it refuses.


def test_every_kind_takes_what_is_known_or_nothing() -> None:
    known = set(conflicts._TAKES) | TAKE_NOTHING
    # They are rare, and what they change may matter to anything.
    of_accounts = {accounts.Registered, accounts.LoggedIn, accounts.LoggedOut, accounts.Deleted}
    of_owners = {accounts.AccountSet, accounts.Granted, accounts.Dropped}
    assert set(KINDS) - known == {Restarted} | of_accounts | of_owners
    assert not set(conflicts._TAKES) & TAKE_NOTHING


def said(who: Identity, room: str = "#a") -> Event:
    return events.Said(who, room, "hello")


def moded(*changes: Change) -> Event:
    return events.ModesSet(AL, "#a", changes)


LIMITED = moded(Change("+l", "4"))
MODERATED = moded(Change("+m"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (events.Kicked(AL, "#a", 2, "bo", ""), said(BO)),
        (events.Kicked(AL, "#a", 2, "bo", ""), events.Kicked(AL, "#a", 2, "bo", "")),
        (MODERATED, said(BO)),
        (MODERATED, events.TopicSet(BO, "#a", "tea")),
        (moded(Change("+k", "key")), events.Joined(DI, "#a")),
        (events.Left(BO, ""), events.Told(AL, 2, "bo", "psst")),
        (events.Left(BO, ""), said(BO)),
        (events.Renamed(BO, "zoe"), events.Renamed(CY, "Zoe")),
        (events.Renamed(BO, "zoe"), events.Arrived(Identity(9, "zoe", "u", "h"), "irc")),
        (events.UserModesSet(BO, "+T"), events.Told(AL, 2, "bo", "\x01PING\x01")),
        (events.Parted(BO, "#a", ""), events.Kicked(AL, "#a", 2, "bo", "")),
        (Restarted(SERVER), said(BO)),
    ],
    ids=lambda event: type(event).__name__,
)
def test_what_may_be_lost_to_another_waits_for_it(first: Event, second: Event) -> None:
    assert together(room_of_three(), [said(CY), first, second, said(CY)]) == 2


def test_a_session_appears_once_and_speaks_at_once() -> None:
    state = state_of(events.Arrived(AL, "telnet"), events.Joined(AL, "#a", quiet=True))
    appears = events.Appeared(AL, "#a")
    assert together(state, [appears, said(AL), said(AL)]) == 3
    assert together(state, [appears, said(AL), appears]) == 2


def test_the_last_place_and_the_last_invitation() -> None:
    newcomers = [Identity(n, f"n{n}", "u", "h") for n in range(20, 22)]
    came = [events.Arrived(one, "irc") for one in newcomers]
    joins = [events.Joined(one, "#a") for one in newcomers]
    assert together(room_of_three(*came), joins) == 2
    assert together(room_of_three(*came, LIMITED), joins) == 1
    invitations = [events.Invited(AL, "#a", n + 100, "x") for n in range(INVITED_MAX)]
    guests = [events.Arrived(Identity(n + 100, f"g{n}", "u", "h"), "irc") for n in range(200)]
    one_more = [events.Invited(AL, "#a", 4, "di"), events.Joined(guests[0].by, "#a")]
    assert together(room_of_three(*guests), one_more) == 2
    assert together(room_of_three(*guests, *invitations), one_more) == 1


def test_a_room_that_empties_is_gone_for_who_speaks_from_outside() -> None:
    open_room = state_of(
        events.Arrived(AL, "irc"),
        events.Arrived(BO, "irc"),
        events.Joined(AL, "#a"),
        moded(Change("-n")),
    )
    assert together(open_room, [events.Left(AL, ""), said(BO)]) == 1
    assert together(open_room, [said(BO), events.Left(AL, "")]) == 2


ANNA = Identity(2, "bo", "u", "h", account="bo")
PHONE = replace(ANNA, session=5)


def test_who_goes_and_is_given_a_rank_goes_first() -> None:
    rank = moded(Change("+o", "bo", 2))
    assert together(room_of_three(), [events.Left(BO, ""), rank]) == 1


def test_what_one_device_does_stands_in_the_way_of_the_others() -> None:
    """A session's things are its user's, whichever connection takes them."""
    state = room_of_three(
        accounts.Registered(BO, "bo", "c1"), accounts.Attached(PHONE, 2, "irc", "phone")
    )
    assert state.sessions[5] is state.sessions[2]
    part = events.Parted(PHONE, "#a", "")
    assert together(state, [part, said(ANNA)]) == 1
    assert together(state, [part, said(PHONE)]) == 1
    assert together(state, [said(PHONE), said(ANNA)]) == 2
    assert together(state, [events.Joined(PHONE, "#b"), events.Joined(ANNA, "#b")]) == 1
    # Of two that go in one commit nobody would know which was the last.
    go = [events.Left(PHONE, ""), events.Left(ANNA, "")]
    assert together(state, go) == 1
    assert together(state, [events.Left(ANNA, "", whole=True), said(PHONE)]) == 1
    tess = replace(ANNA, session=4)
    assert together(state, [accounts.Attached(tess, 2, "irc", "x"), said(DI)]) == 1
    assert together(state, [events.Left(PHONE, ""), accounts.Attached(tess, 2, "irc", "x")]) == 1


def test_what_people_do_all_day_stands_together() -> None:
    """A storm of newcomers, and talk among it, is one commit."""
    state = room_of_three()
    people = [Identity(n, f"n{n}", "u", "h") for n in range(20, 40)]
    come = [events.Arrived(one, "irc") for one in people]
    assert together(state, come) == 20
    state = room_of_three(*come)
    drafts: list[Event] = []
    for one in people:
        drafts += [events.Joined(one, "#a"), events.Joined(one, "#b"), said(BO), said(CY)]
    drafts += [events.Parted(BO, "#a", ""), said(CY), events.Left(AL, "", ("#a",)), said(CY)]
    assert together(state, drafts) == len(drafts)


def test_a_crowd_is_not_welcomed_in_one_go() -> None:
    people = [Identity(n, f"n{n}", "u", "h") for n in range(20, 200)]
    come = [events.Arrived(one, "irc") for one in people]
    assert together(room_of_three(), come) == CHANGES_MAX
