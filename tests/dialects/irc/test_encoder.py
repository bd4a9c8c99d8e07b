"""Events as lines: tags for who wants them, never too long."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from geventchat.chat.events import (
    Change,
    Entry,
    Form,
    Identity,
    Joined,
    Kicked,
    Left,
    ModesSet,
    Pinned,
    RealNameSet,
    Said,
    Tagged,
    WentAway,
)
from geventchat.dialects.irc.encoder import encoder_for, timestamp

AL = Identity(1, "al", "~al", "192.0.2.7", "Al", "albert", True)
EVERYTHING = frozenset({"message-tags", "server-time", "account-tag", "extended-join", "setname"})
PLAIN = encoder_for(frozenset())


def test_tags_for_who_wants_them() -> None:
    entry = Entry(7, 1500, Said(AL, "#a", "hi", tags="+x=1"))
    assert PLAIN.encode(entry) == [":al!~al@192.0.2.7 PRIVMSG #a :hi"]
    assert encoder_for(EVERYTHING).encode(entry) == [
        "@time=1970-01-01T00:00:01.500Z;msgid=7;bot;draft/bot;+x=1;account=albert"
        " :al!~al@192.0.2.7 PRIVMSG #a :hi"
    ]


def test_one_encoder_for_all_who_want_the_same() -> None:
    assert encoder_for(frozenset({"batch", "multi-prefix"})) is encoder_for(frozenset({"batch"}))


def test_lines() -> None:
    for event, line in (
        (Joined(AL, "#a", away="tea"), "JOIN #a"),
        (Left(AL, "connection lost"), "QUIT :connection lost"),
        (Left(AL, "a.net b.net", quit=True), "QUIT :Quit: a.net b.net"),
        (Left(AL, "", quit=True), "QUIT :Quit"),
        (Kicked(AL, "#a", 2, "bo", ""), "KICK #a bo :al"),
        (Said(AL, "#a", "x", Form.NOTICE), "NOTICE #a :x"),
        (Pinned(AL, "#a", "tea"), "NOTICE #a :[pinned] tea"),
        (
            ModesSet(AL, "#a", (Change("+m"), Change("-o", "bo", 2), Change("-k", "x"))),
            "MODE #a +m-ok bo x",
        ),
    ):
        assert PLAIN.encode(Entry(1, 0, event)) == [f":al!~al@192.0.2.7 {line}"]
    for event in (WentAway(AL, "x"), RealNameSet(AL, "x"), Tagged(AL, "#a", "+x")):
        assert PLAIN.encode(Entry(1, 0, event)) == []


def test_who_joins_is_told_of_in_full() -> None:
    encoder = encoder_for(frozenset({"extended-join", "away-notify"}))
    assert encoder.encode(Entry(1, 0, Joined(AL, "#a", away="tea"))) == [
        ":al!~al@192.0.2.7 JOIN #a albert :Al",
        ":al!~al@192.0.2.7 AWAY :tea",
    ]


@given(st.text(st.characters(blacklist_categories=["Cc", "Cs"]), min_size=1, max_size=3000))
def test_no_line_is_too_long_and_nothing_is_lost(text: str) -> None:
    lines = PLAIN.encode(Entry(1, 0, Said(AL, "#a", text)))
    assert all(len(line.encode()) <= 510 for line in lines)
    assert "".join(line.partition(" :")[2] for line in lines) == text


def test_many_masks_take_several_lines() -> None:
    event = ModesSet(AL, "#a", tuple(Change("+b", f"{'x' * 100}{n}") for n in range(9)))
    lines = PLAIN.encode(Entry(1, 0, event))
    assert len(lines) == 5
    assert all(len(line) <= 510 for line in lines)


def test_moments() -> None:
    assert timestamp(0) == "1970-01-01T00:00:00.000Z"


def test_a_long_pin_is_split_and_nothing_of_it_lost() -> None:
    lines = PLAIN.encode(Entry(1, 0, Pinned(AL, "#a", "한" * 400)))
    assert all(len(line.encode()) <= 510 for line in lines)
    assert "".join(line.partition("[pinned] ")[2] for line in lines) == "한" * 400
