"""/set: how lines look, what is kept with an account, and what one tells of oneself."""

from __future__ import annotations

import pytest

from tests.harness import HumanClient


def test_settings_are_shown(alice: HumanClient) -> None:
    assert alice.types("/set") == [
        "-> time on, tz server, colour off, bell off, width 80, screenreader off"
    ]


@pytest.mark.parametrize(
    ("setting", "answer", "line"),
    [
        ("time off", "-> time is off now.", "<bob> hi"),
        ("TIME Off", "-> time is off now.", "<bob> hi"),
        ("tz Europe/Vienna", "-> tz is Europe/Vienna now.", "[13:00] <bob> hi"),
        ("tz -03:30", "-> tz is -03:30 now.", "[08:30] <bob> hi"),
        ("tz server", "-> tz is server now.", "[12:00] <bob> hi"),
        ("colour on", "-> colour is on now.", "\x1b[2m[12:00] \x1b[0m<\x1b[1mbob\x1b[0m> hi"),
        ("color on", "-> colour is on now.", "\x1b[2m[12:00] \x1b[0m<\x1b[1mbob\x1b[0m> hi"),
        ("screenreader on", "-> screenreader is on now.", "[12:00] bob: hi"),
        ("bell on", "-> bell is on now.", "[12:00] <bob> hi"),
    ],
)
def test_set(alice: HumanClient, bob: HumanClient, setting: str, answer: str, line: str) -> None:
    assert alice.types(f"/set {setting}") == [answer]
    bob.types("hi")
    assert alice.hears() == [line]


def test_the_bell_rings_for_private_lines(alice: HumanClient, bob: HumanClient) -> None:
    alice.types("/set bell on")
    bob.types("/msg alice psst")
    assert alice.hears() == ["[12:00] [PM from bob] psst\a"]


@pytest.mark.parametrize(
    ("setting", "answer"),
    [
        ("time", "-> time: say on or off"),
        ("bell maybe", "-> bell: say on or off"),
        ("tz Nowhere/Else", "-> tz: a zone such as Europe/Vienna, +02:00, or server"),
        ("tz", "-> tz: a zone such as Europe/Vienna, +02:00, or server"),
        ("tz ../../etc/passwd", "-> tz: a zone such as Europe/Vienna, +02:00, or server"),
        ("tz /etc/passwd", "-> tz: a zone such as Europe/Vienna, +02:00, or server"),
        ("tz +25:00", "-> tz: a zone such as Europe/Vienna, +02:00, or server"),
        ("width 19", "-> width: a number of columns from 20 to 500"),
        ("width 501", "-> width: a number of columns from 20 to 500"),
        ("width ٨٠", "-> width: a number of columns from 20 to 500"),
        ("shoes red", "-> There is no setting shoes: time, tz, colour, bell, width, screenreader."),
    ],
)
def test_what_cannot_be_set(alice: HumanClient, setting: str, answer: str) -> None:
    before = alice.types("/set")
    assert alice.types(f"/set {setting}") == [answer]
    assert alice.types("/set") == before


def test_tables_keep_to_the_width(alice: HumanClient) -> None:
    alice.types("/away " + "z" * 60)
    assert max(map(len, alice.types("/who"))) <= 80
    alice.types("/set width 40")
    assert max(map(len, alice.types("/who"))) <= 40
    alice.types("/set width 80", "/set time on")
    alice.answer_to(b"\xff\xfa\x1f\x00\x32\x00\x18\xff\xf0")
    assert max(map(len, alice.types("/who"))) <= 50
