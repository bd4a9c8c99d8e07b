"""ChanServ: ranks for good, in rooms that are owned."""

from __future__ import annotations

import pytest

from tests.dialects.irc.logins import logged_in, numerics, register
from tests.harness import Harness, IrcClient

START = ":ChanServ!ChanServ@irc.test NOTICE anna :"


@pytest.fixture
def harness() -> Harness:
    harness = Harness(name="irc.test")
    register(harness, "anna", "bob")
    return harness


@pytest.fixture
def anna(harness: Harness) -> IrcClient:
    client = logged_in(harness, "anna")
    client.types("JOIN #own")
    return client


def told(client: IrcClient, words: str) -> list[str]:
    lines = client.types(f"PRIVMSG ChanServ :{words}")
    return [line.removeprefix(START) for line in lines if line.startswith(START)]


def test_ranks_for_good(harness: Harness, anna: IrcClient) -> None:
    assert told(anna, "OP #own bob") == ["bob is an operator of #own for good."]
    assert told(anna, "INFO #own") == ["#own is anna's. Ranks: bob (+o)."]
    bob = logged_in(harness, "bob")
    assert ":irc.test 353 bob = #own :@anna @bob" in bob.types("JOIN #own", "NAMES #own")
    assert told(anna, "revoke #own bob") == ["bob has no rank in #own any more."]
    assert told(anna, "VOICE #own bob") == ["bob has voice in #own for good."]
    assert told(anna, "TRANSFER #own bob") == ["#own is bob's now."]
    assert told(anna, "INFO #own") == ["#own is bob's. Ranks: anna (+o)."]


def test_giving_a_room_up(anna: IrcClient) -> None:
    assert told(anna, "DROP #own") == ["#own is nobody's now."]
    assert told(anna, "INFO #own") == ["#own is nobody's: it is gone with its last member."]


def test_who_may_not(harness: Harness, anna: IrcClient) -> None:
    bob = logged_in(harness, "bob")
    bob.types("JOIN #own")
    for words in ("OP #own bob", "DROP #own", "OP #none bob"):
        lines = bob.types(f"PRIVMSG ChanServ :{words}")
        assert numerics(lines) in (["NOTICE"], ["403"]) and "ChanServ!" not in lines[0]
    assert harness.state.rooms["#own"].owner == "anna"
    anna.hears()
    assert told(anna, "OP #own nobody") == []
    assert told(anna, "INFO #elsewhere") == ["You are not in #elsewhere."]


def test_it_is_nobody(harness: Harness, anna: IrcClient) -> None:
    assert numerics(anna.types("WHOIS ChanServ")) == ["401", "318"]
    assert anna.types("NOTICE ChanServ :OP #own bob") == []
    assert len(told(anna, "hello")) == len(told(anna, "OP #own")) == 5
    echoing = harness.irc("cara", "echo-message")
    heard = echoing.types("PRIVMSG ChanServ@irc.test :HELP")
    assert heard[0].endswith("PRIVMSG ChanServ :HELP")


def test_who_owns_too_many_is_given_no_more() -> None:
    harness = Harness(rooms_per_account=1, name="irc.test")
    register(harness, "anna", "bob")
    anna, bob = logged_in(harness, "anna"), logged_in(harness, "bob")
    anna.types("JOIN #own")
    bob.types("JOIN #bobs")
    lines = anna.types("PRIVMSG ChanServ :TRANSFER #own bob")
    assert lines == [":irc.test NOTICE anna :They own too many channels"]
    assert harness.state.rooms["#own"].owner == "anna"
