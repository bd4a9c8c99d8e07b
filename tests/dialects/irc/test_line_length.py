"""Whatever is asked, by and of those with the longest names: no line is too long, none is cut."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geventchat.chat import events
from geventchat.chat.events import Event
from geventchat.chat.text import truncate
from geventchat.dialects.base import Dialect
from geventchat.dialects.irc.capabilities import CAPABILITIES
from geventchat.dialects.irc.dialect import IrcDialect
from geventchat.dialects.irc.help import COMMANDS
from geventchat.dialects.irc.syntax import parse
from tests.harness import Harness, IrcClient

SERVER = "s" * 63
HOST = "h" * 64
SERVICES = ((SERVER, "server"), ("NickServ", "NickServ"), ("ChanServ", "ChanServ"))
ROOM, OTHER = "#" + "r" * 63, "#" + "é" * 31
AL, BO = "al" + "x" * 28, "bo" + "x" * 28
# Those whose answer is the connection's end, or nobody's but the harness's.
ENDING = {"QUIT", "KILL", "CAP", "NICK", "USER", "PASS", "OPER"}
VERBS = [*sorted({*COMMANDS} - ENDING), "NONSENSE" * 40]


class LongClient(IrcClient):
    """A client with the longest names there are."""

    def _dialect(self, via: str) -> Dialect:
        harness = self.harness
        return IrcDialect(harness.proposals, harness.audience, harness.now, HOST, HOST)

    def registers(self, nick: str) -> list[str]:
        self.come_in()
        heard = self.types(f"CAP REQ :{' '.join(self.caps)}") if self.caps else []
        return heard + self.types(f"NICK {nick}", f"USER {'u' * 9} 0 * :{'ä' * 75}", "CAP END")


def stage() -> tuple[LongClient, LongClient]:
    """An operator with all capabilities, and a client with none, together in two rooms."""
    harness = Harness(name=SERVER, description="d" * 200, oper_name="o", oper_password="p")
    al, bo = LongClient(harness, *CAPABILITIES), LongClient(harness)
    checked(al.registers(AL), al)
    checked(bo.registers(BO), bo)
    al.types(f"JOIN {ROOM},{OTHER}", "OPER o p")
    bo.types(f"JOIN {ROOM},{OTHER}", "MODE " + BO + " +w")
    al.hears()
    return al, bo


def checked(lines: list[str], to: LongClient) -> list[str]:
    """The lines behind their tags, each of them one that a client can read."""
    bare = []
    for line in lines:
        tags, _, rest = line.partition(" ") if line[0] == "@" else ("", "", line)
        assert len(tags.encode()) <= 8191
        assert len(rest.encode()) <= 510, rest
        read = parse(rest)
        # The server itself, or as what answers where it is asked in a private talk.
        names = (f"{nick}!{user}@{SERVER}" for nick, user in SERVICES)
        servers = (SERVER, *names)
        assert read.source in servers or re.fullmatch(rf"\w+!~u+@{HOST}", read.source), rest
        if read.verb.isdigit():
            assert read.params[0] in (to.dialect.client.nick, "*")
        bare.append(rest)
    return bare


NAMES = st.sampled_from([ROOM, OTHER, AL, BO, "#new" + "w" * 60, "*", SERVER, "nobody", "o", "+b"])
WORDS = st.text(st.characters(exclude_characters="\r\n\0 ", exclude_categories=["Cs"]), min_size=1)
LONG = st.builds(lambda word, times: word * times, WORDS, st.integers(1, 300))
LISTS = st.lists(NAMES | WORDS, min_size=2, max_size=40).map(",".join)
CHANGES = st.sampled_from(
    ["+bbbbbbbbbbbbbbbbbbbbbbb", "+" + "ov" * 15, "b", "+k", "LATEST", "+", "L", "%tcuihsnfdlaor"]
)
PARAM = st.one_of(NAMES, CHANGES, LISTS, LONG)


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A line within its limit: a command, and more or less what belongs to it."""
    verb, params = draw(st.sampled_from(VERBS)), draw(st.lists(PARAM, max_size=12))
    text = draw(st.none() | st.builds(" ".join, st.lists(PARAM, max_size=8)))
    words = [verb, *(p for p in params if p[0] != ":")]
    return truncate(" ".join([*words, f":{text}"] if text is not None else words), 510)


# What people wrote, that others are shown whole: the field, and how a line begins that shows it.
WORDS_OF: dict[type[Event], tuple[str, str]] = {
    events.TopicSet: ("topic", "TOPIC"),
    events.Kicked: ("reason", "KICK"),
    events.Parted: ("reason", "PART"),
    events.Announced: ("text", "WALLOPS"),
    events.Said: ("text", "PRIVMSG"),
}


def shown_whole(event: Any, heard: list[str]) -> bool:
    """Whether the words of an event stand in the lines that bo heard, none of them missing."""
    field, verb = WORDS_OF[event.__class__]
    if event.by.nick != AL or getattr(event, "form", events.Form.MESSAGE) is events.Form.ACTION:
        return True
    if event.__class__ is events.Said and event.form is events.Form.NOTICE:
        verb = "NOTICE"
    words = getattr(event, field) or (AL if verb == "KICK" else "")
    shown = [parse(line).params for line in heard if parse(line).verb == verb]
    # Members only hear what is said, and whoever was put out hears no more.
    return not shown or words in "".join(params[-1] for params in shown) or not words


@settings(deadline=None, max_examples=150)
@given(st.lists(lines(), min_size=1, max_size=8))
def test_no_line_is_too_long_and_no_words_are_lost(typed: list[str]) -> None:
    al, bo = stage()
    for line in typed:
        al.harness.applied.clear()
        checked(al.types(line), al)
        heard = checked(bo.hears(), bo)
        for entry in al.harness.applied:
            if entry.event.__class__ in WORDS_OF:
                assert shown_whole(entry.event, heard), (entry.event, heard)


