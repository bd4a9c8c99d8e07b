"""Measures every target once a round, for several rounds, and survives the ones that fail."""

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from loadtest.compare.child import Child, free_port, running
from loadtest.compare.cores import Cores, pinned
from loadtest.compare.errors import Missing, RowFailed
from loadtest.compare.figures import Figure, Summary
from loadtest.compare.targets import Target

# Yields figures by column as they are ready, so that a late failure keeps the early ones.
Measured = Iterator[tuple[str, Figure]]
Measure = Callable[[Child, Target], Measured]


@dataclass
class Row:
    """One target: a figure per column and round, or why there is none."""

    name: str
    figures: dict[str, list[Figure]] = field(default_factory=dict)
    ratios: dict[str, list[float]] = field(default_factory=dict)
    failed: str = ""
    missing: str = ""

    def summary(self, column: str) -> Summary | None:
        figures = self.figures.get(column)
        return Summary.of([figure.value for figure in figures]) if figures else None

    def ratio(self, column: str) -> Summary | None:
        ratios = self.ratios.get(column)
        return Summary.of(ratios) if ratios else None


@dataclass(frozen=True)
class Plan:
    """How often, where, and on which port (0: any that is free)."""

    rounds: int
    cores: Cores
    port: int = 0


@contextmanager
def serving(target: Target, plan: Plan) -> Iterator[Child]:
    """Start one target in a directory of its own, which goes away with it."""
    with tempfile.TemporaryDirectory(prefix="compare-") as name:
        directory = Path(name)
        port = free_port(plan.port)
        command = target.command(port, directory)
        home = target.home or directory
        with running(command, port, plan.cores, home, directory / "stderr") as child:
            yield child


def run(targets: Sequence[Target], plan: Plan, measure: Measure, reference: str) -> list[Row]:
    """Measure all, round by round; ratios are relative to `reference` in the same round."""
    rows = {target.name: Row(target.name) for target in targets}
    for number in range(plan.rounds):
        for target in targets:
            row = rows[target.name]
            if not (row.failed or row.missing):
                say(f"round {number + 1}/{plan.rounds}: {target.name}")
                _attempt(row, target, plan, measure)
    if base := rows.get(reference):
        for row in rows.values():
            _add_ratios(row, base)
    return list(rows.values())


def _attempt(row: Row, target: Target, plan: Plan, measure: Measure) -> None:
    try:
        target.check_installed()
        with serving(target, plan) as child, pinned(plan.cores.load):
            for column, figure in measure(child, target):
                row.figures.setdefault(column, []).append(figure)
    except Missing as why:
        row.missing = str(why)
    except RowFailed as why:
        row.failed = str(why)


def _add_ratios(row: Row, base: Row) -> None:
    # A row that failed has no figures from then on, so the rounds still pair up.
    for column, figures in row.figures.items():
        pairs = zip(figures, base.figures.get(column, []), strict=False)
        row.ratios[column] = [figure.value / other.value for figure, other in pairs]


def say(text: str) -> None:
    """Progress, apart from the result."""
    print(text, file=sys.stderr, flush=True)
