"""The client in the real chat, over lines that never touch a socket."""

from __future__ import annotations

import pytest

from geventchat.client.terminal.conversation import Sent, verdicts
from geventchat.client.terminal.events import Form, InRoom, NotSent, Said, Told
from tests.client.terminal.talker import Talker, in_room, says
from tests.harness import Harness


def test_coming_in_and_talking(harness: Harness) -> None:
    bob = harness.human("bob")
    alice = Talker(harness)
    assert alice.talk.is_ready
    assert alice.types("/join #lobby") == ["-> You are in #lobby (2 here: alice, bob)"]
    assert alice.types("hello all") == ["[12:00] <alice> hello all"]
    assert bob.hears() == ["*** alice joined #lobby. (2 here)", "[12:00] <alice> hello all"]
    bob.types("hi alice", "/me waves")
    assert alice.hears() == ["[12:00] <bob> hi alice", "[12:00] * bob waves"]
    assert (alice.talk.confirmed, alice.talk.unanswered) == (1, [])


def test_long_lines_and_blocks_arrive_whole(harness: Harness) -> None:
    alice, bob = in_room(harness), in_room(harness, "bob")
    alice.hears()
    text = "wörter " * 300 + "end"
    assert alice.types(text) == [f"[12:00] <alice> {text}"]
    assert bob.hears() == [f"[12:00] <alice> {text}"]
    block = "def f():\n    return 1\n\nf()"
    shown = [f"[12:00] <alice> {line}" for line in block.split("\n") if line]
    assert alice.types(block) == shown
    assert bob.hears() == shown
    assert harness.applied[-1].event.text == block  # type: ignore[union-attr]


def test_a_refused_line_is_given_back(harness: Harness) -> None:
    op, alice = in_room(harness, "op"), in_room(harness)
    op.types("/join #dev")
    harness.human("watch").types("/join #dev")
    op.server.types("MODE #dev +m")
    alice.hears()
    assert alice.types("may I?") == [
        "-> Not sent: Cannot send to channel: it is moderated. Your line was: may I?"
    ]
    assert [one.text for one in alice.talk.refused] == ["may I?"]
    long = "may I say this? " * 100
    assert "Not sent" in alice.types(long)[0]
    assert alice.talk.unanswered == []


def test_the_store_fails_and_the_author_knows(harness: Harness) -> None:
    alice = in_room(harness)
    harness.store.write_error = "disk full"
    assert alice.types("lost?") == ["-> Not sent: Not saved: disk full. Your line was: lost?"]
    harness.store.write_error = ""
    assert alice.types("again") == ["[12:00] <alice> again"]


def test_private_lines(harness: Harness) -> None:
    alice, bob = Talker(harness), harness.human("bob")
    assert alice.types("/msg bob psst") == ["[12:00] [PM to bob] psst"]
    bob.types("/away lunch", "/reply yes?")
    assert alice.hears() == ["[12:00] [PM from bob] yes?"]
    assert alice.types("/reply ok") == ["[12:00] [PM to bob] ok", "-> bob is away: lunch"]
    bob.types("/nick robert")
    assert alice.types("/msg bob gone?") == [
        "-> Not sent to bob: bob is not here. Your line was: gone?"
    ]
    assert alice.types("/msg alice note to self") == ["[12:00] [PM to alice] note to self"]


def test_one_s_own_nick(harness: Harness) -> None:
    alice = in_room(harness)
    harness.human("bob")
    assert alice.types("/nick bob") == ["-> bob is in use."]
    assert alice.types("/nick carol") == ["*** alice is now known as carol."]
    assert alice.types("as carol") == ["[12:00] <carol> as carol"]


def test_kicked_and_shut_out(harness: Harness) -> None:
    op = in_room(harness, "op")
    alice = in_room(harness)
    alice.types("/join #tea")
    op.types("/kick alice enough")
    assert alice.hears() == [
        "*** You were kicked from #dev by op: enough",
        "-> Talking in #tea.",
    ]
    op.types("/ban alice")
    assert alice.types("/join #dev") == ["-> You are banned from #dev."]
    assert alice.state.current == "#tea"


def test_what_no_server_should_say_harms_nothing(harness: Harness) -> None:
    alice = in_room(harness)
    for line in (
        ":x!y@z PRIVMSG",
        ":x!y@z PRIVMSG #dev",
        "PRIVMSG #nowhere :hi",
        ":x!y@z JOIN",
        ":x!y@z JOIN #never",
        ":x!y@z KICK",
        ":x!y@z KICK #dev",
        ":x!y@z MODE #dev",
        ":x!y@z MODE #dev +ooo-l+l",
        ":x!y@z NICK",
        ":x!y@z TOPIC #dev",
        ":x!y@z AWAY",
        ":srv 353",
        ":srv 353 alice = #dev :",
        ":srv 332 alice",
        ":srv 005 alice CHATHISTORY=x CHATHISTORY= :are",
        ":srv 433",
        ":srv FAIL",
        "PING",
        "@label=c999 :srv ACK",
        "BATCH",
    ):
        alice.talk.take(line)
    alice.talk.outgoing()
    assert alice.types("still here") == ["[12:00] <alice> still here"]


def test_escape_sequences_never_reach_the_screen(harness: Harness) -> None:
    alice = in_room(harness)
    shown = says(
        alice,
        ":\x1b[2Jx!y@z PRIVMSG #dev :\x1b]0;title\x07\x9b31mred\x02 bold",
        ":evil\x1b[1m!y@z JOIN #dev",
        ":evil!y@z TOPIC #dev :\x1b[5m\u202egnp.exe",
        ":srv NOTICE alice :\x1b[2Jgone",
        ":evil\x1b[1m!y@z QUIT :\x1bc",
        ":x!y@z KICK #dev \x1b[1m :\x07",
    )
    assert len(shown) == 6
    assert not [line for line in shown if any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in line)]


@pytest.mark.parametrize("is_over", [True, False])
def test_lines_without_an_answer_are_looked_up_one_for_one(is_over: bool) -> None:
    seen = tuple(Said(n, str(n), "#dev", "alice", "ok", own=True) for n in (1, 2))
    entered = InRoom("#dev", "", (), seen, missed=True)
    unsure = [Sent(to, "ok", Form.MESSAGE, "alice") for to in ("#Dev", "#dev", "#dev", "#tea")]
    told, rest = verdicts(entered, unsure, is_over)
    arrived = Told("Your line did arrive in #dev: ok")
    assert told[:2] == [arrived, arrived]
    assert isinstance(told[2], NotSent if is_over else Told)
    assert [one.to for one in rest] == ["#tea"]


@pytest.mark.parametrize(("missed", "more"), [(False, False), (True, True)])
def test_what_no_history_can_tell_is_not_called_lost(missed: bool, more: bool) -> None:
    """Its author would say it again, and all would read it twice."""
    entered = InRoom("#dev", "", (), (), missed, more)
    told, _ = verdicts(entered, [Sent("#dev", "ok", Form.MESSAGE, "alice")], is_over=True)
    assert told == [Told("It is not known whether this arrived: ok")]
