"""`apply`: the same events in the same order give the same state, and nothing ever switches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

import greenlet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geventchat.chat import events
from geventchat.chat.apply import KINDS, apply
from geventchat.chat.events import SERVER, Change, Entry, Event, Identity
from geventchat.chat.state import ChatState
from geventchat.errors import Reason
from tests.chat.happenings import EVENTS, OF_KIND, Recorder, outcome
from tests.harness import Harness


def applied(some: list[Event]) -> tuple[ChatState, Recorder, list[Reason | None]]:
    """A state made of events, who was told of them, and what became of each."""
    state, outlet = ChatState("#lobby", 8), Recorder()
    return state, outlet, [outcome(state, outlet, n, event) for n, event in enumerate(some, 1)]


def picture(state: ChatState) -> dict[str, Any]:
    """All of a state, in its order."""
    return {
        "sessions": [
            (number, *(getattr(session, slot) for slot in session.__slots__))
            for number, session in state.sessions.items()
        ],
        "nicks": [(nick, session.number) for nick, session in state.nicks.items()],
        "rooms": [
            (key, room.name, room.topic, room.topic_by, room.topic_at, room.created_at)
            for key, room in state.rooms.items()
        ],
        "owners": [
            (room.owner, list(room.ranks.items()), dict(room.metadata), room.used_at)
            for room in state.rooms.values()
        ],
        "accounts": [
            [key, *(copy(getattr(account, slot)) for slot in account.__slots__)]
            for key, account in state.accounts.items()
        ],
        "members": [
            [(number, member.status) for number, member in room.members.items()]
            for room in state.rooms.values()
        ],
        "modes": [
            (room.modes.shown(), room.modes.key_set, room.modes.lists, list(room.modes.invited))
            for room in state.rooms.values()
        ],
        "rest": (list(state.whowas), state.started_at, state.sessions_max, state.last_session),
    }


def test_every_kind_of_event_is_tried() -> None:
    assert set(OF_KIND) == set(KINDS)


@given(st.lists(EVENTS, max_size=60))
def test_the_same_events_give_the_same_state(some: list[Event]) -> None:
    first, told, outcomes = applied(some)
    second, told_again, again = applied(some)
    assert outcomes == again
    assert picture(first) == picture(second)
    assert len(told.told) == len(told_again.told)


@given(st.lists(EVENTS, max_size=60))
def test_a_refused_event_changes_nothing_and_is_told_to_nobody(some: list[Event]) -> None:
    whole, told, outcomes = applied(some)
    state, outlet = ChatState("#lobby", 8), Recorder()
    for number, (event, became) in enumerate(zip(some, outcomes, strict=True), 1):
        if became is None:
            apply(state, Entry(number, number * 1000, event), outlet)
    assert picture(state) == picture(whole)
    assert len(outlet.told) == len(told.told)


@settings(max_examples=200)
@given(st.lists(EVENTS, max_size=80))
def test_what_always_holds(some: list[Event]) -> None:
    state, _, _ = applied(some)
    for nick, session in state.nicks.items():
        assert nick == session.nick.lower()
        assert state.sessions[session.number] is session
    users = {id(session) for session in state.sessions.values()}
    assert len(state.users) == len(users)
    for number, session in state.sessions.items():
        assert state.user(session.number) is session
        assert session.has(number) or number == session.number
        assert all(state.sessions[connection] is session for connection in session.devices or ())
        assert session.devices != {}
    on = {n: key for key, account in state.accounts.items() for n in account.sessions}
    assert on == {s.number: s.identity.account.lower() for s in state.users if s.identity.account}
    assert all(session.devices for session in state.users if session.identity.account)
    owned = {room: key for key, account in state.accounts.items() for room in account.rooms}
    assert owned == {key: room.owner for key, room in state.rooms.items() if room.owner}
    assert not owned.keys() & state.empty.keys()
    assert all(
        state.rooms[key].members for key in state.rooms.keys() - state.empty.keys() - owned.keys()
    )
    for nick in state.nicks.keys() & state.accounts.keys():
        assert state.nicks[nick].identity.account.lower() == nick
    for session in state.users:
        for key in session.rooms:
            assert state.rooms[key].members[session.number].session is session
    for key, room in state.rooms.items():
        assert all(key in state.sessions[number].rooms for number in room.members)
        assert all(state.user(number) for number in room.members)
        assert room.size == sum(member.session.appeared for member in room.members.values())
    assert all(session.appeared or session.rooms for session in state.sessions.values())


def test_a_room_that_filled_meanwhile_is_not_forgotten() -> None:
    state, outlet = ChatState("#lobby", 8), Recorder()
    one, two = Identity(1, "alice", "u", "h"), Identity(2, "bob", "u", "h")
    some = [
        events.Arrived(one, "irc"),
        events.Arrived(two, "irc"),
        events.Joined(one, "#a"),
        events.Joined(two, "#b", forgets="#a"),
    ]
    assert [outcome(state, outlet, n, event) for n, event in enumerate(some, 1)] == [None] * 4
    assert list(state.rooms) == ["#a", "#b"]
    assert outcome(state, outlet, 5, events.Parted(one, "#a", "")) is None
    assert outcome(state, outlet, 6, events.Joined(one, "#c", forgets="#a")) is None
    assert list(state.rooms) == ["#b", "#c"]


def test_people_are_named_as_they_are_called_when_it_happens() -> None:
    """Between proposing and applying somebody may have taken another name."""
    state, outlet = ChatState("#lobby", 8), Recorder()
    one, two = Identity(1, "alice", "u", "h"), Identity(2, "bob", "u", "h")
    some = [
        *(events.Arrived(one, "irc"), events.Arrived(two, "irc")),
        *(events.Joined(one, "#a"), events.Joined(two, "#a"), events.Renamed(two, "rob")),
        events.Told(one, 2, "bob", "psst"),
        events.ModesSet(one, "#a", (Change("+v", "bob", 2),)),
        events.Kicked(one, "#a", 2, "bob", ""),
        events.Invited(one, "#a", 2, "bob"),
        events.Left(two, "killed"),
    ]
    assert [outcome(state, outlet, n, event) for n, event in enumerate(some, 1)] == [None] * 10
    entries = [arg for _, *args in outlet.told[-20:] for arg in args if isinstance(arg, Entry)]
    after = [entry.event for entry in entries if entry.number > 5]
    assert len(after) > 5
    assert not any("bob" in repr(event) for event in after)
    assert all("rob" in repr(event) for event in after)


def test_a_restart_sends_everyone_home_and_keeps_the_rooms(harness: Harness) -> None:
    harness.human("alice").types("/topic tea", "hello")
    apply(harness.state, Entry(99, harness.clock, events.Restarted(SERVER)), harness.audience)
    assert (harness.state.sessions, harness.state.nicks) == ({}, {})
    room = harness.state.room("#LOBBY")
    assert room is not None
    assert (room.topic, room.members) == ("tea", {})


@contextmanager
def never_switching(harness: Harness) -> Iterator[None]:
    """Fail when anything switches greenlets but who waits for the journal, or is it."""
    switches: list[object] = []
    may = [False]

    def within(allowed: bool, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            before, may[0] = may[0], allowed
            try:
                return function(*args)
            finally:
                may[0] = before

        return call

    def trace(event: str, args: object) -> None:
        if not may[0]:
            switches.append((event, args))

    journal: Any = harness.journal
    journal.settle = within(True, journal.settle)
    journal.catch_up = within(True, journal.catch_up)
    # Called from the journal's greenlet, while somebody waits for it.
    rules = journal._rules
    journal._rules = rules._make(within(False, rule) for rule in rules)
    journal._refused = within(False, journal._refused)
    before = greenlet.settrace(trace)
    try:
        yield
    finally:
        greenlet.settrace(before)
    assert switches == []


def test_the_core_never_switches(harness: Harness) -> None:
    with never_switching(harness):
        alice, bob = harness.human("alice"), harness.human("bob", via="web")
        heard = alice.types("hello", "/me waves", "/join #dev", "/topic tea", "/history 5", "/more")
        heard += alice.types("/msg bob psst", "/away lunch", "/back", "/set colour on", "/ping")
        heard += alice.types("/names", "/who", "/whois bob", "/seen carol", "/rooms", "/nick al")
        heard += alice.types("/ignore bob", "/quiet", "/help", "/nonsense", "/part", "/quit bye")
        bob.answer_to(b"\xff\xfd\x03\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0half a l")
        bob.sends(b"ine\r\n/reply oops\r\n\x04")
        ira = harness.irc("ira", "echo-message", "message-tags")
        ira.types("JOIN #dev", "PRIVMSG #dev :hi", "NAMES #dev", "WHO *", "LIST", "PING x", "QUIT")
    assert "-> pong" in heard
    assert bob.end is not None


def test_the_guard_against_switching_sees_a_switch(harness: Harness) -> None:
    with pytest.raises(AssertionError), never_switching(harness):
        greenlet.greenlet(lambda: None).switch()


def test_the_guard_sees_a_switch_in_what_the_journal_calls(harness: Harness) -> None:
    journal: Any = harness.journal
    apply_entry = journal._rules.apply

    def switching(entry: Entry) -> None:
        greenlet.greenlet(lambda: None).switch()
        apply_entry(entry)

    journal._rules = journal._rules._replace(apply=switching)
    with pytest.raises(AssertionError), never_switching(harness):
        harness.human("alice")
