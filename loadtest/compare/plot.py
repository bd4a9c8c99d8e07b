"""One chart of what was measured: a bar for each row's median, a line for its range."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from loadtest.compare.errors import Missing
from loadtest.compare.report import Section, figure
from loadtest.compare.rounds import Row

OURS, OTHERS = "#1b7f5c", "#8aa1b1"
BAR_INCHES = 0.32


def check_installed() -> None:
    """Raise Missing before anything is measured for a chart that cannot be drawn."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise Missing("--plot needs matplotlib; pip install 'geventchat[compare]'") from None


def draw(path: Path, sections: Sequence[Section]) -> None:
    """A panel for each column, the best row on top."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot

    panels = [
        (column, rows)
        for section in sections
        for column in section.columns
        if (rows := [row for row in section.rows if row.figures.get(column)])
    ]
    if not panels:
        return
    heights = [BAR_INCHES * len(rows) + 0.8 for _, rows in panels]
    figure_, axes = pyplot.subplots(
        len(panels), figsize=(8, sum(heights)), height_ratios=heights, squeeze=False
    )
    for axis, (column, rows) in zip(axes[:, 0], panels, strict=True):
        _panel(axis, column, rows)
    figure_.tight_layout()
    figure_.savefig(path, dpi=120)


def _panel(axis: Any, column: str, rows: Sequence[Row]) -> None:
    found = sorted(
        ((summary, row.name) for row in rows if (summary := row.summary(column))),
        key=lambda pair: pair[0].median,
        reverse=column.startswith(("bytes", "ms")),  # where less is better
    )
    for place, (summary, name) in enumerate(found):
        axis.barh(
            place,
            summary.median,
            color=OURS if name.startswith("geventchat") else OTHERS,
            xerr=[[summary.median - summary.low], [summary.high - summary.median]],
            error_kw={"elinewidth": 1, "capsize": 3, "ecolor": "#333333"},
        )
        axis.text(summary.high, place, f"  {figure(summary.median)}", va="center", fontsize=8)
    axis.set_yticks(range(len(found)), [name for _, name in found], fontsize=9)
    axis.set_title(column, loc="left", fontsize=10)
    axis.margins(x=0.15)
    axis.spines[["top", "right"]].set_visible(False)
    axis.xaxis.set_major_formatter(lambda value, _position: figure(value) if value else "0")
