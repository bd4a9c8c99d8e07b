"""The result as a table for people and as JSON for programs."""

import json
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from .cores import Cores
from .rounds import Row

REASON_COLUMN = 36


def figure(value: float) -> str:
    """Four significant digits at most, in a unit that keeps them short."""
    for limit, unit in ((1e6, " M"), (1e4, " k")):
        if value >= limit:
            return f"{value / limit * (1 if unit == ' M' else 10):.2f}{unit}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def table(column: str, rows: Sequence[Row], reference: str) -> list[str]:
    """One line a row: median, range, ratio to the reference, who was busy."""
    width = max(len(row.name) for row in rows)
    versus = f"to {reference}" if reference else ""
    lines = [column, f"  {'':{width}}  {'median':>9}  {'range':^21}  {versus}".rstrip()]
    for row in rows:
        lines.append(f"  {row.name:{width}}  {_cells(column, row)}".rstrip())
    return lines


def _cells(column: str, row: Row) -> str:
    if row.missing:
        return f"skipped: {row.missing}"
    found = row.summary(column)
    if found is None:
        return f"failed: {row.failed}" if row.failed else "not measured"
    ratio = row.ratio(column)
    spread = f"{figure(found.low)} to {figure(found.high)}"
    times = f"{ratio.median:6.2f}" if ratio else f"{'':6}"
    tail = f"  failed later: {row.failed}" if row.failed else _busy(column, row)
    return f"{figure(found.median):>9}  {spread:^21}  {times}{tail}"


def _busy(column: str, row: Row) -> str:
    figures = row.figures[column]
    if not any(one.server_share for one in figures):
        return ""
    load = max(one.load_share for one in figures)
    server = max(one.server_share for one in figures)
    warning = "  THE LOAD WAS THE LIMIT" if any(one.load_bound for one in figures) else ""
    return f"  server {server:4.0%} load {load:4.0%}{warning}"


def write_json(path: Path, command: str, cores: Cores, tables: dict[str, list[Row]]) -> None:
    """Everything measured, every round of it, and what it was measured on."""
    document = {
        "command": command,
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine": {
            "python": platform.python_version(),
            "kernel": platform.release(),
            "cores": cores._asdict(),
        },
        "tables": {title: [asdict(row) for row in rows] for title, rows in tables.items()},
    }
    path.write_text(json.dumps(document, indent=1) + "\n")
