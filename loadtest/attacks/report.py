"""The result as Markdown: a table of figures, a table of claims, and what they were measured on."""

import platform
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from loadtest.attacks.attack import Attack, Claim, Seen
from loadtest.attacks.figures import (
    ATTACKED_S,
    MEMORY_RATIO,
    QUIET_S,
    Figures,
    mebibytes,
    milliseconds,
)
from loadtest.attacks.watcher import Phase, Took
from loadtest.compare.cores import Cores


@dataclass
class Row:
    """One attack or claim on one source."""

    name: str
    wants: str
    source: str
    database: str
    figures: Figures | None = None
    seen: Seen | None = None
    tracebacks: int = 0
    failed: str = ""

    @property
    def missed(self) -> list[str]:
        """Why it does not pass; nothing when it does."""
        if self.failed:
            return [f"failed: {self.failed}"]
        if self.figures:
            return self.figures.misses()
        found = ["it got it"] if self.seen and self.seen.got else []
        return found + ["a traceback in the log"] * bool(self.tracebacks)

    @property
    def verdict(self) -> str:
        return "**missed:** " + ", ".join(self.missed) if self.missed else "held"


CELL_CHARS = 200
FIGURES_HEAD = [
    "attack",
    "quiet: median / worst (own) ms",
    "attacked: median / worst (own) ms",
    "worst line (own) ms",
    "memory MiB before / peak / after",
    "files",
    "what it did",
    "verdict",
]
CLAIMS_HEAD = ["attack", "it wants to", "what was seen", "verdict"]


def markdown(rows: Sequence[Row], cores: Cores, *, several: bool) -> str:
    """Everything, for a page."""
    measured = [row for row in rows if row.seen is None]
    claimed = [row for row in rows if row.seen is not None]
    parts = [_on_what(rows, cores)]
    if measured:
        parts.append(_table(FIGURES_HEAD, [_figures(row, several) for row in measured]))
    if claimed:
        parts.append(_table(CLAIMS_HEAD, [_claim(row, several) for row in claimed]))
    return "\n\n".join([*parts, _sum(rows)])


def in_short(row: Row) -> str:
    """One line, as soon as it is known."""
    if one := row.figures:
        own = one.own_attacked or one.attacked
        worst = _worst(one.attacked.worst, own.worst)
        line = _worst(one.attacked.worst_line, own.worst_line)
        return f"worst {worst} ms, line {line} ms, {one.seen.text}: {row.verdict}"
    return f"{row.seen.text}: {row.verdict}" if row.seen else row.verdict


def listing(all_: Iterable[Attack | Claim]) -> str:
    """The names and what each wants."""
    return "\n".join(f"{one.name:20} {one.wants}" for one in all_)


def _on_what(rows: Sequence[Row], cores: Cores) -> str:
    late = [row.figures.late_s for row in rows if row.figures]
    apart = "another core" if cores.apart else "THE SAME core"
    words = [
        f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, Linux",
        f"{platform.release()}; the server has one core, and those who measure, the people and",
        f"the attacker share {apart}.",
        f"Bars: worst round trip and worst line {milliseconds(ATTACKED_S)} ms while attacked,",
        f"{milliseconds(QUIET_S)} ms round trip while quiet, memory back within",
        f"{MEMORY_RATIO - 1:.0%}.",
    ]
    if late:
        worst = milliseconds(max(late))
        words.append(f"A process that only sleeps on the server's core was late by {worst} ms")
        words.append("at worst. In brackets: the worst without the time in which the server, or")
        words.append("who measured, waited for a core that somebody else had.")
    return " ".join(words)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _name(row: Row, several: bool) -> str:
    kind = "" if row.database == "sqlite" else ", no database"
    return f"`{row.name}`{kind}" + (f" ({row.source})" if several else "")


def _figures(row: Row, several: bool) -> list[str]:
    one = row.figures
    if one is None:
        return [_name(row, several), *[""] * (len(FIGURES_HEAD) - 2), _cell(row.verdict)]
    quiet, during = one.quiet, one.attacked
    own_quiet, own = one.own_quiet or quiet, one.own_attacked or during
    memory = (one.before.memory_bytes, one.peak_bytes, one.after.memory_bytes)
    return [
        _name(row, several),
        _trip(quiet, own_quiet.worst),
        _trip(during, own.worst),
        _worst(during.worst_line, own.worst_line),
        " / ".join(mebibytes(each) for each in memory),
        f"{one.before.files} / {one.after.files}",
        _cell(one.seen.text),
        _cell(row.verdict),
    ]


def _trip(phase: Phase, own: Took) -> str:
    return f"{milliseconds(phase.median)} / {_worst(phase.worst, own)}"


def _worst(measured: Took, own: Took) -> str:
    return f"{milliseconds(measured.seconds)} ({milliseconds(own.seconds)})"


def _claim(row: Row, several: bool) -> list[str]:
    seen = row.seen.text if row.seen else ""
    return [_name(row, several), row.wants, _cell(seen), _cell(row.verdict)]


def _cell(text: str) -> str:
    """A cell holds no bar, no line end and no essay."""
    short = text if len(text) <= CELL_CHARS else f"{text[:CELL_CHARS]}…"
    return short.replace("|", "\\|").replace("\n", " ")


def _sum(rows: Sequence[Row]) -> str:
    missed = [f"{row.name} ({row.source})" for row in rows if row.missed]
    if not missed:
        return f"All {len(rows)} held."
    return f"{len(rows) - len(missed)} of {len(rows)} held; missed: {', '.join(missed)}."
