"""Slash commands about people: one's own name and whereabouts, and those of others."""

from __future__ import annotations

from tests.harness import Harness, HumanClient

MINUTE = 60_000
HOUR = 60 * MINUTE


def test_nick(alice: HumanClient, bob: HumanClient) -> None:
    assert alice.types("/nick Al") == ["*** alice is now known as Al."]
    assert bob.hears() == ["*** alice is now known as Al."]
    alice.harness.clock += 3 * MINUTE
    assert alice.types("/nick BOB") == ["-> bob is in use (online 3m)."]
    assert alice.types("/nick 7up") == ["-> 7up cannot be a name: it begins with a digit."]
    assert alice.types("/nick \x9b[2J") == ["*** Al is now known as [2J."]
    assert alice.types("/nick") == ["-> Usage: /nick NAME"]
    assert bob.hears() == ["*** Al is now known as [2J."]


def test_names_who_whois(alice: HumanClient, bob: HumanClient) -> None:
    alice.types("/join #dev")
    bob.types("/away lunch")
    alice.hears()
    alice.harness.clock += 2 * HOUR
    assert alice.types("/names") == ["-> 1 in #dev: @alice"]
    assert alice.types("/names #LOBBY") == ["-> 2 in #lobby: alice, bob"]
    assert alice.types("/names #tea") == ["-> There is no room #tea."]
    assert alice.types("/who") == [
        "-> nick   rooms        on for  idle  via     away",
        "-> alice  #lobby,#dev  2h      2h    telnet",
        "-> bob    #lobby       2h      2h    telnet  lunch",
        "-> 2 users online.",
    ]
    assert alice.types("/whois Bob") == [
        "-> bob is in #lobby",
        "-> bob is at a terminal",
        "-> bob has been here for 2h",
        "-> bob has been idle for 2h",
        "-> bob is away: lunch",
    ]
    assert alice.types("/whois carol") == [
        "-> carol is not here. /seen carol tells when they were."
    ]


def test_seen(alice: HumanClient, bob: HumanClient) -> None:
    assert alice.types("/seen bob") == ["-> bob is here now, in #lobby (idle 0s)."]
    bob.leaves("tired")
    assert alice.hears() == ["*** bob left (tired)."]
    alice.harness.clock += 2 * HOUR
    assert alice.types("/seen BOB") == ["-> bob was last here 2h ago in #lobby."]
    assert alice.types("/seen zoe") == ["-> zoe has never been here."]


def test_away_and_back(alice: HumanClient, bob: HumanClient) -> None:
    assert alice.types("/back") == ["-> You are not away."]
    assert alice.types("/away") == ["*** alice is away."]
    assert alice.types("/away at lunch") == ["*** alice is away: at lunch"]
    assert alice.types("/back") == ["*** alice is back."]
    assert bob.hears() == [
        "*** alice is away.",
        "*** alice is away: at lunch",
        "*** alice is back.",
    ]


def test_the_name_one_has_already() -> None:
    harness = Harness()
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.hears()
    assert alice.types("/nick alice") == ["-> You are alice already."]
    assert bob.hears() == []


def test_who_is_away_without_a_reason_is_just_away(alice: HumanClient, bob: HumanClient) -> None:
    bob.types("/away")
    assert alice.hears() == ["*** bob is away."]
    assert alice.types("/msg bob hi") == ["-> [PM to bob] hi", "-> (away)"]
    assert alice.types("/whois bob")[-1] == "-> bob is away."


def test_rooms_are_listed_as_a_sentence_has_them(alice: HumanClient, bob: HumanClient) -> None:
    bob.types("/join #dev")
    alice.hears()
    assert alice.types("/seen bob") == ["-> bob is here now, in #lobby, #dev (idle 0s)."]
    assert alice.types("/whois bob")[0] == "-> bob is in #lobby, #dev"
    assert alice.types("/names dev") == ["-> 1 in #dev: @bob"]
    assert alice.types("/names tea") == ["-> There is no room #tea."]
