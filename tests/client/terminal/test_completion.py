"""Tab."""

from __future__ import annotations

import threading

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from geventchat.client.terminal.completion import ChatCompleter, candidates
from geventchat.client.terminal.state import State


@pytest.fixture
def state() -> State:
    state = State("alice")
    for name, nicks in (("#dev", ("alice", "Bob", "bert")), ("#design", ("zoe",))):
        room = state.add_room(name)
        for nick in nicks:
            room.enter(nick)
    state.go_to("#dev")
    return state


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ("/hi", ["/history "]),
        ("/un", ["/unban "]),
        ("/ex", ["/exit "]),
        ("/zz", []),
        ("b", ["Bob: ", "bert: "]),
        ("hi b", ["Bob ", "bert "]),
        ("/msg BO", ["Bob "]),
        ("/join #de", ["#dev ", "#design "]),
        ("Z", ["zoe: "]),
        ("", []),
        ("hi ", []),
        ("hi /he", []),
    ],
)
def test_what_a_word_could_become(state: State, before: str, found: list[str]) -> None:
    assert candidates(state, before) == found


def test_the_word_is_replaced_whole(state: State) -> None:
    completer = ChatCompleter(state, threading.Lock())
    (one,) = completer.get_completions(Document("hi zo"), CompleteEvent())
    assert (one.text, one.start_position) == ("zoe ", -2)
