"""Addresses are for operators: nothing that anybody else is sent has one, whatever they ask for."""

from __future__ import annotations

import pytest

from geventchat.chat import commands
from geventchat.chat.events import Identity
from geventchat.dialects.human.help import COMMANDS as HUMAN
from geventchat.dialects.irc.capabilities import CAPABILITIES
from geventchat.dialects.irc.help import COMMANDS as IRC
from geventchat.dialects.irc.syntax import parse
from geventchat.errors import CloseReason
from tests.harness import HOST, Harness, HumanClient, IrcClient

HOME, AWAY = "203.0.113.77", "198.51.100.4"
# What a command may be given; none says the address itself, which would come back.
WORDS = "bo", "bob", "#a", "#lobby", "*", "203.*", "!~bo@*", "#a bo", "bo #a", "#a b", "* %tcuihsn"
ENDING = {"QUIT", "OPER"}  # Wrong passwords end it too.
ASKED = [
    *(f"{verb} {words}" for verb in sorted(IRC.keys() - ENDING) for words in ("", *WORDS)),
    *("WHO bo %tcuihsnfdlaor,7", "MONITOR + bo,bob", "MONITOR S", "CHATHISTORY LATEST #a * 50"),
    *("MODE #own +b bo!*@*", "MODE #own +b", "JOIN #own,#lobby", "PRIVMSG bo :who are you?"),
]
TYPED = [
    *(f"/{word.name} {words}" for word in HUMAN if word.name != "quit" for words in ("", *WORDS)),
    *("/history 50", "/join #own", "/ban bo", "/bans", "/msg bo who are you?"),
]


class Street:
    """bo and bob live in one house; others hear of them."""

    def __init__(self) -> None:
        self.harness = Harness(
            name="irc.test", cloak_hosts=True, oper_name="root", oper_password="pw"
        )
        self.harness.address = HOME
        self.bo, self.bob = self.harness.irc("bo"), self.harness.human("bob")
        self.bo.types("JOIN #a", "TOPIC #a :tea", "JOIN #lobby", "MODE #a +b x!*@*")
        self.bob.types("/join #a")
        self.harness.address = AWAY

    @property
    def cloak(self) -> str:
        return self.harness.host(HOME)

    def live(self) -> None:
        """Do all that others may hear of."""
        bo, bob = self.bo, self.bob
        bo.types("PRIVMSG #a :one", "NOTICE #a :two", "PRIVMSG ed :psst", "JOIN #b", "INVITE ed #b")
        bo.types("TOPIC #a :cake", "MODE #a +v bob", "MODE #a +b y", "AWAY :tea", "SETNAME :Bo Bo")
        bob.types("hello", "/me waves", "/msg eve psst", "/topic tea", "/pin tea", "/away", "/back")
        bob.types("/nick rob", "/nick bob", "/part #a why", "/join #a")
        bo.types("PART #a", "JOIN #a", "NICK boo", "NICK bo")


@pytest.fixture
def street() -> Street:
    return Street()


@pytest.mark.parametrize("caps", [CAPABILITIES, ()])
@pytest.mark.parametrize("rooms", ["#own", "#a,#lobby"])
def test_no_program_is_sent_the_address_of_another(
    street: Street, rooms: str, caps: tuple[str, ...]
) -> None:
    ed = street.harness.irc("ed", *caps)
    heard = ed.types("MONITOR + bo,bob,rob,boo", f"JOIN {rooms}")
    for line in ASKED:
        heard += ed.types(line)
    heard += ed.types("PART #a,#lobby", f"JOIN {rooms}", "MONITOR + bo,bob,rob,boo")
    street.live()
    heard += ed.types("JOIN #a,#lobby")
    street.bo.leaves("Quit")
    street.bob.leaves("Quit")
    heard += ed.hears()
    for line in (*ASKED, "WHOWAS bo", "WHOWAS bob"):
        heard += ed.types(line)
    assert [line for line in heard if HOME in line] == []
    shown = {parse(line).verb for line in heard if street.cloak in line}
    assert {"311", "314", "302", "352", "730", "PRIVMSG", "INVITE", "QUIT"} <= shown
    assert ("JOIN" in shown) is (rooms != "#own")
    assert any("354" in line and " 255.255.255.255 " in line for line in heard)


@pytest.mark.parametrize("room", ["#lobby", "#a"])
def test_nobody_at_a_terminal_is_sent_the_address_of_another(street: Street, room: str) -> None:
    eve = street.harness.human("eve")
    heard = eve.types(f"/join {room}")
    for line in TYPED:
        heard += eve.types(line)
    heard += eve.types("/join #a", "/join #lobby")
    street.live()
    heard += eve.hears()
    street.bo.leaves("Quit")
    street.bob.leaves("Quit")
    for line in TYPED:
        heard += eve.types(line)
    assert len(heard) > 300
    assert [line for line in heard if HOME in line] == []


def test_ones_own_is_shown_and_only_where_it_is_asked_for(street: Street) -> None:
    registered = street.harness.irc("ed")
    welcome = IrcClient(street.harness)
    first = welcome.registers("al")[0]
    own = street.harness.host(AWAY)
    assert first == f":irc.test 001 al :Welcome to irc.test, al!~al@{own}"
    assert f":irc.test 338 ed ed {AWAY} :is connecting from" in registered.types("WHOIS ed")
    assert f":irc.test 354 ed {AWAY} {own}" in registered.types("WHO ed %ih")
    assert registered.types("USERHOST ed") == [f":irc.test 302 ed ed=+~ed@{own}"]
    registered.types("QUIT")
    end = registered.line.taken + registered.driver.finish(registered.end)
    assert f"ERROR :Closing Link: {own} (Quit)".encode() in end
    eve = street.harness.human("eve")
    assert f"-> eve comes from {AWAY}" in eve.types("/whois eve")


