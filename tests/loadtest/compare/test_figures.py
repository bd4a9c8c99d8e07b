"""Medians, ranges, ratios within a round, and what a row says about its figures."""

import gc
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtest.compare.child import Child
from loadtest.compare.errors import RowFailed
from loadtest.compare.figures import Figure, Summary, measuring, quietest
from loadtest.compare.report import Section, figure, markdown, text
from loadtest.compare.rounds import Row


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.5, "0.50"), (99.9, "99.90"), (1234, "1,234"), (18_400, "18.4 k"), (10.5e6, "10.50 M")],
)
def test_figures_are_short(value: float, words: str) -> None:
    assert figure(value) == words


def test_a_summary_is_the_middle_and_the_ends() -> None:
    assert Summary.of([3.0, 1.0, 10.0]) == Summary(3.0, 1.0, 10.0)


@pytest.mark.parametrize(
    ("load", "server", "bound"), [(0.99, 0.5, True), (0.99, 0.99, False), (0.5, 0.5, False)]
)
def test_the_load_is_the_limit_when_only_it_was_busy(
    load: float, server: float, bound: bool
) -> None:
    assert Figure(1.0, load_share=load, server_share=server).load_bound is bound


def test_the_table_tells_who_was_busy_and_who_failed() -> None:
    ours = Row("ours", {"x/s": [Figure(200.0, 0.95, 0.5)]}, {"x/s": [1.0]})
    theirs = Row("theirs", {"x/s": [Figure(100.0, 0.4, 1.0, others_share=0.4)]}, {"x/s": [0.5]})
    told = text(Section(["x/s", "never/s"], [ours, theirs, Row("gone", failed="died")], "ours"))
    assert "THE LOAD WAS THE LIMIT" in told
    assert "something else took 40% of a core" in told
    assert "gone: failed: died" in told
    assert "never/s" not in told
    assert " 0.500 " in told


@pytest.mark.parametrize(
    ("shares", "kept"), [([0.0, 9.9], 0), ([0.5, 0.1, 0.0], 1), ([0.5, 0.4, 0.6, 0.5, 0.3, 0.1], 4)]
)
def test_the_least_disturbed_attempt_is_kept_whatever_it_measured(
    shares: list[float], kept: int
) -> None:
    attempts = iter([Figure(float(nth), others_share=share) for nth, share in enumerate(shares)])
    assert quietest(lambda: next(attempts)).value == kept


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    stderr = tmp_path / "stderr"
    stderr.write_text("no room left\n")
    with subprocess.Popen(["sleep", "60"]) as process:
        yield Child(process, 0, stderr)
        process.kill()


def test_a_connection_lost_while_measuring_fails_the_row(child: Child) -> None:
    with pytest.raises(RowFailed, match="connection lost: cut"), measuring(child):
        assert not gc.isenabled()
        raise ConnectionResetError("cut")
    assert gc.isenabled()


@pytest.mark.parametrize("lost", [False, True])
def test_a_server_that_ends_while_measured_fails_the_row(child: Child, lost: bool) -> None:
    with pytest.raises(RowFailed, match="ended with code -9: no room left"), measuring(child):
        child.process.kill()
        child.process.wait()
        if lost:
            raise ConnectionResetError("cut")
    assert gc.isenabled()


def test_a_page_gets_one_table() -> None:
    ours = Row("ours", {"x/s": [Figure(200.0), Figure(300.0)]}, {"x/s": [1.0, 1.0]})
    theirs = Row("theirs", {"x/s": [Figure(100.0, note="answered 1 of 2 clients")]})
    assert markdown(Section(["x/s"], [ours, theirs, Row("gone", failed="died")], "ours")) == (
        "| | x/s | ratio |\n|---|---|---|\n"
        "| ours | **250** (200 to 300) | 1.00 |\n"
        "| theirs | **100** (100 to 100), answered 1 of 2 clients |  |\n"
        "| gone | failed |  |"
    )
