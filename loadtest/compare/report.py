"""The result as a table for people and as JSON for programs."""

import json
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from loadtest.compare.cores import Cores
from loadtest.compare.figures import OTHERS_SHARE
from loadtest.compare.rounds import Row


@dataclass(frozen=True)
class Section:
    """Rows measured together: their columns, what ratios are relative to, and a verdict."""

    columns: list[str]
    rows: list[Row]
    reference: str
    verdict: str = ""

    @property
    def failed(self) -> bool:
        return any(row.failed for row in self.rows)


def figure(value: float) -> str:
    """A few significant digits, in a unit that keeps them short."""
    if value >= 1e6:
        return f"{value / 1e6:.2f} M"
    if value >= 1e4:
        return f"{value / 1e3:.1f} k"
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def text(section: Section) -> str:
    """A table for each column, and the rows without figures once, below."""
    measured = [one for one in section.columns if any(one in row.figures for row in section.rows)]
    blocks = ["\n".join(_table(column, section)) for column in measured]
    missing = [f"{row.name}: skipped: {row.missing}" for row in section.rows if row.missing]
    failed = [f"{row.name}: failed: {row.failed}" for row in section.rows if row.failed]
    blocks.append("\n".join(missing + failed))
    return "\n\n".join(filter(None, [*blocks, section.verdict]))


def markdown(section: Section) -> str:
    """The same for a page: one table, a cell for each column and one for its ratio, if any."""
    measured = [one for one in section.columns if any(one in row.figures for row in section.rows)]
    each = 2 if section.reference else 1
    heads = [head for one in measured for head in (one, "ratio")[:each]]
    lines = ["| | " + " | ".join(heads) + " |", "|---" * (1 + len(heads)) + "|"]
    for row in section.rows:
        cells = [cell for column in measured for cell in _cells(row, column)[:each]]
        lines.append(f"| {row.name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cells(row: Row, column: str) -> tuple[str, str]:
    found, ratio = row.summary(column), row.ratio(column)
    if not found:
        return ("skipped" if row.missing else "failed" if row.failed else ""), ""
    note = row.figures[column][-1].note
    spread = f"**{figure(found.median)}** ({figure(found.low)} to {figure(found.high)})"
    return spread + (f", {note}" if note else ""), f"{ratio.median:.2f}" if ratio else ""


def _table(column: str, section: Section) -> list[str]:
    width = max(len(row.name) for row in section.rows)
    versus = f"times {section.reference}" if section.reference else ""
    lines = [f"{column:{width}}  {'median':>9}  {'range':^18}  {versus}".rstrip()]
    for row in section.rows:
        if found := row.summary(column):
            spread = f"{figure(found.low)} to {figure(found.high)}"
            ratio = row.ratio(column)
            times = f"{ratio.median:6.3f}" if ratio else " " * 6
            cells = f"{figure(found.median):>9}  {spread:^18}  {times}  {_remarks(row, column)}"
            lines.append(f"{row.name:{width}}  {cells}".rstrip())
    return lines


def _remarks(row: Row, column: str) -> str:
    """Who was busy, and what else there is to know."""
    figures = row.figures[column]
    remarks = []
    if any(one.load_share for one in figures):
        server = median(one.server_share for one in figures)
        load = median(one.load_share for one in figures)
        remarks.append(f"server {server:.0%}, load {load:.0%}")
    if any(one.load_bound for one in figures):
        remarks.append("THE LOAD WAS THE LIMIT")
    others = median(one.others_share for one in figures)
    if others > OTHERS_SHARE:
        remarks.append(f"something else took {others:.0%} of a core")
    remarks += [figures[-1].note] if figures[-1].note else []
    return "; ".join(remarks)


def write_json(path: Path, command: str, cores: Cores, sections: Sequence[Section]) -> None:
    """Everything measured, every round of it, and what it was measured on."""
    document = {
        "command": command,
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine": {
            "python": platform.python_version(),
            "kernel": platform.release(),
            "cores": cores._asdict(),
        },
        "sections": [asdict(section) for section in sections],
    }
    path.write_text(json.dumps(document, indent=1) + "\n")
