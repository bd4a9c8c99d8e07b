"""Two sides agree on options: RFC 1143's method, each step of it, and two that talk at random."""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.dialects.human.negotiation import (
    DO,
    DONT,
    IAC,
    NOTHING_AGREED,
    OURS,
    THEIRS,
    WILL,
    WONT,
    Options,
    Side,
    Standing,
)

S = Standing
BINARY, ECHO = 0, 1
Step = tuple[str | int, bytes, Standing]


def after(options: Options, what: str | int, side: Side) -> tuple[Options, bytes]:
    """One step: a verb that is heard, or "on" or "off", wanted by us."""
    if isinstance(what, int):
        return options.heard(what, ECHO, {ECHO})
    return options.want(side, ECHO, what == "on")


def said(verb: int) -> bytes:
    return bytes((IAC, verb, ECHO))


@pytest.mark.parametrize(
    "steps",
    [
        [("on", said(WILL), S.WANTYES), (DO, b"", S.YES), (DO, b"", S.YES)],
        [("on", said(WILL), S.WANTYES), (DONT, b"", S.NO), (DONT, b"", S.NO)],
        [("on", said(WILL), S.WANTYES), ("on", b"", S.WANTYES)],
        [
            ("on", said(WILL), S.WANTYES),
            ("off", b"", S.WANTYES_OPPOSITE),
            (DO, said(WONT), S.WANTNO),
        ],
        [("on", said(WILL), S.WANTYES), ("off", b"", S.WANTYES_OPPOSITE), (DONT, b"", S.NO)],
        [("on", said(WILL), S.WANTYES), ("off", b"", S.WANTYES_OPPOSITE), ("on", b"", S.WANTYES)],
        [(DO, said(WILL), S.YES), ("off", said(WONT), S.WANTNO), (DONT, b"", S.NO)],
        [(DO, said(WILL), S.YES), ("off", said(WONT), S.WANTNO), (DO, b"", S.NO)],
        [
            (DO, said(WILL), S.YES),
            ("off", said(WONT), S.WANTNO),
            ("on", b"", S.WANTNO_OPPOSITE),
            (DONT, said(WILL), S.WANTYES),
        ],
        [
            (DO, said(WILL), S.YES),
            ("off", said(WONT), S.WANTNO),
            ("on", b"", S.WANTNO_OPPOSITE),
            ("off", b"", S.WANTNO),
        ],
        [
            (DO, said(WILL), S.YES),
            ("off", said(WONT), S.WANTNO),
            ("on", b"", S.WANTNO_OPPOSITE),
            (DO, b"", S.YES),
        ],
        [(DO, said(WILL), S.YES), (DONT, said(WONT), S.NO), (DONT, b"", S.NO)],
        [("off", b"", S.NO)],
    ],
)
def test_each_step_of_the_method(steps: list[Step]) -> None:
    """Of our side; and of theirs, with the other two verbs."""
    other = {WILL: DO, WONT: DONT, DO: WILL, DONT: WONT}
    for side in (OURS, THEIRS):
        options = NOTHING_AGREED
        for what, answer, standing in steps:
            if side is THEIRS:
                what = other[what] if isinstance(what, int) else what
                answer = b"" if not answer else said(other[answer[1]])
            options, reply = after(options, what, side)
            assert (reply, options.of(side, ECHO)) == (answer, standing), (side, steps)
            assert options.awaits(side, ECHO) == standing.name.startswith("WANT")


def test_what_is_not_granted_is_refused_however_often_it_is_asked() -> None:
    options = NOTHING_AGREED
    for _ in range(3):
        options, reply = options.heard(DO, ECHO, {BINARY})
        assert reply == said(WONT)
        options, reply = options.heard(WILL, ECHO, {BINARY})
        assert reply == said(DONT)
    assert options is NOTHING_AGREED


def test_what_we_asked_for_need_not_be_granted() -> None:
    options, _ = NOTHING_AGREED.want(THEIRS, BINARY)
    options, reply = options.heard(WILL, BINARY, ())
    assert reply == b""
    assert options.of(THEIRS, BINARY) is S.YES


def test_whoever_agreed_on_the_same_shares_it() -> None:
    one, _ = NOTHING_AGREED.want(THEIRS, BINARY)
    other, _ = NOTHING_AGREED.want(THEIRS, BINARY)
    assert one is other
    assert one.heard(WILL, BINARY, ())[0] is other.heard(WILL, BINARY, ())[0]


Wish = tuple[bool, Side, int, bool]


@given(
    st.lists(
        st.tuples(
            st.booleans(),
            st.sampled_from((OURS, THEIRS)),
            st.sampled_from((BINARY, ECHO)),
            st.booleans(),
        )
    ),
    st.data(),
)
def test_two_sides_who_change_their_minds_end_in_agreement(
    wishes: list[Wish], data: st.DataObject
) -> None:
    """Whatever is on its way when they do; and their talk dies down."""
    sides = [NOTHING_AGREED, NOTHING_AGREED]
    ways: list[deque[bytes]] = [deque(), deque()]  # To the first, and to the second.
    last: dict[tuple[int, Side, int], bool] = {}

    def hear(who: int) -> None:
        _, verb, option = ways[who].popleft()
        sides[who], reply = sides[who].heard(verb, option, {BINARY, ECHO})
        if reply:
            ways[1 - who].append(reply)

    for second, side, option, on in wishes:
        who = int(second)
        sides[who], asked = sides[who].want(side, option, on)
        last[who, side, option] = on
        if asked:
            ways[1 - who].append(asked)
        for _ in range(data.draw(st.integers(0, 3))):
            waiting = [at for at in (0, 1) if ways[at]]
            if waiting:
                hear(data.draw(st.sampled_from(waiting)))
    for _ in range(10 * len(wishes) + 10):
        for who in (0, 1):
            if ways[who]:
                hear(who)
    assert not any(ways)
    for option in (BINARY, ECHO):
        for ours, theirs in ((OURS, THEIRS), (THEIRS, OURS)):
            found = sides[0].of(ours, option)
            assert found is sides[1].of(theirs, option)
            assert found in (S.YES, S.NO)
