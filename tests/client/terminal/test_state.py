"""Rooms, people, what is unread."""

from __future__ import annotations

import pytest

from geventchat.client.terminal.events import InRoom, Said
from geventchat.client.terminal.state import Room, State


def line(text: str, room: str = "#dev", nick: str = "bob", number: int = 1) -> Said:
    return Said(number, str(number), room, nick, text)


def state_in(*rooms: str) -> State:
    state = State("alice")
    for room in rooms:
        state.add_room(room).inside = True
        state.go_to(room)
    return state


def test_words_go_back_to_where_they_went_before() -> None:
    state = state_in("#a", "#b", "#c")
    state.go_to("#A")
    assert state.current == "#a"
    assert state.drop_room("#a") == "#c"
    assert state.drop_room("#b") == "#c"
    assert state.drop_room("#c") == ""
    state.go_to("#never")
    assert state.current == ""


def test_unread_until_one_goes_there() -> None:
    state = state_in("#dev", "#tea")
    for text in ("hi", "ALICE: look", "alices"):
        state.remember(line(text))
    state.remember(line("seen", "#tea"))
    room = state.room("#DEV")
    assert room is not None
    assert (room.unread, room.mentioned) == (3, True)
    state.go_to("#dev")
    assert (room.unread, room.mentioned) == (0, False)


def test_the_past_is_no_news_unless_it_was_missed() -> None:
    state = state_in("#dev", "#tea")
    room = state.room("#dev")
    assert room is not None
    state.remember(InRoom("#dev", "", (), (line("old"),), missed=False))
    assert room.unread == 0
    state.remember(InRoom("#dev", "", (), (line("missed"),), missed=True))
    assert room.unread == 1
    assert [one.text for one, missed in state.seen if missed] == ["missed"]


@pytest.mark.parametrize(
    ("text", "is_mine"),
    [
        ("alice", True),
        ("hi Alice!", True),
        ("(alice)", True),
        ("alice's", True),
        ("malice", False),
        ("alice2", False),
        ("alice_", False),
        ("malice, alice", True),
    ],
)
def test_a_mention_is_a_word_of_its_own(text: str, is_mine: bool) -> None:
    assert State("alice").is_mentioned(line(text)) == is_mine


def test_a_line_comes_once_and_the_same_number_later_is_another() -> None:
    room = Room("#dev")
    assert [room.is_new(line("x", number=n)) for n in (1, 2, 1)] == [True, True, False]
    assert room.is_new(Said(99, "1", "#dev", "bob", "x"))
    assert room.is_new(Said(0, "", "#dev", "bob", "x"))
    assert room.is_new(Said(0, "", "#dev", "bob", "x"))
    assert room.last_at == 99
    for number in range(3000):
        room.is_new(line("x", number=number))
    assert len(room._keys) <= 1024


def test_members_keep_their_signs_through_a_new_name() -> None:
    room = Room("#dev")
    for shown in ("@op", "+v", "bob", ""):
        room.enter(shown)
    room.rename("OP", "boss")
    room.rename("nobody", "somebody")
    assert room.nicks == ["bob", "@boss", "+v"]
    assert not room.leave("op")


def test_everybody_in_sight() -> None:
    state = state_in("#a", "#b")
    for room, nick in (("#a", "ann"), ("#b", "bob"), ("#b", "@Ann")):
        found = state.room(room)
        assert found is not None
        found.enter(nick)
    state.spoken_with["cy"] = "Cy"
    assert sorted(state.people()) == ["Ann", "Cy", "bob"]
