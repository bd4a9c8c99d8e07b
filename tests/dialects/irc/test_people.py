"""Who people are, word for word: WHOIS, WHOWAS, WHO, USERHOST, ISON; and who hears WALLOPS."""

from __future__ import annotations

import pytest

from tests.harness import NOON, Harness, IrcClient

IRC = ":irc.test"
BO = "bo ~bo 192.0.2.7"


@pytest.fixture
def two() -> tuple[IrcClient, IrcClient]:
    """Somebody who asks, and somebody who has been here for a minute."""
    harness = Harness(name="irc.test", oper_name="root", oper_password="pw")
    bo = harness.irc("bo")
    bo.types("JOIN #a", "JOIN #b")
    harness.clock += 60_000
    return harness.irc("al"), bo


def test_whois_tells_all_there_is(two: tuple[IrcClient, IrcClient]) -> None:
    al, bo = two
    bo.types("AWAY :lunch", "MODE bo +B", "OPER root pw")
    al.types("JOIN #b", "MODE #b +s")
    assert al.types("WHOIS bo") == [
        f"{IRC} 311 al {BO} * :Bo Realname",
        f"{IRC} 319 al bo :@#a @#b",
        f"{IRC} 312 al bo irc.test :a chat room for everyone",
        f"{IRC} 301 al bo lunch",
        f"{IRC} 313 al bo :is an IRC operator",
        f"{IRC} 335 al bo :is a bot",
        f"{IRC} 317 al bo 60 {NOON // 1000} :seconds idle, signon time",
        f"{IRC} 318 al bo :End of /WHOIS list",
    ]
    # One's own address is one's own business, and the server's operators'.
    assert f"{IRC} 338 al al 192.0.2.7 :is connecting from" in al.types("WHOIS al")
    assert f"{IRC} 338 bo al 192.0.2.7 :is connecting from" in bo.types("WHOIS al")


def test_whois_of_a_person_says_how_they_came(two: tuple[IrcClient, IrcClient]) -> None:
    al, _ = two
    al.harness.human("tess")
    assert al.types("WHOIS irc.test tess")[0].endswith(
        " tess ~telnet 192.0.2.7 * :comes via telnet"
    )


def test_whowas_tells_the_latest_first(two: tuple[IrcClient, IrcClient]) -> None:
    al, bo = two
    bo.types("NICK cy", "NICK bo", "NICK cy")
    assert [line.split(" ")[1] for line in al.types("WHOWAS bo")] == [
        "314",
        "312",
        "314",
        "312",
        "369",
    ]
    assert [line.split(" ")[1] for line in al.types("WHOWAS bo 1")] == ["314", "312", "369"]
    assert al.types("WHOWAS bo")[0] == f"{IRC} 314 al {BO} * :Bo Realname"


def test_userhost_and_ison(two: tuple[IrcClient, IrcClient]) -> None:
    al, bo = two
    assert al.types("USERHOST bo nobody al") == [
        f"{IRC} 302 al :bo=+~bo@192.0.2.7 al=+~al@192.0.2.7"
    ]
    bo.types("AWAY :x", "OPER root pw")
    assert al.types("USERHOST bo") == [f"{IRC} 302 al bo*=-~bo@192.0.2.7"]
    assert al.types("ISON BO nobody al") == [f"{IRC} 303 al :bo al"]
    assert al.types("ISON nobody") == [f"{IRC} 303 al :"]


def test_who(two: tuple[IrcClient, IrcClient]) -> None:
    al, bo = two
    bo.types("MODE bo +B", "AWAY :x")
    told = f"{IRC} 352 al #a ~bo 192.0.2.7 irc.test bo G@B :0 Bo Realname"
    assert al.types("WHO #a") == [told, f"{IRC} 315 al #a :End of WHO list"]
    assert al.types("WHO bo %tnuhf,42") == [
        f"{IRC} 354 al 42 ~bo 192.0.2.7 bo GB",
        f"{IRC} 315 al bo :End of WHO list",
    ]
    assert al.types("WHO *") == [*al.types("WHO 0")[:-1], f"{IRC} 315 al * :End of WHO list"]
    assert al.types("WHO") == al.types("WHO *")
    assert al.types("WHO * o") == [f"{IRC} 315 al * :End of WHO list"]
    bo.types("OPER root pw")
    assert len(al.types("WHO * o")) == 2


def test_a_word_to_all_is_heard_by_those_who_listen(two: tuple[IrcClient, IrcClient]) -> None:
    al, bo = two
    cy = al.harness.irc("cy")
    cy.types("MODE cy +w")
    bo.types("OPER root pw", "WALLOPS :the roof is on fire")
    assert cy.hears() == [":bo!~bo@192.0.2.7 WALLOPS :the roof is on fire"]
    assert al.hears() == []


def test_what_only_operators_are_told(two: tuple[IrcClient, IrcClient]) -> None:
    al, bo = two
    al.types("JOIN #s", "MODE #s +s", "JOIN #i", "MODE al +i")
    assert not any("#s" in line for line in bo.types("LIST"))
    assert bo.types("STATS u") == [
        f"{IRC} 242 bo :Server Up 0 days 0:01:00",
        f"{IRC} 219 bo u :End of /STATS report",
    ]
    assert bo.types("STATS o")[0] == f"{IRC} 243 bo O * * root"
    assert bo.types("WHO a?") == [f"{IRC} 315 bo a? :End of WHO list"]
    bo.types("OPER root pw")
    assert any("#s" in line for line in bo.types("LIST"))
    assert len(bo.types("WHO a?")) == 2
    al.harness.reloaded = "reloaded: 1 setting changed"
    assert bo.types("REHASH") == [
        f"{IRC} 382 bo settings Rehashing",
        f"{IRC} NOTICE bo :*** reloaded: 1 setting changed",
    ]
