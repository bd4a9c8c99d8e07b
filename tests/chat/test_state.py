"""`apply`: the same events in the same order give the same state, and nothing ever switches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import greenlet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geventchat.chat.events import (
    Arrived,
    Entry,
    Event,
    Identity,
    Joined,
    Left,
    Parted,
    Renamed,
    Restarted,
    Said,
    Told,
    TopicSet,
    WentAway,
)
from geventchat.chat.state import ChatState
from geventchat.config import Config
from geventchat.errors import Reason, Refused
from tests.harness import Harness, HumanClient

SESSIONS = st.integers(1, 4)
NICKS = st.sampled_from(["alice", "Alice", "bob", "carol", "7bad", ""])
ROOMS = st.sampled_from(["#a", "#A", "#b", "#c", "bad name"])
TEXTS = st.sampled_from(["", "x", "y" * 500])
WHO = st.builds(Identity, SESSIONS, NICKS, st.just("u"), st.just("h"))

EVENTS = st.one_of(
    st.builds(Arrived, WHO, st.just("telnet")),
    st.builds(Arrived, WHO, st.just("telnet")),
    st.builds(Joined, WHO, ROOMS),
    st.builds(Joined, WHO, ROOMS),
    st.builds(Said, WHO, ROOMS, TEXTS),
    st.builds(Parted, WHO, ROOMS, TEXTS),
    st.builds(Renamed, WHO, NICKS),
    st.builds(TopicSet, WHO, ROOMS, TEXTS),
    st.builds(WentAway, WHO, TEXTS),
    st.builds(Told, WHO, SESSIONS, NICKS, TEXTS),
    st.builds(Left, WHO, TEXTS),
    st.builds(Restarted, st.just(Identity(0, "", "", ""))),
)
SMALL = Config(backlog_events=16, rooms_max=2, rooms_per_session=2, join_lines_max_members=2)


def applied(events: list[Event]) -> tuple[ChatState, list[Reason | None]]:
    """A state made of events, and what became of each."""
    state = ChatState(SMALL)
    outcomes: list[Reason | None] = []
    for number, event in enumerate(events, 1):
        if isinstance(event, Arrived) and event.by.session in state.sessions:
            outcomes.append(Reason.GONE)  # A number is given to one session only.
            continue
        try:
            state.apply(Entry(number, number * 1000, event))
            outcomes.append(None)
        except Refused as refusal:
            outcomes.append(refusal.reason)
    return state, outcomes


def picture(state: ChatState) -> dict[str, Any]:
    """All of a state that anyone can see, in its order."""
    return {
        "sessions": [
            (number, s.identity, s.away, s.arrived_at, s.last_line_at, list(s.memberships))
            for number, s in state.sessions.items()
        ],
        "nicks": [(nick, s.identity.session) for nick, s in state.nicks.items()],
        "rooms": [
            (key, room.name, room.topic, room.topic_by, room.topic_at, list(room.members))
            for key, room in state.rooms.items()
        ],
        "logs": [(room.log.entries, room.log.head) for room in state.rooms.values()],
        "marks": [
            (key, m.cursor, m.since)
            for s in state.sessions.values()
            for key, m in s.memberships.items()
        ],
        "touched": [room.key for room in state.touched_rooms],
    }


@given(st.lists(EVENTS, max_size=60))
def test_the_same_events_give_the_same_state(events: list[Event]) -> None:
    first, outcomes = applied(events)
    second, again = applied(events)
    assert outcomes == again
    assert picture(first) == picture(second)


@given(st.lists(EVENTS, max_size=60))
def test_a_refused_event_changes_nothing(events: list[Event]) -> None:
    whole, outcomes = applied(events)
    state = ChatState(SMALL)
    for number, (event, outcome) in enumerate(zip(events, outcomes, strict=True), 1):
        if outcome is None:
            state.apply(Entry(number, number * 1000, event))
    assert picture(state) == picture(whole)


@settings(max_examples=200)
@given(st.lists(EVENTS, max_size=80))
def test_what_always_holds(events: list[Event]) -> None:
    state, _ = applied(events)
    assert len(state.rooms) <= SMALL.rooms_max
    for nick, session in state.nicks.items():
        assert nick == session.nick.lower()
        assert state.sessions[session.identity.session] is session
    assert len(state.nicks) == len(state.sessions)
    for number, session in state.sessions.items():
        assert len(session.memberships) <= SMALL.rooms_per_session
        for key, membership in session.memberships.items():
            assert state.rooms[key].members[number] is membership
    for room in state.rooms.values():
        assert all(number in state.sessions for number in room.members)
        assert len(room.log.entries) <= 20
        numbers = [entry.number for entry in room.log.entries]
        assert numbers == sorted(set(numbers))


def test_a_restart_sends_everyone_home_and_keeps_the_rooms(harness: Harness) -> None:
    harness.human("alice").types("/topic tea", "hello")
    harness.state.apply(Entry(99, harness.clock, Restarted(Identity(0, "", "", ""))))
    assert (harness.state.sessions, harness.state.nicks) == ({}, {})
    room = harness.state.room("#LOBBY")
    assert room is not None
    assert (room.topic, room.members) == ("tea", {})


def test_topics_of_an_earlier_run_are_taken_over() -> None:
    state = ChatState(SMALL)
    by = Identity(3, "alice", "u", "h")
    state.restore([Entry(7, 123, TopicSet(by, "#Tea", "green"))], ["#Tea", "#Talk"])
    room = state.room("#tea")
    assert room is not None
    assert (room.name, room.topic, room.topic_by, room.topic_at) == ("#Tea", "green", "alice", 123)
    assert list(state.rooms) == ["#tea", "#talk"]


def test_more_topics_than_rooms_do_not_stop_the_start() -> None:
    state = ChatState(SMALL)
    by = Identity(3, "alice", "u", "h")
    state.restore([Entry(n, 0, TopicSet(by, f"#{n}", "kept")) for n in range(1, 5)], ["#5"])
    assert len(state.rooms) == SMALL.rooms_max


def test_the_largest_rooms_do_not_hear_of_joins() -> None:
    harness = Harness(join_lines_max_members=2)
    alice, _, carol = harness.human("alice"), harness.human("bob"), harness.human("carol")
    room = harness.state.rooms["#lobby"]
    shown = room.log.head.shown
    carol.types("/part")
    dave = HumanClient(harness)
    dave.come_in()
    dave.types("/nick dave")
    assert alice.hears() == [" * carol left #lobby.", " * guest4 is now known as dave."]
    assert room.log.head.shown - shown == 2


def test_who_talks_and_never_reads_takes_no_more_memory_for_it() -> None:
    harness = Harness(backlog_events=16)
    alice = harness.human("alice")
    for number in range(1000):
        alice.dialect.say(f"line {number}")
        harness.settle()
    membership = alice.session.memberships["#lobby"]
    assert len(membership.own or ()) <= 64
    assert len(membership.room.log.entries) <= 64


@contextmanager
def never_switching() -> Iterator[None]:
    """Fail when anything in here switches greenlets."""
    switches: list[object] = []
    before = greenlet.settrace(lambda event, args: switches.append((event, args)))
    try:
        yield
    finally:
        greenlet.settrace(before)
    assert switches == []


def test_the_core_never_switches(harness: Harness) -> None:
    with never_switching():
        alice, bob = harness.human("alice"), harness.human("bob", via="web")
        heard = alice.types("hello", "/me waves", "/join #dev", "/topic tea", "/history 5", "/more")
        heard += alice.types("/msg bob psst", "/away lunch", "/back", "/set colour on", "/ping")
        heard += alice.types("/names", "/who", "/whois bob", "/seen carol", "/rooms", "/nick al")
        heard += alice.types("/ignore bob", "/quiet", "/help", "/nonsense", "/part", "/quit bye")
        bob.answer_to(b"\xff\xfd\x03\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0half a l")
        bob.sends(b"ine\r\n/reply oops\r\n\x04")
    assert "-> pong" in heard
    assert bob.end is not None


def test_the_guard_against_switching_sees_a_switch() -> None:
    with pytest.raises(AssertionError), never_switching():
        greenlet.greenlet(lambda: None).switch()
