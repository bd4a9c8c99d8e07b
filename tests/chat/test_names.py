"""What nicks and rooms may be called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.chat.names import composed, fold, is_guest, is_nick, is_room

UNSEEN_NICKS = ("alice\n", "a\x1b[2J", "a\u200b", "a\0", "älice", "аlice")
UNSEEN_ROOMS = ("#a\n", "#\x1b[2J", "#a\x9b", "#\ud800", "#a\u202e", "#a\u00a0b", "#\u3164")


@pytest.mark.parametrize("nick", ["alice", "A", "guest7", "[x]", "a-b_c", "^`{|}\\", "_", "a" * 30])
def test_nicks(nick: str) -> None:
    assert is_nick(nick, 30)


@pytest.mark.parametrize(
    "nick",
    [*"*#", "", "7up", "-dash", "a b", "a,b", "a!b", "a@b", "#a", "a:b", "a" * 31, *UNSEEN_NICKS],
)
def test_not_nicks(nick: str) -> None:
    assert not is_nick(nick, 30)


@pytest.mark.parametrize("room", ["#a", "#Lobby", "##", "#a.b-c", "#日本", "#" + "a" * 63])
def test_rooms(room: str) -> None:
    assert is_room(room, 64)


@pytest.mark.parametrize(
    "room",
    ["", "#", "lobby", "&a", "#a b", "#a,b", "#" + "a" * 64, "#" + "ä" * 32, *UNSEEN_ROOMS],
)
def test_not_rooms(room: str) -> None:
    assert not is_room(room, 64)


def test_case_is_ascii_case() -> None:
    assert fold("#DevOps-Ä") == "#devops-Ä"
    # RFC 1459 took {}|^ for the lower case of []\~; CASEMAPPING=ascii does not.
    assert fold("[]\\~") == "[]\\~"


@pytest.mark.parametrize(
    "room", ["#лобби", "#λόγος", "#cafe\u0301", "#日本go", "#नमस्ते", "#1\u0331"]
)
def test_rooms_in_any_script(room: str) -> None:
    assert is_room(composed(room), 64)


@pytest.mark.parametrize(
    "hidden",
    ["️", "ﾠ", "ᅠ", "͏", "᠋", "󠄀", "឴", "\u200d", "\u200b", "\xad", "\u2060"],
)
def test_no_second_room_with_what_cannot_be_seen(hidden: str) -> None:
    for name in (f"#lobby{hidden}", f"#lo{hidden}bby", f"#{hidden}lobby"):
        assert not is_room(composed(name), 64)


@pytest.mark.parametrize(
    "room",
    [
        *("#lоbby", "#Αlpha", "#раypal"),  # A Cyrillic o, a Greek Alpha, Cyrillic r and a.
        *("#\u0301", "#-\u0301a", "#\u20dd"),  # Marks on nothing.
        *("#\ue000", "#\U000f0000", "#\u0378", "#\uffff"),  # Private, unassigned.
    ],
)
def test_no_room_that_looks_like_another(room: str) -> None:
    assert not is_room(composed(room), 64)


def test_accents_are_the_same_however_they_are_typed() -> None:
    assert fold("#Cafe\u0301") == fold("#caf\u00e9")
    assert composed("#cafe\u0301") == "#caf\u00e9"
    long = "#" + "e\u0301" * 40_000  # Would take seconds, and is no name anyway.
    assert composed(long) is long


def test_names_of_guests() -> None:
    assert all(map(is_guest, ["guest1", "Guest07", "GUEST999"]))
    assert not any(map(is_guest, ["guest", "guests", "guest1a", "aguest1", "guest\u0661"]))


@given(st.text())
def test_folding_twice_is_folding_once(name: str) -> None:
    assert fold(fold(name)) == fold(name)