@pytest.mark.parametrize(
    ("typed", "verb"),
    [
        (f"TOPIC {ROOM} :{'t' * 320}", "TOPIC"),
        (f"KICK {ROOM} {BO} :{'t' * 290}", "KICK"),
        (f"PART {ROOM} :{'t' * 290}", "PART"),
        (f"AWAY :{'t' * 290}", "AWAY"),
    ],
)
def test_the_longest_words_arrive_whole(typed: str, verb: str) -> None:
    al, bo = stage()
    bo.types("CAP REQ :away-notify")
    al.types(typed)
    (line,) = [line for line in checked(bo.hears(), bo) if f" {verb} " in line]
    assert parse(line).params[-1] == typed.partition(" :")[2]


def test_an_announcement_takes_as_many_lines_as_it_needs() -> None:
    al, bo = stage()
    text = "word " * 98
    al.types(f"WALLOPS :{text}")
    heard = checked(bo.hears(), bo)
    assert "".join(parse(line).params[0] for line in heard) == text and len(heard) == 2


def test_masks_take_as_many_lines_as_they_need() -> None:
    al, bo = stage()
    masks = [f"{chr(97 + n)}{'é' * 40}!*@*" for n in range(5)]
    al.types(f"MODE {ROOM} +bbb {' '.join(masks[:3])}", f"MODE {ROOM} +bb {' '.join(masks[3:])}")
    bo.hears()
    al.types(f"MODE {ROOM} -bbbbb " + " ".join(mask.partition("!")[0] for mask in masks))
    heard = [parse(line).params for line in checked(bo.hears(), bo)]
    assert [mask for params in heard for mask in params[2:]] == masks
    assert len(heard) > 1


def test_a_topic_reads_the_same_live_and_later() -> None:
    al, bo = stage()
    al.types(f"TOPIC {ROOM} :{'t' * 319}é")  # One byte too many.
    assert not bo.hears()
    topic = "t" * 318 + "é"
    al.types(f"TOPIC {ROOM} :{topic}")
    assert parse(bo.hears()[0]).params == [ROOM, topic]
    assert parse(bo.types(f"TOPIC {ROOM}")[0]).params == [BO, ROOM, topic]
    listed = [parse(line).params for line in checked(bo.types("LIST"), bo) if " 322 " in line]
    assert [BO, ROOM, "2", topic] in listed


def test_reasons_longer_than_told_are_kept_as_they_are_shown() -> None:
    al, bo = stage()
    al.types(f"PART {ROOM} :{'é' * 200}")
    assert parse(bo.hears()[0]).params[1] == "é" * 145
    assert al.harness.applied[-1].event.reason == "é" * 145  # type: ignore[attr-defined]


def test_answers_take_as_many_lines_as_they_need() -> None:
    al, bo = stage()
    nicks = [f"{chr(97 + n)}{'x' * 29}" for n in range(14)]
    for nick in nicks:
        LongClient(al.harness).registers(nick)
    heard = checked(bo.types("ISON " + " ".join(nicks)), bo)
    found = " ".join(parse(line).params[1] for line in heard)
    assert found.split() == nicks and len(heard) > 1
    heard = checked(bo.types("USERHOST " + " ".join(nicks[:5])), bo)
    found = " ".join(parse(line).params[1] for line in heard)
    assert found.split() == [f"{nick}=+~{'u' * 9}@{HOST}" for nick in nicks[:5]]
    rooms = [f"#{n:02}" + "é" * 30 for n in range(9)]
    al.types("JOIN " + ",".join(rooms[:6]), "JOIN " + ",".join(rooms[6:]))
    heard = [line for line in checked(bo.types(f"WHOIS {AL}"), bo) if " 319 " in line]
    shown = " ".join(parse(line).params[2] for line in heard).split()
    assert len(heard) > 1 and shown == [f"@{room}" for room in (ROOM, OTHER, *rooms)]


def test_capabilities_take_as_many_lines_as_they_need() -> None:
    client = LongClient(Harness(name=SERVER))
    client.come_in()
    heard = checked(client.types("CAP LS 302"), client)
    assert {cap.partition("=")[0] for line in heard for cap in parse(line).params[-1].split()} == {
        *CAPABILITIES
    }
    assert all(parse(line).params[2] == "*" for line in heard[:-1])
    assert len(parse(heard[-1]).params) == 3
    assert len(checked(client.types("CAP LS"), client)) == 1
    wanted = " ".join(f"cap{n:03}" for n in range(70))
    heard = checked(client.types(f"CAP REQ :{wanted}"), client)
    assert {parse(line).params[1] for line in heard} == {"NAK"} and len(heard) > 1
    assert " ".join(parse(line).params[2] for line in heard) == wanted


def test_what_was_asked_with_is_cut_and_the_answer_is_not() -> None:
    al, _ = stage()
    (line,) = checked(al.types("X" * 500), al)
    assert parse(line).params[-1] == "Unknown command"
    al.types("MONITOR C")
    al.harness.proposals.canon.config = Harness(name=SERVER, watching_max=1).config
    nicks = [f"n{n}" for n in range(150)]
    lines = checked(al.types("MONITOR + " + ",".join(nicks)[:490].rpartition(",")[0]), al)
    refused = [parse(line).params for line in lines if " 734 " in line]
    assert {params[-1] for params in refused} == {"Monitor list is full"}
    shown = ",".join(params[2] for params in refused).split(",")
    assert shown == nicks[1 : 1 + len(shown)] and len(refused) > 1
