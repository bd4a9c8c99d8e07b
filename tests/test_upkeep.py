"""What the server does by itself: each chore in its time, and rooms that nobody uses."""

from __future__ import annotations

import gevent
import pytest
from gevent.event import Event as Bell

from geventchat.config import Config
from geventchat.journal.retention import DAY_MS
from geventchat.upkeep import Chore, drop_unused_rooms
from tests.harness import Harness, HumanClient


def test_a_chore_is_done_in_its_time() -> None:
    done: list[int] = []
    seconds: list[int] = []
    chore = Chore(3, 2, lambda: done.append(len(seconds)))
    for second in range(1, 10):
        seconds.append(second)
        chore.tick()
        gevent.sleep(0)
    assert done == [2, 5, 8]


def test_one_that_takes_long_is_not_begun_again() -> None:
    begun, bell = [], Bell()
    chore = Chore(1, 1, lambda: (begun.append(1), bell.wait()))
    for _ in range(3):
        chore.tick()
        gevent.sleep(0)
    assert len(begun) == 1
    bell.set()
    gevent.sleep(0)
    chore.tick()
    gevent.sleep(0)
    assert len(begun) == 2
    chore.stop()


class Owner:
    """Somebody whose rooms they have left."""

    def __init__(self, *rooms: str) -> None:
        self.harness = Harness()
        self.client: HumanClient = self.harness.human("alice")
        self.client.types("/register correct horse")
        for room in rooms:
            self.client.types(f"/join {room}", f"/part {room}")

    def after(self, days: float, **settings: int) -> list[str]:
        """What belongs to alice after so many days and one look at it."""
        h = self.harness
        h.clock += int(days * DAY_MS)
        drop_unused_rooms(h.state, h.journal, Config(**settings), h.now())  # type: ignore[arg-type]
        h.settle()
        return list(h.state.accounts["alice"].rooms)


def test_a_room_that_nobody_uses_is_free_again() -> None:
    owner = Owner("#old")
    owner.after(100)
    owner.client.types("/join #new", "/part #new", "/join #on")
    assert owner.after(79.9) == ["#old", "#new", "#on"]
    assert owner.after(0.2) == ["#new", "#on"]
    assert not owner.harness.state.rooms["#old"].owner
    assert owner.after(100) == ["#on"]  # Somebody is there.


def test_never_if_so_set() -> None:
    assert Owner("#old").after(9999, room_unused_days=0) == ["#old"]


def test_whoever_was_there_when_the_server_died_was_there_until_then() -> None:
    owner = Owner()
    owner.client.types("/join #on")
    h = owner.harness
    h.clock += 200 * DAY_MS
    restart(h)
    assert owner.after(2) == ["#on"]
    assert owner.after(180) == []


def test_after_a_long_time_off_people_have_a_day_to_come_back() -> None:
    owner = Owner("#old")
    owner.harness.clock += 200 * DAY_MS
    restart(owner.harness)
    assert owner.after(0.9) == ["#old"]
    assert owner.after(0.2) == []


def test_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geventchat.upkeep._ROOMS_A_SWEEP", 2)
    owner = Owner("#a", "#b", "#c")
    assert owner.after(181) == ["#c"]
    assert owner.after(0) == []


def restart(harness: Harness) -> None:
    from geventchat.chat.events import SERVER, Restarted
    from geventchat.journal.drafts import NOBODY

    harness.journal.propose(NOBODY, Restarted(SERVER))
    harness.settle()
