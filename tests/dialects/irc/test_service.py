"""Talking to the server's name."""

from __future__ import annotations

from typing import Any

import pytest

from geventchat.chat.events import Entry
from geventchat.config import Config
from tests.harness import Harness, IrcClient

START = ":chat!server@chat NOTICE {} :"
SAID = "[2023-11-14 12:00] <al> "


@pytest.fixture
def al() -> IrcClient:
    """Somebody who has said 0, 1 and 2 in #a."""
    al = Harness(name="chat").irc("al")
    al.types("JOIN #a", "PRIVMSG #a :0", "PRIVMSG #a :1", "PRIVMSG #a :2")
    return al


def asks(client: IrcClient, text: str, target: str = "chat") -> list[str]:
    """What the server answers to a private line."""
    start = START.format(client.session.nick)
    lines = client.types(f"PRIVMSG {target} :{text}")
    assert all(line.startswith(start) for line in lines), lines
    return [line.removeprefix(start) for line in lines]


def test_history_in_words(al: IrcClient) -> None:
    last = ["-- 3 lines of #a, times in UTC --"]
    every = [f"{SAID}{n}" for n in range(3)] + last
    for words in ("history", "history 20 #A", "HISTORY #a", "/history 2h #a"):
        assert asks(al, words) == every
    assert asks(al, "history 2", target="CHAT") == [
        *every[1:3],
        "-- 2 lines of #a, times in UTC --",
    ]
    al.harness.clock += 3_600_000
    assert asks(al, "history 5m") == ["-- no lines of #a, times in UTC --"]


def test_what_was_said_just_before_is_in_it(al: IrcClient) -> None:
    lines = al.types("PRIVMSG #a :3", "PRIVMSG chat :history 1 #a")
    assert lines[0].endswith(f"{SAID}3")


def test_help_and_words_it_does_not_know(al: IrcClient) -> None:
    told = asks(al, "help")
    assert told[0].startswith("history [N or 2h] [#room]:") and "history 20 #lobby" in told[0]
    assert asks(al, "drop all")[1:] == told
    assert asks(al, " ")[1:] == told
    assert asks(al, "history everything") == [
        "Not understood: everything. Say 20, 2h, since 14:00, yesterday or 2026-11-20 (UTC)."
    ]
    assert asks(al, "history @bob") == [
        "Only rooms are read back here. Say 20, 2h, since 14:00, yesterday or 2026-11-20 (UTC)."
    ]
    al.types("JOIN #b")
    assert asks(al, "history") == ["Which room? As in: history 30 #lobby"]
    assert asks(al, "history 2h") == ["Which room? As in: history 2h #lobby"]


def test_only_rooms_one_is_in_and_only_from_when_one_may(al: IrcClient) -> None:
    al.types("MODE #a +s", "PRIVMSG #a :secret", "MODE #a -s", "PRIVMSG #a :open")
    bo = al.harness.irc("bo")
    no = ["You are not in #a. /join #a"]
    assert asks(bo, "history 20 #a") == no
    assert asks(bo, "history 20 #nosuch") == [no[0].replace("#a", "#nosuch")]
    bo.types("JOIN #a")
    assert asks(bo, "history 20") == [f"{SAID}open", "-- 1 line of #a, times in UTC --"]


def test_no_program_is_answered_that_would_answer_back(al: IrcClient) -> None:
    assert al.types("NOTICE chat :history") == []
    assert al.types("PRIVMSG chat :\x01VERSION\x01") == [
        ":chat 531 al chat :The server takes no CTCP"
    ]


def test_nobody_can_take_the_name_and_who_has_it_is_heard(al: IrcClient) -> None:
    assert al.types("NICK Chat") == [":chat 432 al Chat :Nickname is reserved"]
    harness = Harness(name="chat")
    bo, al = harness.irc("bo"), harness.irc("al")
    harness.proposals.canon.config = Config(name="bo")  # As after a reload.
    al.types("PRIVMSG bo :history")
    assert bo.hears()[-1].endswith(" PRIVMSG bo :history")


def test_typing_to_the_server_is_no_mistake(al: IrcClient) -> None:
    bo = al.harness.irc("bo", "message-tags")
    assert bo.types("@+typing=active TAGMSG chat") == []


def test_an_answer_with_echo_and_label(al: IrcClient) -> None:
    bo = al.harness.irc("bo", "echo-message", "labeled-response", "batch")
    bo.types("JOIN #a")
    start, echo, *answer, end = bo.types("@label=q PRIVMSG chat :history 1")
    assert start == "@label=q :chat BATCH +b1 labeled-response" and end == ":chat BATCH -b1"
    assert echo == "@batch=b1 :bo!~bo@192.0.2.7 PRIVMSG chat :history 1"
    assert answer[0] == f"@batch=b1 {START.format('bo')}{SAID}2" and len(answer) == 2


def test_a_message_of_several_lines(al: IrcClient) -> None:
    bo = al.harness.irc("bo", "batch", "draft/multiline", "message-tags")
    bo.types("JOIN #a", "BATCH +m draft/multiline chat", "@batch=m PRIVMSG chat :history")
    bo.types("@batch=m PRIVMSG chat :1")
    assert bo.types("BATCH -m")[0] == f"{START.format('bo')}{SAID}2"


def test_several_lines_are_echoed_as_lines(al: IrcClient) -> None:
    bo = al.harness.irc("bo", "batch", "draft/multiline", "message-tags", "echo-message")
    bo.types("BATCH +m draft/multiline chat", "@batch=m PRIVMSG chat :help")
    bo.types(
        "@batch=m PRIVMSG chat :QUIT", "@batch=m;draft/multiline-concat PRIVMSG chat :" + "x" * 400
    )
    bo.types("@batch=m;draft/multiline-concat PRIVMSG chat :" + "x" * 400)
    told = bo.types("BATCH -m")
    start = ":bo!~bo@192.0.2.7 PRIVMSG chat :"
    echoed = [line.removeprefix(start) for line in told if line.startswith(start)]
    assert (echoed[0], "".join(echoed[1:])) == ("help", "QUIT" + "x" * 800)
    assert not any("\n" in line for line in told)


def test_who_is_put_out_while_it_is_read_is_told_it_all(al: IrcClient) -> None:
    """And the room may have been forgotten meanwhile."""
    state, read = al.harness.state, al.harness.store.lines

    def forgotten(*asked: Any) -> list[Entry]:
        found = read(*asked)
        state.rooms.pop("#a")
        return found

    al.harness.store.lines = forgotten
    assert asks(al, "history")[-1] == "-- 3 lines of #a, times in UTC --"


def test_a_history_that_cannot_be_read(al: IrcClient) -> None:
    al.harness.store.read_error = "disk error"
    assert asks(al, "history") == ["History cannot be read now: disk error."]


def test_long_answers_are_bounded_and_made_in_slices() -> None:
    harness = Harness(name="chat", history_max_lines=450)
    al = harness.irc("al")
    al.types("JOIN #a", *(f"PRIVMSG #a :{n}" for n in range(500)))
    pauses: list[int] = []
    deliver = al.line.deliver
    al.line.deliver = lambda: (pauses.append(1), deliver())
    al.does(b"PRIVMSG chat :history 9999\r\n")
    assert len(pauses) >= 3  # Two of 200 lines, and what is left.
    assert len(al.hears()) == 451


def test_missed_is_answered_when_there_is_nothing(al: IrcClient) -> None:
    assert asks(al, "missed") == ["Only of those who are logged in is it known what they missed."]
    al.types("REGISTER * * :correct horse")
    assert asks(al, "missed") == ["Nothing missed."]
