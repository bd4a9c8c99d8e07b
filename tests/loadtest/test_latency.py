import pytest

from loadtest.latency import Latencies


def test_nothing_measured_is_zero() -> None:
    assert Latencies().summary().max == 0


def test_percentiles_are_milliseconds() -> None:
    latencies = Latencies()
    latencies.record(range(1000, 101_000, 1000))
    summary = latencies.summary()
    assert summary.count == 100
    assert (summary.p50, summary.p90, summary.p99, summary.max) == pytest.approx(
        (50, 90, 99, 100), rel=1e-3
    )


def test_those_of_two_processes_add_up() -> None:
    here, there = Latencies(), Latencies()
    here.record([1000] * 99)
    there.record([5_000_000])
    here.add(there.encode())
    assert here.summary().count == 100
    assert here.summary().p50 == pytest.approx(1, rel=1e-3)
    assert here.summary().max == pytest.approx(5000, rel=1e-3)


def test_what_no_clock_can_mean_is_kept_in_bounds() -> None:
    latencies = Latencies()
    latencies.record([-5, 0, 10**15])
    assert latencies.summary().count == 3
