"""A store that fails is told of once a minute, however often it fails."""

from __future__ import annotations

import pytest

from geventchat.journal.trouble import Trouble


class Clock:
    def __init__(self) -> None:
        self.now = 1_700_000_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level("INFO", "geventchat")
    return caplog


def test_it_is_told_at_once_and_then_once_a_minute(
    clock: Clock, logged: pytest.LogCaptureFixture
) -> None:
    trouble = Trouble("not saved", clock)
    for _ in range(1200):
        trouble.failed("disk full")
        clock.now += 100
    assert logged.messages == [
        "not saved, 1 times: disk full",
        "not saved, 601 times: disk full",
    ]


def test_its_end_is_told_and_the_next_one_at_once(
    clock: Clock, logged: pytest.LogCaptureFixture
) -> None:
    trouble = Trouble("not saved", clock)
    trouble.over()
    trouble.failed("disk full")
    trouble.failed("disk full")
    trouble.over()
    trouble.over()
    trouble.failed("disk error")
    assert logged.messages == [
        "not saved, 1 times: disk full",
        "not saved, 2 times; now it works again",
        "not saved, 1 times: disk error",
    ]


def test_a_clock_that_goes_back_does_not_silence_it(
    clock: Clock, logged: pytest.LogCaptureFixture
) -> None:
    trouble = Trouble("not saved", clock)
    trouble.failed("disk full")
    clock.now -= 3_600_000
    trouble.failed("disk full")
    assert len(logged.messages) == 2
