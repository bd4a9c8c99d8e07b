"""What was said while somebody was not there, in words."""

from __future__ import annotations

import pytest

from geventchat.chat.events import Entry, Form, Identity, Said, Told
from geventchat.chat.sessions import Session
from geventchat.dialects.human.encoder import plain_look
from geventchat.dialects.human.missed import counted, reminder, told_later
from tests.harness import NOON

ANNA = Identity(1, "anja", "~anna", "host", account="Anna")
BOB = Identity(2, "bob", "~bob", "host")


@pytest.mark.parametrize(
    ("rooms", "private", "told"),
    [
        ([], 0, ""),
        ([("#dev", 0)], 0, ""),
        ([("#dev", 14), ("#in", 2)], 1, "14 new in #dev, 2 in #in, 1 PM"),
        ([("#dev", 1234)], 0, "1,234 new in #dev"),
        ([], 2, "2 PMs"),
        (
            [(f"#{n}", n) for n in range(8)],
            0,
            "1 new in #1, 2 in #2, 3 in #3, 4 in #4, 5 in #5, 13 in 2 other rooms",
        ),
        (
            [(f"#{n}", 1) for n in range(6)],
            0,
            "1 new in #0, 1 in #1, 1 in #2, 1 in #3, 1 in #4, 1 in another room",
        ),
    ],
)
def test_how_much_there_is(rooms: list[tuple[str, int]], private: int, told: str) -> None:
    assert counted(rooms, private) == told
    assert reminder(rooms, private) == ([f"{told}: /missed"] if told else [])


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (Said(BOB, "#dev", "hello\x1b[2J"), ["#dev <bob> hello[2J"]),
        (Said(BOB, "#dev", "waves", Form.ACTION), ["#dev * bob waves"]),
        (Said(BOB, "#dev", "one\ntwo"), ["#dev <bob> one", "#dev <bob> two"]),
        (Told(BOB, 1, "anja", "psst", account="Anna"), ["[PM from bob] psst"]),
        (Told(ANNA, 2, "bob", "yes?\nno"), ["[PM to bob] yes?", "[PM to bob] no"]),
        (Told(BOB, 1, "anja", "waves", Form.ACTION), ["[PM from bob] * bob waves"]),
    ],
)
def test_what_was_said(event: Said | Told, told: list[str]) -> None:
    me = Session(ANNA, "telnet")
    lines = told_later(Entry(7, NOON, event), me, plain_look(50))
    assert lines == [f"[2023-11-14 12:00] {line}" for line in told]
