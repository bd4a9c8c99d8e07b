"""Events of every kind among a few people and rooms, and what becomes of them when applied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from geventchat.chat import events
from geventchat.chat.apply import apply
from geventchat.chat.events import SERVER, Change, Entry, Event, Identity
from geventchat.chat.events_accounts import Attached, LoggedIn, Registered
from geventchat.chat.state import ChatState
from geventchat.errors import Reason, Refused
from tests.chat.account_events import of_kinds

SESSIONS = st.integers(1, 5)
NICKS = st.sampled_from(["alice", "Alice", "bob", "carol"])
ROOMS = st.sampled_from(["#a", "#A", "#b", "#c"])
TEXTS = st.sampled_from(["", "x", "\x01VERSION\x01", "y" * 500])
OPENED = st.none() | st.integers(0, 20)
TAGS = st.just("+typing=active")
ACCOUNTS = st.sampled_from(["", "", "alice", "bob"])
WHO = st.builds(
    Identity,
    SESSIONS,
    NICKS,
    st.just("u"),
    st.just("h"),
    account=ACCOUNTS,
    bot=st.booleans(),
)
CHANGES = st.one_of(
    st.builds(Change, st.sampled_from(["+o", "-o", "+v", "-v"]), NICKS, SESSIONS),
    st.builds(Change, st.sampled_from(["+i", "-i", "+m", "+n", "-n", "+t", "+C", "-k", "-l"])),
    st.builds(Change, st.sampled_from(["+b", "-b", "+e", "+I"]), st.sampled_from(["bob!*@*"])),
    st.sampled_from([Change("+k", "key"), Change("+l", "2")]),
)

OF_KIND: dict[type[Event], st.SearchStrategy[Event]] = {
    events.Restarted: st.builds(
        events.Restarted, st.just(SERVER), st.just("") | ROOMS, st.integers(0, 3), st.integers(0, 2)
    ),
    events.Arrived: st.builds(events.Arrived, WHO, st.just("telnet")),
    events.Left: st.builds(events.Left, WHO, TEXTS, whole=st.booleans()),
    events.Renamed: st.builds(events.Renamed, WHO, NICKS),
    events.WentAway: st.builds(events.WentAway, WHO, TEXTS),
    events.RealNameSet: st.builds(events.RealNameSet, WHO, TEXTS),
    events.UserModesSet: st.builds(
        events.UserModesSet, WHO, st.sampled_from(["+o", "-o+w", "+iT", "+B", "-B"])
    ),
    events.Joined: st.builds(
        events.Joined,
        WHO,
        ROOMS,
        forgets=ROOMS,
        quiet=st.booleans(),
        opened=OPENED,
        claims=st.booleans(),
    ),
    events.Appeared: st.builds(events.Appeared, WHO, ROOMS),
    events.Parted: st.builds(events.Parted, WHO, ROOMS, TEXTS),
    events.Kicked: st.builds(events.Kicked, WHO, ROOMS, SESSIONS, NICKS, TEXTS),
    events.Invited: st.builds(events.Invited, WHO, ROOMS, SESSIONS, NICKS),
    events.ModesSet: st.builds(
        events.ModesSet, WHO, ROOMS, st.lists(CHANGES, min_size=1, max_size=3).map(tuple)
    ),
    events.TopicSet: st.builds(events.TopicSet, WHO, ROOMS, TEXTS),
    events.Pinned: st.builds(events.Pinned, WHO, ROOMS, TEXTS),
    events.Said: st.builds(events.Said, WHO, ROOMS, TEXTS),
    events.Told: st.builds(events.Told, WHO, SESSIONS, NICKS, TEXTS, account=ACCOUNTS),
    events.SaidToStatus: st.builds(
        events.SaidToStatus, WHO, ROOMS, st.sampled_from(["@", "+"]), TEXTS
    ),
    events.Tagged: st.builds(events.Tagged, WHO, ROOMS, TAGS),
    events.TaggedTo: st.builds(events.TaggedTo, WHO, SESSIONS, NICKS, TAGS),
    events.Redacted: st.builds(
        events.Redacted, WHO, ROOMS, st.integers(1, 40), TEXTS, st.booleans()
    ),
    events.RedactedTo: st.builds(
        events.RedactedTo, WHO, SESSIONS, NICKS, st.integers(1, 40), TEXTS
    ),
    events.Announced: st.builds(events.Announced, WHO, TEXTS),
    **of_kinds(WHO, SESSIONS, ROOMS),
}
OFTEN = (events.Arrived, events.Joined, events.Joined, LoggedIn, Registered, Attached)
EVENTS = st.one_of(*(OF_KIND[kind] for kind in OFTEN), *OF_KIND.values())


class Recorder:
    """An outlet that keeps what it is told: each call, and the entry as it was given."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        def record(*args: Any, **_: object) -> None:
            self.told.append((name, *(getattr(arg, "key", arg) for arg in args)))

        return record


def outcome(state: ChatState, outlet: Any, number: int, event: Event) -> Reason | None:
    """Apply an event; why it was refused, if it was."""
    try:
        apply(state, Entry(number, number * 1000, event), outlet)
    except Refused as refusal:
        return refusal.reason
    return None
