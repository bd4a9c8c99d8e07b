"""What is the machine's and not the server's."""

import os
import time

import pytest

from loadtest.attacks.machine import Noise, Sample, probing
from loadtest.attacks.watcher import Phase, Took
from loadtest.compare.cores import pick

MIB = 1 << 20


def noise() -> Noise:
    """The server waits for its core from 1.0 to 1.1 s, all but 20 ms of it."""
    looks = [
        (0.99, 0.0, 5.0, 50),
        (1.01, 0.002, 5.0, 51),
        (1.1, 0.08, 5.08, 60),
        (1.2, 0, 5.08, 52),
    ]
    return Noise([Sample(at, late, waited, mib * MIB) for at, late, waited, mib in looks])


@pytest.mark.parametrize(
    ("start", "end", "waited"),
    [
        (1.0, 1.09, 0.08),  # all of it lies within
        (1.06, 1.09, 0.03),  # not more than the stretch is long
        (1.15, 1.19, 0.0),  # behind it
        (0.5, 0.6, 0.0),  # before anybody looked
        (1.15, 9.9, 0.0),  # after that too
    ],
)
def test_waiting_belongs_to_the_stretch_it_lies_in(start: float, end: float, waited: float) -> None:
    assert noise().within(start, end) == pytest.approx(waited)


def test_a_phase_without_the_machine_keeps_what_is_the_servers() -> None:
    phase = Phase([Took(1.0, 0.09), Took(1.15, 0.04)], [Took(1.06, 0.03)], lost=1)
    own = noise().without(phase)
    assert [one.seconds for one in own.trips] == pytest.approx([0.01, 0.04])
    assert [one.seconds for one in own.lines] == pytest.approx([0.0])
    assert own.lost == 1


def test_the_worst_of_a_stretch_is_found() -> None:
    assert noise().latest(1.0, 1.2) == 0.08
    assert noise().latest(1.15, 1.3) == 0
    assert noise().peak(1.0, 1.2) == 60 * MIB
    assert Noise().peak(0, 9) == Noise().latest(0, 9) == 0


def test_the_probe_looks_at_a_process() -> None:
    start = time.monotonic()
    with probing(os.getpid(), pick().server) as probe:
        time.sleep(0.5)
        found = probe.noise()
    assert found.samples
    assert found.peak(start, time.monotonic()) > MIB
    assert [one.at for one in found.samples] == sorted(one.at for one in found.samples)


def test_the_probe_of_a_process_that_is_gone_has_seen_nothing() -> None:
    with probing(2**22 + 1, pick().server) as probe:
        assert probe.noise().samples == []
