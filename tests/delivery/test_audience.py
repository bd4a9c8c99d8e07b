"""Who hears of an event, and how its author does."""

from __future__ import annotations

import pytest

from geventchat.chat import events
from geventchat.chat.apply import KINDS
from geventchat.chat.events import Entry, Identity, Said
from geventchat.chat.rooms import Membership, Room
from geventchat.chat.sessions import Session
from geventchat.config import Config
from geventchat.delivery.audience import Audience
from geventchat.delivery.hearing import AUTHOR_HEARS, DEVICES_HEAR_APART, Hears
from geventchat.dialects.human import encoder as human
from geventchat.dialects.irc import encoder as irc
from tests.harness import Harness, HumanClient


def test_the_table_names_kinds_that_there_are() -> None:
    assert set(AUTHOR_HEARS) | DEVICES_HEAR_APART <= set(KINDS)


def test_every_kind_has_its_lines_or_is_said_to_have_none() -> None:
    """A kind that is missing here would be silence for everybody."""
    assert set(human.LINES) | human.NOT_SHOWN == set(KINDS)
    assert set(human.LINES) & human.NOT_SHOWN == set()
    assert set(irc.TARGETS) | set(irc.WRITERS) | irc.NOT_SHOWN == set(KINDS)
    assert set(irc.TARGETS) & set(irc.WRITERS) == set()


ECHO = ("echo-message", "message-tags", "labeled-response", "batch", "draft/message-redaction")


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("PRIVMSG #a :x", ":al!~al@192.0.2.7 PRIVMSG #a :x"),
        ("PRIVMSG @#a :x", ":al!~al@192.0.2.7 PRIVMSG @#a :x"),
        ("PRIVMSG bo :x", ":al!~al@192.0.2.7 PRIVMSG bo :x"),
        ("@+x=1 TAGMSG #a", ":al!~al@192.0.2.7 TAGMSG #a"),
        ("@+x=1 TAGMSG bo", ":al!~al@192.0.2.7 TAGMSG bo"),
        ("TOPIC #a :x", ":al!~al@192.0.2.7 TOPIC #a :x"),
        ("MODE #a +m", ":al!~al@192.0.2.7 MODE #a +m"),
        ("NICK cy", ":al!~al@192.0.2.7 NICK cy"),
        ("KICK #a bo", ":al!~al@192.0.2.7 KICK #a bo :al"),
        ("PART #a", ":al!~al@192.0.2.7 PART #a"),
        ("MODE al +i", ":al!~al@192.0.2.7 MODE al +i"),
    ],
)
@pytest.mark.parametrize("label", ["", "label=q;"])
def test_an_author_that_wants_echoes_hears_of_its_own_once(
    typed: str, heard: str, label: str
) -> None:
    harness = Harness(name="irc.test")
    al, bo = harness.irc("al", *ECHO), harness.irc("bo")
    al.types("JOIN #a")
    bo.types("JOIN #a")
    al.hears()
    if label:
        typed = f"@{label}{typed[1:]}" if typed[0] == "@" else f"@{label} {typed}"
    heard_lines = al.types(typed)
    assert [line.partition(" ")[2] if line[0] == "@" else line for line in heard_lines] == [heard]


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("AWAY :x", [":irc.test 306 al :You have been marked as being away"]),
        ("INVITE bo #a", [":irc.test 341 al bo #a"]),
        ("PRIVMSG #a :x", []),
    ],
)
def test_what_is_answered_otherwise_is_not_echoed(typed: str, heard: list[str]) -> None:
    harness = Harness(name="irc.test")
    al = harness.irc("al", "away-notify", "invite-notify")
    harness.irc("bo")
    al.types("JOIN #a")
    assert al.types(typed) == heard


def test_what_one_tells_oneself_is_heard_as_echo_and_as_message(harness: Harness) -> None:
    al = harness.irc("al", "echo-message")
    line = ":al!~al@192.0.2.7 PRIVMSG al :x"
    assert al.types("PRIVMSG al :x") == [line, line]
    assert harness.irc("bo").types("PRIVMSG bo :x") == [":bo!~bo@192.0.2.7 PRIVMSG bo :x"]
    person = harness.human("cy")
    assert person.types("/msg cy x") == ["-> [PM to cy] x", "[12:00] [PM from cy] x"]