def test_a_rooms_operator_at_a_terminal_can_ban_by_what_is_shown(street: Street) -> None:
    harness = street.harness
    eve = harness.human("eve")
    eve.types("/join #dev")
    shown = f"-> bob comes from {street.cloak}"
    assert shown in eve.types("/whois bob")
    bob = next(one for one in harness.clients if one.session.nick == "bob")
    bob.types("/join #dev")
    assert eve.types(f"/ban {street.cloak}")[1:] == [
        f"*** eve banned everybody from {street.cloak}.",
        "*** bob was kicked by eve: banned",
    ]


def test_no_ban_tells_the_address_of_who_stays(street: Street) -> None:
    """Else whoever makes somebody an operator could halve what is left with each ban."""
    harness = street.harness
    eve = harness.human("eve")
    bob = next(one for one in harness.clients if one.session.nick == "bob")
    eve.types("/join #dev")
    bob.types("/join #dev")
    eve.types("/op bob")
    for wrong, right in (("198.18.0.0/15", f"{HOME}/32"), ("198.18.0.1", HOME)):
        told = [eve.types(f"/ban {mask}") for mask in (wrong, right)]
        assert told[0] == [line.replace(right, wrong) for line in told[1]]
    assert eve.types(f"/ban {street.cloak}")[-1].endswith("bob stayed.")
    harness.proposals.handle(eve.session, commands.SetUserModes("+o"))
    harness.settle()
    assert eve.types(f"/ban {HOME}")[-1].endswith("bob stayed.")


def test_operators_of_the_server_see_them(street: Street) -> None:
    op, eve = street.harness.irc("op"), street.harness.human("eve")
    assert not any(" 352 " in line for line in op.types(f"WHO {HOME[:-1]}*"))
    op.types("OPER root pw")
    assert f":irc.test 338 op bo {HOME} :is connecting from" in op.types("WHOIS bo")
    assert f":irc.test 354 op {HOME} {street.cloak}" in op.types("WHO bo %ih")
    assert sum(" 352 " in line for line in op.types(f"WHO {HOME[:-1]}*")) == 2
    street.bo.leaves()
    assert f":irc.test 338 op bo {HOME} :was connecting from" in op.types("WHOWAS bo")
    street.harness.proposals.handle(eve.session, commands.SetUserModes("+o"))
    street.harness.settle()
    assert f"-> bob comes from {HOME}" in eve.types("/whois bob")
    op.types("KILL bob")
    assert street.harness.recorded[-1] == f"{AWAY}: op ended the session of bob, {HOME}"


def test_whoever_is_let_in_by_addresses_shows_them() -> None:
    harness = Harness(name="irc.test", cloak_hosts=False)
    al = harness.irc("al")
    harness.irc("bo")
    assert al.types("WHO bo %ih")[0] == ":irc.test 354 al 192.0.2.7 192.0.2.7"
    assert not any(" 338 " in line for line in al.types("WHOIS bo")), "nor is it said twice"


@pytest.mark.parametrize(
    ("mask", "near"),
    [
        ("{cloak}", False),
        ("*!*@{cloak}", False),
        ("*!*@*.{block}", True),
        (HOME, False),
        ("*!*@203.0.113.*", True),
        ("203.0.113.0/24", True),
        ("203.0.113.76/31", False),
    ],
)
def test_bans_hold_by_cloak_and_by_address(street: Street, mask: str, near: bool) -> None:
    """`near` says that the ban is meant for the neighbours, too."""
    cloak = street.cloak
    eve = street.harness.human("eve")
    eve.types("/join #own", f"/ban {mask.format(cloak=cloak, block=cloak.partition('.')[2])}")
    street.harness.address = "203.0.113.9"
    neighbour = street.harness.human("nina")
    street.harness.address = HOME
    newcomer = street.harness.human("neil")
    banned = "-> You are banned from #own."
    for one, hit in ((street.bob, True), (newcomer, True), (neighbour, near)):
        assert (banned in one.types("/join #own")) is hit
    assert any(" 474 " in line for line in street.bo.types("JOIN #own"))
    street.harness.address = "192.0.2.9"
    stranger: HumanClient = street.harness.human("stan")
    assert banned not in stranger.types("/join #own")


def test_wrong_passwords_are_counted_and_told_of_by_address() -> None:
    harness = Harness(cloak_hosts=True, password="sesame", oper_name="root", oper_password="pw")
    tess, op = HumanClient(harness), IrcClient(harness)
    tess.end = tess.driver.opened()
    tess.receives()
    op.come_in()
    op.types("PASS sesame", "NICK op", "USER op 0 * :Op")
    harness.blocked.add(HOST)  # From now on none is right that comes from there.
    late = IrcClient(harness)
    late.come_in()
    late.types("PASS sesame", "NICK late", "USER late 0 * :Late")
    assert b"-> Wrong password." in tess.answer_to(b"sesame\r\n")
    assert op.types("OPER root pw") == []
    assert op.end is not None and op.end.reason is CloseReason.WRONG_PASSWORD
    wrong = f"{HOST}: wrong password of the server"
    blocked = f"{HOST}: op may not OPER for now: too many wrong passwords from that address"
    assert harness.recorded == [wrong, wrong, blocked]


def test_whowas_shows_no_address_of_a_run_without_cloaks(street: Street) -> None:
    was = Identity(99, "zoe", "u", HOME, address=HOME)
    street.harness.state.whowas.append((was, street.harness.clock))
    ed = street.harness.irc("ed")
    assert HOME not in str(ed.types("WHOWAS zoe"))
    ed.types("OPER root pw")
    assert HOME in str(ed.types("WHOWAS zoe"))
