"""What nicks and rooms may be called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.chat.names import fold, is_nick, is_room

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


@given(st.text())
def test_folding_twice_is_folding_once(name: str) -> None:
    assert fold(fold(name)) == fold(name)
    assert len(fold(name)) == len(name)
