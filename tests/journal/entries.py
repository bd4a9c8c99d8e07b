"""Entries to keep: for tests of whatever keeps them."""

from __future__ import annotations

from dataclasses import fields

from hypothesis import strategies as st

from geventchat.chat.apply import KINDS
from geventchat.chat.events import Change, Entry, Event, Form, Identity, ModesSet, Said

TEXTS = st.text(max_size=40)  # Without surrogates, which never get past `clean_for_terminal`.
NICKS = st.sampled_from(["alice", "Alice", "bob", "{zoe}"])
ROOMS = st.sampled_from(["#a", "#A", "#Dev", "#日本"])
PLACES = st.sampled_from(["", "~telnet", "192.0.2.1", "2001:db8::1"])
NUMBERS = st.integers(0, 2**40)
WHOSE = st.just("") | NICKS
WHO = st.builds(
    Identity,
    NUMBERS,
    NICKS,
    PLACES,
    PLACES,
    account=st.just("") | NICKS,
    bot=st.booleans(),
)
CHANGES = st.builds(Change, st.sampled_from(["+o", "-b", "+k", "+m"]), st.just("") | NICKS, NUMBERS)

# What may stand in the fields of events.
FIELDS: dict[str, st.SearchStrategy[object]] = {
    "by": WHO,
    "via": st.sampled_from(["telnet", "irc", "web"]),
    "realname": TEXTS,
    "reason": TEXTS,
    "rooms": st.lists(ROOMS, max_size=3).map(tuple),
    "nick": NICKS,
    "changes": st.sampled_from(["+i", "-i+w"]),
    "room": ROOMS,
    "forgets": st.just("") | ROOMS,
    "opened": st.none() | NUMBERS,
    "lobby": ROOMS,
    "departed_max": NUMBERS,
    "rooms_max": NUMBERS,
    "verifier": st.just("") | NICKS,
    "quiet": st.booleans(),
    "away": TEXTS,
    "to": NUMBERS,
    "topic": TEXTS,
    "text": TEXTS,
    "form": st.sampled_from(Form),
    "tags": TEXTS,
    "joined": st.lists(st.integers(1, 9), max_size=3).map(tuple),
    "status": st.sampled_from("@+"),
    "number": NUMBERS,
    "own": st.booleans(),
    "account": WHOSE,
    "quit": st.booleans(),
    "whole": st.booleans(),
    "claims": st.booleans(),
    "since": NUMBERS,
    "device": NICKS,
    "credential": NICKS,
    "flag": st.sampled_from(["disabled", "oper"]),
    "on": st.booleans(),
    "words": st.booleans(),
    "name": NICKS,
    "value": TEXTS,
    "rank": st.sampled_from(["owner", "o", "v", ""]),
}
OTHERWISE = {ModesSet: {"changes": st.lists(CHANGES, max_size=3).map(tuple)}}


def _events(kind: type[Event]) -> st.SearchStrategy[Event]:
    """Events of a kind, with every field it has; a `KeyError` names one that has no strategy."""
    own = FIELDS | OTHERWISE.get(kind, {})
    return st.builds(kind, **{field.name: own[field.name] for field in fields(kind)})


EVENTS_OF = {kind: _events(kind) for kind in KINDS}
EVENTS: st.SearchStrategy[Event] = st.one_of(*EVENTS_OF.values())

ALICE = Identity(1, "alice", "~telnet", "192.0.2.1")


def said(number: int, room: str = "#a", text: str = "") -> Entry:
    """A line that says its number."""
    return Entry(number, number * 10, Said(ALICE, room, text or str(number)))
