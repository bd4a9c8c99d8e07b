"""Buckets of tokens: what is at once, what must wait, and how long."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.chat.rates import Kind, Rates
from geventchat.config import Config


class Session:
    def __init__(self, **settings: object) -> None:
        self.config = Config(**settings)  # type: ignore[arg-type]
        self.seconds = 1000.0
        self.rates = Rates(lambda: self.config, lambda: self.seconds)


def test_a_burst_and_then_so_many_a_second() -> None:
    one = Session()
    assert one.rates.at_hand(Kind.LINES) == 10
    one.rates.take(Kind.LINES, 10)
    assert (one.rates.at_hand(Kind.LINES), one.rates.wait_s(Kind.LINES)) == (0, 0.5)
    one.seconds += 0.5
    assert (one.rates.at_hand(Kind.LINES), one.rates.wait_s(Kind.LINES)) == (1, 0)
    one.seconds += 3
    assert one.rates.at_hand(Kind.LINES) == 7
    assert not one.rates.is_full(Kind.LINES)
    one.seconds += 1.5
    assert one.rates.is_full(Kind.LINES)
    one.seconds += 1000
    assert one.rates.at_hand(Kind.LINES) == 10


def test_what_was_taken_beyond_is_a_debt() -> None:
    one = Session(joins_burst=30, joins_per_s=2.0)
    one.rates.take(Kind.JOINS, 30)
    assert one.rates.debt_s() == 0
    one.rates.take(Kind.JOINS)
    assert one.rates.debt_s() == 0.5
    one.rates.take(Kind.RENAMES, 6)
    assert one.rates.debt_s() == pytest.approx(5.0)
    assert one.rates.at_hand(Kind.JOINS) == 0
    one.seconds += 5
    assert one.rates.debt_s() == pytest.approx(0)


def test_new_settings_hold_at_once() -> None:
    one = Session()
    one.rates.take(Kind.LINES, 10)
    one.config = replace(one.config, message_burst=20, messages_per_s=4.0)
    assert one.rates.at_hand(Kind.LINES) == 0
    one.seconds += 0.25
    assert one.rates.at_hand(Kind.LINES) == 1


def test_every_kind_has_its_settings() -> None:
    one = Session()
    for kind in Kind:
        burst, per_s = (getattr(one.config, name) for name in kind.value)
        assert one.rates.at_hand(kind) == burst
        one.rates.take(kind, burst)
        assert one.rates.wait_s(kind) == pytest.approx(1 / per_s)


@given(st.integers(1, 50), st.floats(0.01, 100), st.lists(st.floats(0, 10), max_size=30))
def test_whoever_waits_as_long_as_told_gets_a_token(
    burst: int, per_s: float, pauses: list[float]
) -> None:
    one = Session(message_burst=burst, messages_per_s=per_s)
    one.seconds = 123_456.789
    for pause in pauses:
        if not one.rates.at_hand(Kind.LINES):
            one.seconds += one.rates.wait_s(Kind.LINES)
        assert 1 <= one.rates.at_hand(Kind.LINES) <= burst
        one.rates.take(Kind.LINES, one.rates.at_hand(Kind.LINES))
        one.seconds += pause
