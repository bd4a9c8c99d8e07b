"""Events as lines on a person's screen."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.chat.events import (
    Arrived,
    Entry,
    Event,
    Form,
    Identity,
    Joined,
    Left,
    Parted,
    Pinned,
    Renamed,
    Restarted,
    Said,
    TopicSet,
    WentAway,
)
from geventchat.dialects.human.encoder import Look, ago, dated, encoder_for
from tests.harness import NOON

BY = Identity(1, "alice", "u", "h")
AT = NOON + 61_000
ACTION, NOTICE = Form.ACTION, Form.NOTICE


def line(event: Event, look: Look | None = None, here: bool = True, members: int = 3) -> str:
    """The lines of an event, as they are ended."""
    encoder = encoder_for(look or Look(), here)
    return encoder.frame(encoder.encode(Entry(7, AT, event, members))).decode()


@pytest.mark.parametrize(
    ("event", "shown"),
    [
        (Said(BY, "#dev", "hello"), "[12:01] <alice> hello"),
        (Said(BY, "#dev", "waves", ACTION), "[12:01] * alice waves"),
        (Said(BY, "#dev", "beware", NOTICE), "[12:01] -alice- beware"),
        (Joined(BY, "#dev"), "*** alice joined #dev. (3 here)"),
        (Parted(BY, "#dev", ""), "*** alice left #dev."),
        (Parted(BY, "#dev", "tea"), "*** alice left #dev (tea)."),
        (Left(BY, ""), "*** alice left."),
        (Left(BY, "gone fishing"), "*** alice left (gone fishing)."),
        (Renamed(BY, "al"), "*** alice is now known as al."),
        (TopicSet(BY, "#dev", "tea"), "*** alice set the topic: tea"),
        (TopicSet(BY, "#dev", ""), "*** alice removed the topic."),
        (Pinned(BY, "#dev", "tea"), "*** alice pinned: tea"),
        (WentAway(BY, "lunch"), "*** alice is away: lunch"),
        (WentAway(BY, ""), "*** alice is back."),
    ],
)
def test_one_fact_a_line(event: Event, shown: str) -> None:
    assert line(event) == f"{shown}\r\n"


@pytest.mark.parametrize("event", [Arrived(BY, "telnet"), Restarted(BY)])
def test_what_happens_in_no_room_is_not_shown(event: Event) -> None:
    assert line(event) == ""


@pytest.mark.parametrize(
    ("event", "shown"),
    [
        (Said(BY, "#dev", "hi"), "[12:01] #dev <alice> hi"),
        (Said(BY, "#dev", "waves", ACTION), "[12:01] #dev * alice waves"),
        (TopicSet(BY, "#dev", "tea"), "*** alice set the topic of #dev: tea"),
        (TopicSet(BY, "#dev", ""), "*** alice removed the topic of #dev."),
        (Pinned(BY, "#dev", "tea"), "*** alice pinned in #dev: tea"),
    ],
)
def test_lines_of_another_room_carry_its_name(event: Event, shown: str) -> None:
    assert line(event, here=False) == f"{shown}\r\n"


@pytest.mark.parametrize("event", [Joined(BY, "#dev"), Parted(BY, "#dev", "x"), Left(BY, "x")])
def test_joins_and_leaves_are_shown_in_small_rooms(event: Event) -> None:
    few = Look(few=5)
    assert line(event, few, members=5)
    assert line(event, few, members=6) == ""


@pytest.mark.parametrize(
    ("look", "shown"),
    [
        (Look(time=False), "<alice> hi"),
        (Look(screenreader=True), "[12:01] alice: hi"),
        (Look(zone=timezone(timedelta(hours=2))), "[14:01] <alice> hi"),
        (Look(colour=True), "\x1b[2m[12:01] \x1b[0m<\x1b[1malice\x1b[0m> hi"),
    ],
)
def test_looks(look: Look, shown: str) -> None:
    assert line(Said(BY, "#dev", "hi"), look) == f"{shown}\r\n"


def test_the_clock_on_the_screen_goes_on() -> None:
    encoder = encoder_for(Look(), True)
    stamps = [
        encoder.encode(Entry(1, NOON + 60_000 * n, Said(BY, "#a", "x")))[0][:7] for n in (0, 1, 61)
    ]
    assert stamps == ["[12:00]", "[12:01]", "[13:01]"]


def test_who_shares_a_look_shares_the_encoder() -> None:
    assert encoder_for(Look(), True) is encoder_for(Look(), True)
    assert encoder_for(Look(), True) is not encoder_for(Look(), False)
    assert encoder_for(Look(), True) is not encoder_for(Look(time=False), True)


def test_own_lines_come_back_when_they_look_different() -> None:
    encoder = encoder_for(Look(), True)
    assert encoder.echoes(Said(BY, "#a", "waves", ACTION))
    assert not encoder.echoes(Said(BY, "#a", "hello"))


@given(st.text(alphabet=st.characters()))
def test_whatever_the_journal_holds_no_terminal_obeys_it(text: str) -> None:
    """Also what another program wrote into the database."""
    events = [Said(BY, "#a", text), TopicSet(BY, "#a", text), Left(BY, text), WentAway(BY, text)]
    shown = [line(event) for event in events] + [
        f"{one}\r\n" for one in dated(Entry(1, AT, events[0]), Look())
    ]
    for one in shown:
        assert one.endswith("\r\n") or text[0] == "\x01"  # CTCP is not shown.
        assert not any(
            c < " " or "\x7f" <= c <= "\x9f" or c in "\u202e\u2028" for c in one.replace("\r\n", "")
        )


def test_history_has_dates() -> None:
    assert dated(Entry(1, 0, Said(BY, "#a", "hi")), Look()) == ["[1970-01-01 00:00] <alice> hi"]


@pytest.mark.parametrize(
    ("milliseconds", "shown"),
    [
        (-5, "0s"),
        (999, "0s"),
        (59_999, "59s"),
        (60_000, "1m"),
        (3_599_999, "59m"),
        (3_600_000, "1h"),
        (86_400_000, "1d"),
        (864_000_000, "10d"),
    ],
)
def test_spans_of_time_have_one_unit(milliseconds: int, shown: str) -> None:
    assert ago(milliseconds) == shown