def test_a_line_said_into_a_room_from_outside_is_echoed_once() -> None:
    harness = Harness(name="irc.test")
    al, bo, cy = harness.irc("al", *ECHO), harness.irc("bo"), harness.irc("cy")
    bo.types("JOIN #a", "MODE #a -n")
    line = ":al!~al@192.0.2.7 PRIVMSG #a :x"
    assert [line.partition(" ")[2] for line in al.types("PRIVMSG #a :x")] == [line]
    assert bo.hears()[-1] == line
    assert cy.types("PRIVMSG #a :y") == []  # It asked for no echoes.
    assert bo.hears() == [":cy!~cy@192.0.2.7 PRIVMSG #a :y"]


def test_who_is_away_in_no_room_hears_of_it(harness: Harness) -> None:
    alice = harness.human("alice")
    alice.types("/part")
    assert alice.types("/away tea", "/back") == ["*** alice is away: tea", "*** alice is back."]


def test_a_nick_in_no_room_is_heard_once(harness: Harness) -> None:
    alice = harness.human("alice")
    alice.types("/part")
    assert alice.types("/nick al") == ["*** alice is now known as al."]


def test_the_largest_rooms_do_not_hear_of_joins() -> None:
    harness = Harness(join_lines_max_members=2)
    alice, _, carol = harness.human("alice"), harness.human("bob"), harness.human("carol")
    carol.types("/part")
    dave = HumanClient(harness)
    dave.come_in()
    dave.types("/nick dave")
    dave.types("/nick david")
    assert alice.hears() == ["*** carol left #lobby.", "*** dave is now known as david."]


def test_at_the_boundary_leaving_is_still_shown() -> None:
    harness = Harness(join_lines_max_members=2)
    alice, _, carol = harness.human("alice"), harness.human("bob"), harness.human("carol")
    carol.leaves("tired")
    assert alice.hears() == ["*** carol left (tired)."]


def test_wallops_reach_those_who_listen() -> None:
    harness = Harness(name="irc.test", oper_name="root", oper_password="pw")
    oper, al, bo = harness.irc("op"), harness.irc("al"), harness.irc("bo")
    al.types("MODE al +w")
    oper.types("OPER root pw", "WALLOPS :hear")
    assert al.hears() == [":op!~op@192.0.2.7 WALLOPS :hear"]
    assert bo.hears() == []


def test_sessions_elsewhere_have_no_outbox_and_cost_none() -> None:
    audience = Audience(Config())
    room = Room("#a", "#a")
    there = Session(Identity(7, "al", "u", "h"), "irc")
    entry = Entry(1, 0, events.Joined(there.identity, "#a"))
    room.members[7] = Membership(there)
    audience.joined(room, there, entry)
    audience.to(there, entry)
    audience.to_author(there, entry)
    audience.to_room(room, Entry(2, 0, Said(there.identity, "#a", "x")))
    audience.parted(room, there, Entry(3, 0, events.Parted(there.identity, "#a", "")))
    audience.departed(there, [], Entry(4, 0, events.Left(there.identity, "")))
    assert [entry.number for entry in audience.feeds["#a"].log.entries] == [1, 2, 3]
    assert audience.feeds["#a"].subscriptions == audience.outboxes == {}


def test_whoever_has_gone_leaves_nothing_behind(harness: Harness) -> None:
    al = harness.irc("al")
    al.types("MONITOR + bo,cy", "JOIN #a")
    al.end = al.driver.received(b"QUIT\r\n")
    assert al.end is not None
    al.driver.finish(al.end)
    audience = harness.audience
    watching = audience._watching
    assert (audience.outboxes, watching._watchers, watching._watched) == ({}, {}, {})
    assert audience.feeds == audience._prepared == {}


def test_a_refused_join_keeps_no_history(harness: Harness) -> None:
    al, bo = harness.irc("al"), harness.irc("bo")
    al.types("JOIN #a", "MODE #a +i")
    assert bo.types("JOIN #a")[0].split(" ")[1] == "473"
    assert harness.audience._prepared == {}


def test_every_way_of_hearing_is_used() -> None:
    assert set(AUTHOR_HEARS.values()) | {Hears.ALWAYS} == set(Hears)
