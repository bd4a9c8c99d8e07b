"""A connection is cut: what was missed comes, once, in order; and what became of one's own."""

from __future__ import annotations

from geventchat.client.terminal.catchup import Catchup
from geventchat.client.terminal.events import Event, InRoom, Told
from geventchat.client.terminal.state import Room, State
from geventchat.client.terminal.wire import parse
from tests.client.terminal.talker import Talker, in_room
from tests.harness import Harness


def said_by(talker: Talker, *texts: str) -> None:
    for text in texts:
        talker.harness.clock += 1
        talker.types(text)


def test_somebody_new_is_shown_the_last_lines(harness: Harness) -> None:
    bob = in_room(harness, "bob")
    said_by(bob, *(f"line {n}" for n in range(30)))
    shown = Talker(harness).types("/join #dev")
    assert shown[0] == "-> You are in #dev (2 here: alice, @bob)"
    assert shown[1:-1] == [f"[12:00] <bob> line {n}" for n in range(10, 30)]
    assert shown[-1] == "-- end of history --"


def test_exactly_what_was_missed(harness: Harness) -> None:
    alice, bob = in_room(harness), in_room(harness, "bob")
    said_by(bob, "seen 1", "seen 2")
    bob.types("seen in the same millisecond")
    alice.hears()
    alice.is_cut()
    bob.types("missed in the same millisecond")
    said_by(bob, "missed 2")
    back, shown = alice.comes_back()
    assert shown == [
        "-> You are in #dev (2 here: alice, bob)",
        "-- 2 lines in #dev while you were away --",
        "[12:00] <bob> missed in the same millisecond",
        "[12:00] <bob> missed 2",
        "-- end of history --",
    ]
    said_by(bob, "live")
    assert back.hears() == ["[12:00] <bob> live"]


def test_nothing_was_missed(harness: Harness) -> None:
    alice = in_room(harness)
    in_room(harness, "bob")
    alice.hears()
    alice.is_cut()
    _, shown = alice.comes_back()
    assert shown[1:] == ["-- no lines in #dev while you were away --"]


def test_more_than_a_page() -> None:
    small = Harness(history_max_lines=10)
    alice, bob = in_room(small), in_room(small, "bob")
    alice.is_cut()
    said_by(bob, *(f"line {n}" for n in range(35)))
    _, shown = alice.comes_back()
    assert shown[1] == "-- 35 lines in #dev while you were away --"
    assert shown[2:-1] == [f"[12:00] <bob> line {n}" for n in range(35)]


def test_so_much_that_only_the_end_is_shown_and_that_is_told() -> None:
    small = Harness(history_max_lines=10)
    alice, bob = in_room(small), in_room(small, "bob")
    alice.is_cut()
    said_by(bob, *(f"line {n}" for n in range(60)))
    _, shown = alice.comes_back()
    assert shown[1:3] == [
        "-- 40 lines in #dev while you were away --",
        "-- and earlier ones: /history tells more --",
    ]
    assert shown[3:-1] == [f"[12:00] <bob> line {n}" for n in range(20, 60)]


def test_what_is_said_while_the_past_is_fetched_waits_its_turn(harness: Harness) -> None:
    alice, bob = in_room(harness), in_room(harness, "bob")
    alice.is_cut()
    said_by(bob, "missed")
    back = Talker(harness, state=alice.state)
    back.talk.join("#dev")
    back.server.does(back.talk.outgoing())
    shown: list[str] = []
    # The answer to JOIN is here, and the history is asked for; the server gets that later.
    for line in back.server.hears():
        for event in back.talk.take(line):
            back._show(event, shown)
    said_by(bob, "both live and in the history")
    assert shown == []
    assert back.hears()[1:] == [
        "-- 2 lines in #dev while you were away --",
        "[12:00] <bob> missed",
        "[12:00] <bob> both live and in the history",
        "-- end of history --",
    ]


def test_a_line_whose_confirmation_was_lost(harness: Harness) -> None:
    alice, bob = in_room(harness), in_room(harness, "bob")
    alice.sends_unheard("did it arrive?")
    alice.talk.say("#dev", "this one never left")
    alice.is_cut()
    bob.hears()
    _, shown = alice.comes_back()
    assert shown[2:] == [
        "[12:00] <alice> did it arrive?",
        "-- end of history --",
        "-> Your line did arrive in #dev: did it arrive?",
        "-> Not sent: the connection was lost before it arrived."
        " Your line was: this one never left",
    ]


def test_a_past_that_cannot_be_fetched_is_not_an_empty_one() -> None:
    def entered(last_at: int, *pages: list[str]) -> tuple[InRoom, list[Event]]:
        room = Room("#dev", last_at=last_at)
        catchup = Catchup(State("alice"), room, lambda *_: None, page_lines=1, came_at=9)
        catchup.begin()
        for page in pages:
            told = catchup.took([parse(line) for line in page])
        assert isinstance(told[0], InRoom)
        return told[0], told[1:]

    page = ["@time=2026-01-01T00:00:00Z;msgid=7 :bob!b@h PRIVMSG #dev :hi"]
    refused = ["FAIL CHATHISTORY MESSAGE_ERROR #dev :Not now"]
    first, told = entered(5, refused)
    assert (first.missed, first.more, told) == (False, False, [Told("Not now")])
    second, told = entered(5, page, refused)
    assert (second.missed, second.more, len(second.lines)) == (True, True, 1)
    assert entered(0, refused)[1] == []  # Nobody has missed anything yet.


def test_numbers_that_begin_again_are_other_lines(harness: Harness) -> None:
    """A server that keeps nothing was started anew: the same numbers, later."""
    alice = in_room(harness)
    said_by(alice, "one", "two", "three")
    fresh = Harness()
    fresh.clock = harness.clock + 5000
    bob = in_room(fresh, "bob")
    bob.types("first of the new ones", "second", "third", "fourth")
    alice.harness = fresh
    _, shown = alice.comes_back()
    assert [line for line in shown if "<bob>" in line] == [
        "[12:00] <bob> first of the new ones",
        "[12:00] <bob> second",
        "[12:00] <bob> third",
        "[12:00] <bob> fourth",
    ]
