"""The human dialect as a whole: bytes in, bytes out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.chat.events import Event, Form, Identity, Said
from geventchat.errors import CloseReason, Reason, Refused
from tests.harness import Harness, HumanClient

BY = Identity(9, "zoe", "u", "h")


def test_the_welcome(harness: Harness) -> None:
    assert HumanClient(harness).come_in() == [
        "Welcome to geventchat. You are guest1 in #lobby (1 here).",
        "/nick NAME to choose a name, /help for commands.",
        "-- no lines -- end of history --",
    ]


def test_the_welcome_shows_the_message_of_the_day_and_the_last_lines() -> None:
    harness = Harness(motd="Be nice.\nStay.", history_on_join_lines=2, name="teahouse")
    harness.human("alice").types("one", "two", "/me waves")
    assert HumanClient(harness).come_in() == [
        "Welcome to teahouse. You are guest2 in #lobby (2 here).",
        "/nick NAME to choose a name, /help for commands.",
        "Be nice.",
        "Stay.",
        "[12:00] <alice> two",
        "[12:00] * alice waves",
        "-- end of history --",
    ]


@pytest.mark.parametrize(
    ("lines", "letters", "is_again"), [(16, 9, False), (17, 9, True), (9, 90, True)]
)
def test_the_welcome_is_told_again_where_it_scrolled_away(
    harness: Harness, lines: int, letters: int, is_again: bool
) -> None:
    harness.human("alice").types(*["x" * letters] * lines)
    *_, before, last = HumanClient(harness).come_in()
    again = "You are guest2: /nick NAME to choose a name, /help for commands."
    assert (before == again) is is_again
    assert last == "-- end of history --"


def test_who_cannot_be_let_in_is_hung_up_on(harness: Harness) -> None:
    harness.store.write_error = "disk full"
    person = HumanClient(harness)
    heard = person.come_in()
    assert heard == ["-> Not saved: disk full. Nothing changed."]
    assert person.end is not None
    assert person.dialect.farewell(person.end.reason) == [
        "-> You cannot come in now; try again later."
    ]


def test_a_long_list_of_members_is_cut_short(harness: Harness) -> None:
    for _ in range(12):
        harness.human().types("/join #dev")
    (here, _) = harness.human("alice").types("/join #dev")
    assert here.startswith("-> You are in #dev: no topic (13 here: guest1, guest2, ")
    assert here.endswith(", guest10 …)")


def test_lines_are_said_in_order_whatever_they_are_mixed_with(
    alice: HumanClient, bob: HumanClient
) -> None:
    alice.sends(b"one\r\ntwo\r\n/me three\r\nfour\r\n//five\r\n\r\n/ping\r\nsix\r\n")
    assert bob.hears() == [
        "[12:00] <alice> one",
        "[12:00] <alice> two",
        "[12:00] * alice three",
        "[12:00] <alice> four",
        "[12:00] <alice> /five",
        "[12:00] <alice> six",
    ]


def test_no_reply_overtakes_what_came_before_it(alice: HumanClient) -> None:
    refused = "-> Not saved: disk full. Your line was not sent."
    alice.harness.store.write_error = "disk full"
    assert alice.types("hello", "/ping", "again", "/names") == [
        refused,
        "-> pong",
        refused,
        "-> 1 in #lobby: alice",
    ]


CONVERSATION = (
    b"hello\r\n\xff\xfd\x03gr\xc3\xbc\xc3\x9fe\r\n/me waves\r\0latin \xe9\n/nick al\r\n"
    b"helo\x7flo\xff\xf1\r\n\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0/topic tea\r\n/ping\r\nend\r"
)


def test_whole_and_byte_by_byte(harness: Harness) -> None:
    seen = []
    for pieces in ([CONVERSATION], [CONVERSATION[i : i + 1] for i in range(len(CONVERSATION))]):
        harness = Harness()
        alice, bob = harness.human("alice"), harness.human("bob")
        answers = b"".join(alice.answer_to(piece) for piece in pieces)
        seen.append((sorted(answers.splitlines()), bob.hears()))
    assert seen[0] == seen[1]
    assert seen[0][1] == [
        "[12:00] <alice> hello",
        "[12:00] <alice> grüße",
        "[12:00] * alice waves",
        "[12:00] <alice> latin é",
        "*** alice is now known as al.",
        "[12:00] <al> hello",
        "*** al set the topic: tea",
        "[12:00] <al> end",
    ]


@given(st.lists(st.binary(max_size=60), max_size=8))
def test_garbage_harms_nobody(pieces: list[bytes]) -> None:
    harness = Harness()
    alice, bob = harness.human("alice"), harness.human("bob")
    for piece in pieces:
        if alice.end is None:
            alice.answer_to(piece)
    assert bob.types("/ping")[-1] == "-> pong"
    for line in bob.types("/history", "/names #lobby", "/who", "/rooms"):
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", line)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        (b"red \x1b[31malert\x1b[0m", "red alert"),
        (b"\x1b[D\x1bOAarrows\x1b[1;5C", "arrows"),
        (b"c1 \x9b31m", "c1 ›31m"),
        ("c1 \x9b31m".encode(), "c1 31m"),
        (b"bell\a", "bell"),
        ("\u202egnp.exe".encode(), "gnp.exe"),
        (b"\tif a:\tb", "    if a:   b"),
        ("next\u2028line".encode(), "next line"),
    ],
)
def test_only_printable_text_reaches_others(
    alice: HumanClient, bob: HumanClient, typed: bytes, line: str
) -> None:
    alice.sends(typed + b"\n")
    assert bob.hears() == [f"[12:00] <alice> {line}"]
    assert alice.types("/history 1")[0] == f"[2023-11-14 12:00] <alice> {line}"


def test_a_line_has_its_bound(alice: HumanClient, bob: HumanClient) -> None:
    assert alice.types("x" * 4096) == []
    assert alice.types("x" * 4097) == ["-> Line too long: 4,097 of 4,096 bytes, not sent."]
    assert alice.types("/me " + "x" * 4093) == ["-> Line too long: 4,097 of 4,096 bytes, not sent."]
    assert bob.hears() == ["[12:00] <alice> " + "x" * 4096]
    assert alice.types("x" * 8193) == []
    assert alice.end is not None
    assert alice.end.reason is CloseReason.LINE_TOO_LONG


def test_what_came_before_a_line_without_end_is_said(alice: HumanClient, bob: HumanClient) -> None:
    alice.sends(b"hello\n" + b"x" * 9000)
    assert bob.hears() == ["[12:00] <alice> hello"]
    assert alice.end is not None


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\n",
        b"POST /room HTTP/1.0\r\n",
        b"OPTIONS * HTTP/1.1\n",
        b"GET /" + b"x" * 5000 + b" HTTP/1.1\r\n",
        b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n",
    ],
)
def test_a_web_page_cannot_post_into_a_room(
    alice: HumanClient, bob: HumanClient, head: bytes
) -> None:
    alice.sends(head + b"Services: example.net\r\n\r\nbuy things\r\n")
    assert alice.end is not None
    assert bob.hears() == []


def test_talking_about_http_is_chat(alice: HumanClient, bob: HumanClient) -> None:
    alice.types("use GET / HTTP/1.1 then", "get / http/1.1")
    assert alice.end is None
    assert len(bob.hears()) == 2


@pytest.mark.parametrize("line", ["\u3164", "\x07", "\u200b"])
def test_what_nobody_could_see_is_not_said(alice: HumanClient, bob: HumanClient, line: str) -> None:
    assert alice.types(line) == ["-> Nothing to say: that line has nothing anyone could see."]
    assert bob.hears() == []


def test_a_burst_is_settled_in_parts() -> None:
    harness = Harness(burst_max_lines=4)
    alice = harness.human("alice")
    most = 0
    propose = harness.proposals._propose

    def counted(number: int, event: Event) -> None:
        nonlocal most
        propose(number, event)
        most = max(most, len(harness.journal._pending))

    harness.proposals._propose = counted
    alice.sends(b"line\n" * 1000)
    assert most <= 4
    assert alice.types("/history 500")[-1].startswith("-- 500 lines")


def test_a_gap_is_told_with_what_to_do(alice: HumanClient) -> None:
    alice.types("/join #dev")
    lobby, dev = (alice.harness.state.rooms[key] for key in ("#lobby", "#dev"))
    assert alice.dialect.gap(dev, 37) == ["-- 37 lines skipped; /history 37 --"]
    assert alice.dialect.gap(dev, 1) == ["-- 1 line skipped; /history 1 --"]
    assert alice.dialect.gap(lobby, 2) == ["-- 2 lines skipped; /history 2 #lobby --"]


def test_refusals_and_farewells_are_lines(alice: HumanClient) -> None:
    event = Said(BY, "#lobby", "x", Form.MESSAGE)
    refusal = Refused(Reason.NOT_SAVED, why="disk full")
    alice.dialect.refused(event, refusal)
    assert alice.hears() == ["-> Not saved: disk full. Your line was not sent."]
    assert alice.dialect.farewell(CloseReason.DRAIN) == [
        "-> The server is shutting down. Come back soon."
    ]
    assert alice.dialect.farewell(CloseReason.QUIT) == []


def test_a_nick_change_is_seen_once_by_who_shares_two_rooms(
    alice: HumanClient, bob: HumanClient
) -> None:
    for person in (alice, bob):
        person.types("/join #dev")
    alice.hears()
    assert bob.types("/nick rob") == ["*** bob is now known as rob."]
    assert alice.hears() == ["*** bob is now known as rob."]
    bob.leaves("tired")
    assert alice.hears() == ["*** rob left (tired)."]


def test_a_nick_change_in_no_room_is_told_to_oneself(alice: HumanClient) -> None:
    alice.types("/part")
    assert alice.types("/nick al") == ["*** alice is now known as al."]


def test_whoever_is_kicked_talks_nowhere_until_they_choose(
    alice: HumanClient, bob: HumanClient
) -> None:
    """What was meant for one room must not be said in the next."""
    alice.types("/join #dev")
    bob.types("/join #dev")
    bob.hears()
    alice.types("/switch #lobby", "one")
    assert bob.hears() == ["[12:00] #lobby <alice> one"]
    alice.types("/switch #dev", "/kick bob", "/switch #lobby")
    nowhere = "You are not talking in any room now: /switch #lobby or /join #room."
    assert bob.hears() == ["-> You were kicked from #dev by alice.", f"-> {nowhere}"]
    assert bob.types("the root password is hunter2", "/topic x") == [
        f"-> {nowhere}",
        "-> Your line was not sent.",
        f"-> {nowhere}",
    ]
    assert alice.hears() == []
    assert bob.types("/switch lobby", "hello") == ["-> Talking in #lobby."]
    alice.types("two")
    assert bob.hears() == ["[12:00] <alice> two"]


def test_whoever_is_kicked_from_another_room_talks_on(alice: HumanClient, bob: HumanClient) -> None:
    alice.types("/join #dev")
    bob.types("/join #dev", "/switch #lobby")
    bob.hears()
    alice.types("/kick bob")
    assert bob.hears() == ["-> You were kicked from #dev by alice.", "-> Talking in #lobby."]
    bob.types("hello")
    assert alice.hears()[-1] == "[12:00] #lobby <bob> hello"
