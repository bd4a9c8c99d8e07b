"""The bars: each is missed by the figure that misses it, and by no other."""

import pytest

from loadtest.attacks.attack import Seen
from loadtest.attacks.figures import Figures, Usage, mebibytes, milliseconds
from loadtest.attacks.watcher import Phase, Took


def phase(*trips_ms: float, line_ms: float = 1.0, lost: int = 0) -> Phase:
    trips = [Took(at, one / 1000) for at, one in enumerate(trips_ms)]
    return Phase(trips, [Took(0.0, line_ms / 1000)], lost)


def figures(**changed: object) -> Figures:
    usual: dict[str, object] = {
        "quiet": phase(0.5, 4.9),
        "attacked": phase(2.0, 50.0),
        "before": Usage(100e6, 300),
        "after": Usage(110e6, 304),
        "seen": Seen("1,000 asked"),
        "peak_bytes": 500e6,
    }
    return Figures(**(usual | changed))  # type: ignore[arg-type]


def test_whoever_keeps_to_the_bars_misses_none() -> None:
    assert figures().misses() == []


@pytest.mark.parametrize(
    ("changed", "missed"),
    [
        ({"quiet": phase(0.5, 5.1)}, "quiet"),
        ({"quiet": phase(0.5, lost=1)}, "quiet: not answered"),
        ({"attacked": phase(2.0, 50.1)}, "round trip"),
        ({"attacked": phase(2.0, line_ms=50.1)}, "line"),
        ({"attacked": phase(2.0, lost=3)}, "3 never answered"),
        ({"after": Usage(110.1e6, 300)}, "memory"),
        ({"after": Usage(100e6, 305)}, "open files"),
        ({"alive": False}, "the server is gone"),
        ({"tracebacks": 1}, "a traceback in the log"),
        ({"seen": Seen("37,000 guesses", got=True)}, "it got it"),
    ],
)
def test_each_bar_can_be_missed(changed: dict[str, object], missed: str) -> None:
    assert figures(**changed).misses() == [missed]


def test_a_bar_missed_by_the_machine_is_missed_and_says_so() -> None:
    found = figures(quiet=phase(9.0), own_quiet=phase(0.5)).misses()
    assert found == ["quiet (by the machine)"]
    attacked = phase(90.0, line_ms=95.0)
    own = phase(60.0, line_ms=40.0)
    found = figures(attacked=attacked, own_attacked=own).misses()
    assert found == ["round trip", "line (by the machine)"]


def test_the_worst_and_the_median_are_those_of_all() -> None:
    measured = phase(1.0, 40.0, 2.0)
    assert measured.worst == Took(1, 0.04)
    assert measured.median == 0.002


def test_a_phase_without_a_measurement_has_figures_all_the_same() -> None:
    assert (Phase().worst.seconds, Phase().worst_line.seconds, Phase().median) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(("seconds", "shown"), [(0.00123, "1.2"), (0.0434, "43"), (14.9, "14,900")])
def test_milliseconds_are_short(seconds: float, shown: str) -> None:
    assert milliseconds(seconds) == shown


def test_memory_is_shown_in_mebibytes() -> None:
    assert mebibytes(54.4 * 1024 * 1024) == "54"
