"""MONITOR: watching for people, and no longer; how many; who is told of what."""

from __future__ import annotations

import pytest

from tests.dialects.irc.logins import authenticate, register
from tests.harness import HOST, Harness, IrcClient

IRC = ":irc.test"


@pytest.fixture
def al() -> IrcClient:
    harness = Harness(name="irc.test", watching_max=3)
    harness.irc("bo")
    return harness.irc("al")


def test_whom_one_watches(al: IrcClient) -> None:
    assert al.types("MONITOR + bo,cy,not!a!nick,bo") == [
        f"{IRC} 730 al bo!~bo@192.0.2.7,bo!~bo@192.0.2.7",
        f"{IRC} 731 al cy",
    ]
    assert al.types("MONITOR L") == [f"{IRC} 732 al bo,cy", f"{IRC} 733 al :End of MONITOR list"]
    assert al.types("MONITOR S") == [f"{IRC} 730 al bo!~bo@192.0.2.7", f"{IRC} 731 al cy"]
    assert al.types("MONITOR - CY,nobody") == []
    assert al.types("MONITOR L")[0] == f"{IRC} 732 al bo"
    assert al.types("MONITOR c") == []
    assert al.types("MONITOR L") == [f"{IRC} 733 al :End of MONITOR list"]
    assert al.types("MONITOR S", "MONITOR X", "MONITOR") == [
        f"{IRC} 461 al MONITOR :Not enough parameters"
    ]


@pytest.mark.parametrize("end", ["MONITOR - bo,BO", "MONITOR C", "MONITOR - bo,cy"])
def test_news_of_who_is_watched_end_with_it(end: str) -> None:
    harness = Harness(name="irc.test")
    al, bo = harness.irc("al", "extended-monitor", "away-notify", "setname"), harness.irc("bo")
    al.types("MONITOR + bo")
    bo.types("AWAY :x", "SETNAME :Bob")
    assert len(al.hears()) == 2
    al.types(end)
    bo.types("AWAY :y", "SETNAME :Bo")
    assert al.hears() == []


def test_there_is_a_limit(al: IrcClient) -> None:
    told = al.types("MONITOR + a,b,c,d,bo,A")
    assert told == [f"{IRC} 731 al a,b,c,A", f"{IRC} 734 al 3 d,bo :Monitor list is full"]
    al.types("MONITOR - b")
    assert al.types("MONITOR + d") == [f"{IRC} 731 al d"]


def test_who_is_watched_no_longer_is_not_told_of(al: IrcClient) -> None:
    al.types("MONITOR + cy,di,ed")
    harness = al.harness
    cy = harness.irc("cy")
    assert al.hears() == [f"{IRC} 730 al cy!~cy@192.0.2.7"]
    cy.types("NICK di")  # From one that is watched to another.
    assert al.hears() == [f"{IRC} 731 al cy", f"{IRC} 730 al di!~cy@192.0.2.7"]
    cy.types("NICK fay")
    assert al.hears() == [f"{IRC} 731 al di"]
    al.types("MONITOR - di")
    cy.types("NICK di")
    assert al.hears() == []
    cy.leaves()
    assert al.hears() == []
    ed = harness.irc("ed")
    al.hears()
    ed.leaves()
    assert al.hears() == [f"{IRC} 731 al ed"]
    al.types("MONITOR C")
    harness.irc("ed")
    assert al.hears() == []


@pytest.mark.parametrize("caps", [(), ("account-notify",), ("extended-monitor",)])
def test_accounts_of_those_watched_need_both_capabilities(caps: tuple[str, ...]) -> None:
    harness = Harness()
    register(harness, "Anna")
    watcher, both = (
        harness.irc("al", *caps),
        harness.irc("bo", "account-notify", "extended-monitor"),
    )
    for one in (watcher, both):
        one.types("MONITOR + cara")
    cara = harness.irc("cara", "sasl")
    for one in (watcher, both):
        one.hears()
    authenticate(cara, "anna")
    assert watcher.hears() == []
    assert both.hears() == [f":cara!~cara@{HOST} ACCOUNT Anna"]
    both.types("CAP REQ -extended-monitor")
    cara.types("NS LOGOUT")
    assert both.hears() == []
