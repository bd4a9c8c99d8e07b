"""Entries to keep: for tests of whatever keeps them."""

from __future__ import annotations

from hypothesis import strategies as st

from geventchat.chat.events import (
    Arrived,
    Entry,
    Event,
    Form,
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

TEXTS = st.text(max_size=40)  # Without surrogates, which never get past `clean_for_terminal`.
NICKS = st.sampled_from(["alice", "Alice", "bob", "{zoe}"])
ROOMS = st.sampled_from(["#a", "#A", "#Dev", "#日本"])
PLACES = st.sampled_from(["", "~telnet", "192.0.2.1", "2001:db8::1"])
WHO = st.builds(Identity, st.integers(0, 2**40), NICKS, PLACES, PLACES)
FORMS = st.sampled_from(Form)
KEYS = st.lists(ROOMS, max_size=3).map(tuple)

EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Restarted, WHO),
    st.builds(Arrived, WHO, TEXTS),
    st.builds(Left, WHO, TEXTS, KEYS),
    st.builds(Renamed, WHO, NICKS),
    st.builds(WentAway, WHO, TEXTS),
    st.builds(Joined, WHO, ROOMS),
    st.builds(Parted, WHO, ROOMS, TEXTS),
    st.builds(TopicSet, WHO, ROOMS, TEXTS),
    st.builds(Said, WHO, ROOMS, TEXTS, FORMS),
    st.builds(Told, WHO, st.integers(0, 2**40), NICKS, TEXTS, FORMS),
)

ALICE = Identity(1, "alice", "~telnet", "192.0.2.1")


def said(number: int, room: str = "#a", text: str = "") -> Entry:
    """A line that says its number."""
    return Entry(number, number * 10, Said(ALICE, room, text or str(number)))
