"""Counting by address: exact, bounded, and nobody who is counted is forgotten for others."""

from __future__ import annotations

import mmap
from pathlib import Path

import pytest

from geventchat.config import Config
from geventchat.net import admission
from geventchat.net.admission import Admission, Count, Excess, Places

KEY = b"k" * 16


class Desk:
    """An admission, with a clock that stands and settings that can change."""

    def __init__(self, **settings: object) -> None:
        self.config = Config(**settings)  # type: ignore[arg-type]
        self.seconds = 0.0
        self.admission = Admission(lambda: self.config, lambda: self.seconds, KEY)

    def come(self, address: str, times: int = 1) -> list[Excess | None]:
        """Come in from there; stay if let in. What was said each time."""
        said = []
        for _ in range(times):
            said.append(self.admission.excess(address))
            if said[-1] is None:
                self.admission.entered(address)
        return said

    def pass_by(self, address: str, times: int = 1) -> list[Excess | None]:
        """As `come`, and leave at once."""
        said = []
        for _ in range(times):
            said += self.come(address)
            if said[-1] is None:
                self.admission.left(address)
        return said


def test_connections_at_once() -> None:
    desk = Desk(connections_per_address=3)
    assert desk.come("192.0.2.7", 5) == [None] * 3 + [Excess.CONNECTIONS] * 2
    assert desk.come("192.0.2.8") == [None]
    desk.admission.left("192.0.2.7")
    assert desk.come("192.0.2.7", 2) == [None, Excess.CONNECTIONS]


def test_new_connections_in_a_while() -> None:
    desk = Desk()
    assert desk.pass_by("192.0.2.7", 33) == [None] * 32 + [Excess.CONNECTS]
    assert desk.pass_by("192.0.2.8") == [None]
    desk.seconds = 599
    assert desk.pass_by("192.0.2.7") == [Excess.CONNECTS]
    desk.seconds = 600
    assert desk.pass_by("192.0.2.7", 33) == [None] * 32 + [Excess.CONNECTS]


def test_one_customer_has_a_slash_64() -> None:
    desk = Desk(connects_per_address=2, connections_per_address=2)
    assert desk.come("2001:db8:0:1::1", 1) + desk.come("2001:db8:0:1:ffff::2", 1) == [None] * 2
    assert desk.come("2001:db8:0:1:8000::9") == [Excess.CONNECTIONS]
    assert desk.come("2001:db8:0:2::1") == [None]
    assert desk.pass_by("fe80::1%eth0", 3) == [None, None, Excess.CONNECTS]


def test_the_own_machine_is_exempt_unless_told() -> None:
    desk = Desk(connections_per_address=1, connects_per_address=1)
    for address in ("127.0.0.1", "127.4.5.6", "::1"):
        assert desk.come(address, 5) == [None] * 5
        assert not desk.admission.limited(address)
    desk.config = Config(connections_per_address=6, limit_loopback=True)
    assert desk.come("127.0.0.1", 2) == [None, Excess.CONNECTIONS], "those here are counted"
    desk.config = Config(connections_per_address=1, limit_loopback=True)
    assert desk.come("127.0.0.2", 2) == [None, Excess.CONNECTIONS]
    assert desk.come("127.0.0.3", 2) == [None, Excess.CONNECTIONS]


def test_no_limit() -> None:
    desk = Desk(connections_per_address=0, connects_per_address=0, password_failures_per_address=0)
    assert desk.come("192.0.2.7", 1000) == [None] * 1000
    for _ in range(1000):
        desk.admission.failed("192.0.2.7")
    assert not desk.admission.blocked("192.0.2.7")


def test_wrong_passwords_do_not_count_as_connections() -> None:
    desk = Desk(password_failures_per_address=3)
    for _ in range(2):
        desk.admission.failed("192.0.2.7")
    assert not desk.admission.blocked("192.0.2.7")
    desk.admission.failed("192.0.2.7")
    assert desk.admission.blocked("192.0.2.7")
    assert not desk.admission.blocked("192.0.2.8")
    assert desk.pass_by("192.0.2.7", 33) == [None] * 32 + [Excess.CONNECTS]
    for _ in range(1000):
        desk.admission.failed("192.0.2.9")
    assert desk.pass_by("192.0.2.9") == [None], "what is full does not run over"
    desk.seconds = 601
    assert not desk.admission.blocked("192.0.2.7")


def numbered(number: int) -> str:
    return f"{10 + (number >> 24)}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def test_a_flood_of_others_makes_nobody_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "_BUCKETS_BITS", 5)
    monkeypatch.setattr(admission, "_NEIGHBOURS_BITS", 3)
    desk = Desk()
    desk.pass_by("192.0.2.7", 33)
    for number in range(20_000):
        desk.pass_by(numbered(number))
    assert desk.pass_by("192.0.2.7") == [Excess.CONNECTS]


def test_who_has_no_place_is_counted_with_the_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "_BUCKETS_BITS", 0)
    desk = Desk()
    for number in range(16):
        desk.pass_by(numbered(number << 8))
    assert desk.pass_by("192.0.2.7", 20) + desk.pass_by("192.0.2.8", 20) == (
        [None] * 32 + [Excess.CONNECTS] * 8
    )
    assert desk.pass_by("192.0.3.7") == [None]
    v6 = desk.pass_by("2001:db8:1:1::1", 20) + desk.pass_by("2001:db8:1:2::1", 13)
    assert v6 == [None] * 32 + [Excess.CONNECTS]


def resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * mmap.PAGESIZE / (1 << 20)


def test_what_it_costs() -> None:
    """All it ever holds is this; 100,000 addresses touch nearly every page of it."""
    desk = Desk()
    held = desk.admission._places, desk.admission._neighbours
    assert sum(len(places._memory) for places in held) <= 20 << 20
    before = resident_mib()
    for number in range(100_000):
        desk.admission.failed(numbered(number * 2654435761 % (1 << 31)))
    assert 10 < resident_mib() - before < 20
    desk.seconds = 601
    for _ in range(4096 // admission._PAGES_SWEPT + 1):
        desk.admission.sweep()
    assert resident_mib() - before < 5


def test_sweeping_leaves_what_still_counts() -> None:
    places = Places(5, KEY)
    for number in range(0, 200, 2):
        places.add(bytes([number]), Count.CONNECTS, tick=number, window=100)
    for _ in range(len(places._memory) // admission._PAGE_BYTES + 1):
        places.sweep(tick=199, window=100)
    counted = [places.counted(bytes([n]), Count.CONNECTS, 199, 100) for n in range(0, 200, 2)]
    assert counted == [0] * 50 + [1] * 50
    assert sum(map(bool, places._places)) == 50


def test_the_clock_of_places_goes_round() -> None:
    places = Places(0, KEY)
    last = admission._TICKS - 1
    places.add(b"x", Count.CONNECTS, tick=last, window=10)
    assert places.counted(b"x", Count.CONNECTS, tick=3, window=10) == 1
    assert places.counted(b"x", Count.CONNECTS, tick=9, window=10) == 0


def test_from_where_too_many_were_wrong_even_the_right_password_is_not() -> None:
    desk = Desk(password_failures_per_address=2)
    assert desk.admission.guess("192.0.2.7", right=True)
    assert [desk.admission.guess("192.0.2.7", right=False) for _ in range(2)] == [False] * 2
    assert not desk.admission.guess("192.0.2.7", right=True)
    assert desk.admission.guess("192.0.2.8", right=True)
    desk.seconds = 601
    assert desk.admission.guess("192.0.2.7", right=True)
