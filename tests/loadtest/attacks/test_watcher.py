"""Those who measure: a server that stands still is seen, and whoever is not answered is counted."""

import itertools
import time
from collections.abc import Callable

import pytest

from loadtest.attacks import watcher
from loadtest.attacks.client import Hung
from loadtest.attacks.watcher import watching
from tests.loadtest.conftest import Member, ServerFactory, faithful

STALL_S = 0.3


def a_few(lines: int) -> Callable[[], bool]:
    """Over after so many looks, each of which waits for at most one line to be due."""
    looks = itertools.count()
    return lambda: next(looks) > lines


def test_pings_and_lines_are_measured(fake: ServerFactory) -> None:
    server = fake("chat", faithful)
    with watching(server.port, sessions=2) as those:
        phase = those.watch(a_few(40))
    assert len(phase.trips) > 3
    assert len(phase.lines) > 3
    assert phase.lost == 0
    assert 0 < phase.median <= phase.worst.seconds


def test_a_server_that_stands_still_is_seen_by_both(fake: ServerFactory) -> None:
    stalls = iter([STALL_S])

    def stall(member: Member, nth: int, line: bytes) -> list[bytes]:
        if nth == 3:
            time.sleep(next(stalls, 0.0))
        return [line]

    server = fake("chat", stall)
    with watching(server.port, sessions=1) as those:
        phase = those.watch(a_few(60))
    assert phase.worst_line.seconds >= STALL_S
    # Pings were due all the while, so one of them met with most of it.
    assert phase.worst.seconds >= STALL_S - 2 * watcher.APART_S[1]


def test_what_is_never_heard_is_lost(fake: ServerFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watcher, "GIVE_UP_S", 0.1)

    def drop_all_but_the_first(member: Member, nth: int, line: bytes) -> list[bytes]:
        return [line] if nth == 0 else []

    server = fake("chat", drop_all_but_the_first)
    with watching(server.port, sessions=1) as those:
        phase = those.watch(a_few(20))
    assert phase.lost >= 1
    assert phase.worst_line.seconds >= 0.1


def test_whoever_is_not_let_in_says_so(fake: ServerFactory) -> None:
    server = fake("chat", faithful, seats=1)
    with pytest.raises(Hung, match=r"full|closed"), watching(server.port, sessions=1):
        raise AssertionError("let in")
