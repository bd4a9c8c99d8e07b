"""`Journal.catch_up`, the barrier behind IRC's PING: what was proposed before it is through."""

from __future__ import annotations

import socket
from collections.abc import Callable

import gevent
import pytest
from gevent import socket as green
from gevent.event import Event as Bell

from geventchat.chat.events import Left
from tests.journal.desk import ALICE, BOB, HANG_S, Desk, Desks, SlowDisk, person, text_of


def applied(desk: Desk) -> list[str]:
    return [text_of(entry) for entry in desk.applied]


def after_catching_up(desk: Desk) -> gevent.Greenlet:
    """Catches up, and then has what is applied by then."""

    def catch_up() -> list[str]:
        desk.journal.catch_up()
        return applied(desk)

    return gevent.spawn(catch_up)


def turn() -> None:
    """Give everyone who could go on many chances to."""
    for _ in range(20):
        gevent.get_hub().wait(gevent.get_hub().loop.timer(0, priority=-1))


def test_it_waits_as_long_as_the_disk_takes(desks: Desks) -> None:
    disk = SlowDisk()
    desk = desks(disk=disk)
    desk.say(ALICE, "one", "two")
    waiting = after_catching_up(desk)
    turn()
    assert not waiting.dead
    disk.allow(1)
    assert waiting.get(timeout=HANG_S) == ["one", "two"]


def test_it_waits_for_what_others_proposed_and_what_nobody_did(desks: Desks) -> None:
    desk = desks(batch_max=1)
    desk.say(ALICE, "one")
    desk.journal.propose(0, Left(person(BOB), ""))
    desk.say(BOB, "two")
    assert after_catching_up(desk).get(timeout=HANG_S) == ["one", "Left", "two"]


def test_everyone_who_waits_goes_on_when_their_own_part_is_through(desks: Desks) -> None:
    disk = SlowDisk()
    desk = desks(batch_max=1, disk=disk)
    waiting: list[gevent.Greenlet] = []
    for text in ("one", "two", "three"):
        desk.say(ALICE, text)
        waiting += [after_catching_up(desk), after_catching_up(desk)]
        turn()
    assert not any(one.dead for one in waiting)
    disk.allow(3)
    first, again, second, _, third, last = (one.get(timeout=HANG_S) for one in waiting)
    assert first[:1] == again[:1] == ["one"]
    assert second[:2] == ["one", "two"]
    assert third == last == ["one", "two", "three"]


def test_it_does_not_wait_for_what_came_after_it(desks: Desks) -> None:
    disk = SlowDisk()
    desk = desks(batch_max=1, disk=disk)
    desk.say(ALICE, "one")
    waiting = after_catching_up(desk)
    turn()
    desk.say(BOB, "two")
    disk.allow(1)
    assert waiting.get(timeout=HANG_S) == ["one"]
    disk.allow(1)


def test_what_was_refused_is_through_too(desks: Desks) -> None:
    desk = desks()
    desk.forbidden = {"late"}
    desk.say(ALICE, "late")
    assert after_catching_up(desk).get(timeout=HANG_S) == []
    desk.disk.fails = "disk full"
    desk.say(ALICE, "lost")
    assert after_catching_up(desk).get(timeout=HANG_S) == []
    assert len(desk.refusals) == 2


def test_departures_that_were_tried_again_count_once_more(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geventchat.journal.journal._RETRY_S", 0.001)
    disk = SlowDisk()
    desk = desks(disk=disk)
    disk.allow(2)
    disk.fails = "disk full"
    desk.journal.propose(BOB, Left(person(BOB), ""))
    assert after_catching_up(desk).get(timeout=HANG_S) == []
    disk.fails = ""
    with gevent.Timeout(HANG_S):
        while not desk.applied:
            gevent.sleep(0.001)
    desk.say(ALICE, "one")
    waiting = after_catching_up(desk)
    turn()
    disk.allow(1)
    assert waiting.get(timeout=HANG_S) == ["Left", "one"]


def test_with_nothing_open_it_returns(desks: Desks) -> None:
    desk = desks()
    assert after_catching_up(desk).get(timeout=HANG_S) == []


@pytest.fixture
def reader(desks: Desks) -> Callable[[Desk], socket.socket]:
    """Alice's client: the other end of a socket whose bytes become her lines."""

    def connect(desk: Desk) -> socket.socket:
        ours, theirs = green.socketpair()

        def read() -> None:
            with ours:
                while data := ours.recv(100):
                    desk.say(ALICE, data.decode())

        gevent.spawn(read)
        gevent.sleep(0)  # It waits for bytes now.
        return theirs

    return connect


def test_what_stands_in_a_socket_was_there_first(
    desks: Desks, reader: Callable[[Desk], socket.socket]
) -> None:
    desk = desks()
    with reader(desk) as alice:
        alice.send(b"in the socket")
        waiting = after_catching_up(desk)
        assert waiting.get(timeout=HANG_S) == ["in the socket"]


class GaveUp(Exception):
    """Whoever waited has lost patience."""


def test_who_gave_up_waiting_is_not_woken(desks: Desks) -> None:
    disk = SlowDisk()
    desk = desks(disk=disk)
    elsewhere, go_on = Bell(), Bell()

    def wait() -> None:
        try:
            desk.journal.catch_up()
        except GaveUp:
            elsewhere.set()
            assert go_on.wait(HANG_S)  # To be switched into here would be an error.

    desk.say(ALICE, "one")
    waiting = gevent.spawn(wait)
    turn()
    waiting.kill(GaveUp, block=False)
    assert elsewhere.wait(HANG_S)
    disk.allow(1)
    desk.settle(ALICE)
    turn()
    go_on.set()
    gevent.joinall([waiting], timeout=HANG_S, raise_error=True)
    assert applied(desk) == ["one"]
