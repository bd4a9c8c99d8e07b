"""What is asked of the real server, in words."""

from __future__ import annotations

import re

from geventchat.client.terminal.answers import reason_of
from geventchat.client.terminal.wire import parse
from tests.client.terminal.talker import Talker, in_room
from tests.harness import Harness


def test_who_is_here(harness: Harness) -> None:
    alice, bob = in_room(harness), harness.human("bob")
    bob.types("/join #dev", "/away lunch")
    alice.hears()
    assert alice.types("/names") == ["-> 2 in #dev: @alice, bob"]
    assert alice.types("/names #lobby") == ["-> 1 in #lobby: bob"]
    assert alice.types("/names never") == ["-> There is no room #never."]
    assert alice.types("/who") == [
        "-> nick         name",
        "-> alice        alice",
        "-> bob    away  comes via telnet",
        "-> 2 users online.",
    ]


def test_who_somebody_is(harness: Harness) -> None:
    alice, bob = in_room(harness), harness.human("bob")
    bob.types("/away lunch")
    harness.clock += 7_200_000
    shown = alice.types("/whois bob")
    assert (
        shown[:3] == ["-> bob is comes via telnet", "-> bob is in #lobby", "-> bob is away: lunch"]
        or shown[0]
    )
    assert "-> bob is in #lobby" in shown
    assert "-> bob is away: lunch" in shown
    assert "-> bob is idle for 2h" in shown
    assert alice.types("/whois nosuch") == ["-> nosuch is not here."]


def test_the_rooms(harness: Harness) -> None:
    alice = Talker(harness)
    alice.types("/join #dev", "/topic all about dev")
    harness.human("bob")
    harness.human("cy")
    assert alice.types("/rooms") == ["-> #lobby     2", "-> #dev       1  all about dev"]


def test_the_topic(harness: Harness) -> None:
    alice = in_room(harness)
    assert alice.types("/topic") == ["-> #dev has no topic. /topic TEXT sets one."]
    alice.types("/topic tea at four")
    (shown,) = alice.types("/topic")
    assert re.fullmatch(r"-> Topic of #dev: tea at four \(set by alice, 2023-11-14 12:00\)", shown)


def test_bans(harness: Harness) -> None:
    alice = in_room(harness)
    assert alice.types("/bans") == ["-> Nobody is banned there."]
    alice.types("/ban troll")
    assert alice.types("/bans") == ["-> troll!*@* (by alice, 2023-11-14 12:00)"]
    assert alice.types("/unban troll") == ["*** alice unbanned troll."]


def test_refusals_in_words(harness: Harness) -> None:
    op, alice = in_room(harness, "op"), in_room(harness)
    op.hears()
    for typed, shown in (
        ("/kick op", "Only operators of #dev may do that. /names shows them with an @."),
        ("/nick 9bad", "9bad cannot be your name: Erroneous nickname."),
        ("/nick op", "op is in use."),
        ("/invite nosuch", "nosuch is not here."),
        ("/invite op", "op is in #dev already."),
        ("/oper root pw", "Wrong name or password."),
        ("/join #a,b", "One room at a time"),
        ("/history #never", "There is nothing for you to read"),
    ):
        (line,) = alice.types(typed)
        assert line.startswith(f"-> {shown}"), typed
    assert op.types("/op nosuch") == ["-> nosuch is not here."]


def test_a_locked_room(harness: Harness) -> None:
    op, alice = in_room(harness, "op"), Talker(harness)
    op.server.types("MODE #dev +k sesame")
    assert alice.types("/join #dev") == ["-> #dev is locked: /join #dev KEY"]
    assert alice.state.current == ""
    assert alice.types("/join #dev sesame") == ["-> You are in #dev (2 here: alice, @op)"]


def test_what_is_no_refusal() -> None:
    for line in (":s 001 a :hi", ":s 422 a :No motd", ":b PRIVMSG a :x", "PING", ":s 366 a #d :x"):
        assert reason_of(parse(line)) == ""
    assert reason_of(parse(":s 499 a #x y :Odd thing")) == "#x y Odd thing"
    assert reason_of(parse(":s 441 a")) == " is not in ."
