"""Whose turn it is among those who give the loop much to do."""

from __future__ import annotations

import gevent

from geventchat.net.turns import Turns

HANG_S = 20.0


def test_one_goes_on_in_a_turn_of_the_loop_in_their_order() -> None:
    turns, seen = Turns(), []

    def busy(name: str) -> None:
        for _ in range(3):
            turns.wait()
            seen.append((name, gevent.get_hub().loop.iteration))

    gevent.joinall([gevent.spawn(busy, name) for name in "abc"], timeout=HANG_S)
    assert [name for name, _ in seen] == list("abcabcabc")
    assert len({turn for _, turn in seen}) == 9


def test_others_come_in_between() -> None:
    turns, seen = Turns(), []

    def busy() -> None:
        for _ in range(20):
            turns.wait()
            seen.append("busy")

    def other() -> None:
        gevent.sleep(0)
        seen.append("other")

    flood = [gevent.spawn(busy) for _ in range(5)]
    gevent.spawn(other).get(timeout=HANG_S)
    gevent.joinall(flood, timeout=HANG_S)
    assert seen.index("other") < 5
    assert len(seen) == 101
