"""Measures servers side by side: one core serves, another makes the load."""

import argparse
from collections.abc import Sequence

from . import ratios, report
from .cores import pick
from .limits import raise_descriptor_limit
from .rounds import Plan, Row, say


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for; 1 when a row failed."""
    given = _parser().parse_args(arguments)
    plan = Plan(given.rounds, pick(), given.port)
    raise_descriptor_limit()
    if not plan.cores.apart:
        say("one core only: the load takes time away from the servers")
    tables: dict[str, list[Row]] = {}
    verdicts = []
    for name in given.only or ratios.PARTS:
        part = ratios.PARTS[name](plan, given.seconds)
        tables[part.column] = part.rows
        verdicts.append(part.verdict)
        print("\n".join(report.table(part.column, part.rows, part.reference)), flush=True)
    print("\n".join(verdicts))
    return int(any(row.failed for rows in tables.values() for row in rows))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/compare", description=__doc__)
    parser.add_argument("what", choices=["ratios"])
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--only", action="append", choices=list(ratios.PARTS))
    return parser
