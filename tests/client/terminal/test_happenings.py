"""What others do, as it is told; the real server does it."""

from __future__ import annotations

import pytest

from geventchat.client.terminal.happenings import changes_of, line_of
from geventchat.client.terminal.state import State
from geventchat.client.terminal.wire import parse
from tests.client.terminal.talker import in_room
from tests.harness import Harness


def test_everything_that_happens_in_a_room(harness: Harness) -> None:
    alice = in_room(harness)
    bob = harness.human("bob")
    bob.types("/join #dev")
    assert alice.hears() == ["*** bob joined #dev. (2 here)"]
    for typed, shown in (
        ("/topic tea at four", "*** bob set the topic: tea at four"),
        ("/away lunch", "*** bob is away: lunch"),
        ("/back", "*** bob is back."),
        ("/nick robert", "*** bob is now known as robert."),
        ("/part #dev so long", "*** robert left #dev (so long)."),
    ):
        bob.types(typed)
        assert alice.hears() == [shown]
    bob.types("/join #dev")
    alice.hears()
    assert alice.types("/op robert") == ["*** alice made robert an operator."]
    assert alice.state.rooms["#dev"].nicks == ["@alice", "@robert"]
    assert alice.types("/ban troll") == ["*** alice banned troll."]
    assert alice.types("/kick robert out") == ["*** robert was kicked by alice: out"]
    assert alice.state.rooms["#dev"].nicks == ["@alice"]


def test_somebody_leaves_the_chat(harness: Harness) -> None:
    alice, bob = in_room(harness), in_room(harness, "bob")
    alice.hears()
    bob.server.leaves("")
    assert alice.hears() == ["*** bob left."]


def test_what_happens_elsewhere_says_where(harness: Harness) -> None:
    alice, bob = in_room(harness), in_room(harness, "bob")
    alice.types("/join #tea")
    bob.types("hi", "/topic new")
    assert alice.hears()[-2:] == ["[12:00] #dev <bob> hi", "*** bob set the topic of #dev: new"]


def test_an_invitation(harness: Harness) -> None:
    alice, bob = in_room(harness), in_room(harness, "bob", "#tea")
    bob.types("/invite alice #tea")
    assert alice.hears() == ["-> bob invites you to #tea. /join #tea"]


def test_words_of_every_form() -> None:
    state = State("alice")
    told = [
        line_of(state, parse(line))
        for line in (
            "@msgid=7 :bob!b@h PRIVMSG #dev :hi",
            ":bob!b@h PRIVMSG @#dev :ops",
            ":bob!b@h NOTICE alice :psst",
            ":bob!b@h PRIVMSG #dev :\x01ACTION waves\x01",
            ":bob!b@h PRIVMSG #dev :\x01ACTION a \x01\x01ACTION b\x01",
            ":bob!b@h PRIVMSG alice :\x01VERSION\x01",
        )
    ]
    shown = [one and (one.room, one.to, one.form.value, one.text) for one in told]
    assert shown == [
        ("#dev", "", "message", "hi"),
        ("#dev", "", "message", "ops"),
        ("", "alice", "notice", "psst"),
        ("#dev", "", "action", "waves"),
        ("#dev", "", "action", "a b"),
        None,
    ]


@pytest.mark.parametrize(
    ("letters", "arguments", "changes"),
    [
        ("+o", ["a"], [("+o", "a")]),
        ("+ob-iv", ["a", "b!*@*", "c"], [("+o", "a"), ("+b", "b!*@*"), ("-i", ""), ("-v", "c")]),
        ("+l-l", ["5"], [("+l", "5"), ("-l", "")]),
        ("+oo", ["a"], [("+o", "a"), ("+o", "")]),
        ("", ["a"], []),
    ],
)
def test_changes(letters: str, arguments: list[str], changes: list[tuple[str, str]]) -> None:
    assert changes_of(letters, arguments) == changes
