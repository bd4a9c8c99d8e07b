"""What was measured of one attack, and whether it passes: the bars and nothing else."""

from dataclasses import dataclass

from loadtest.attacks.attack import Seen
from loadtest.attacks.server import SPARE_FILES
from loadtest.attacks.watcher import Phase, Took

QUIET_S = 0.005
ATTACKED_S = 0.050
MEMORY_RATIO = 1.10
MIB = 1 << 20


@dataclass(frozen=True)
class Usage:
    """What the server holds."""

    memory_bytes: float
    files: int


@dataclass
class Figures:
    """Of one attack on one source."""

    quiet: Phase
    attacked: Phase
    before: Usage
    after: Usage
    seen: Seen
    peak_bytes: float = 0.0
    late_s: float = 0.0  # the worst lateness of a process that only sleeps
    alive: bool = True
    tracebacks: int = 0
    # The same two without the time in which the machine let server or watcher wait for a core.
    own_quiet: Phase | None = None
    own_attacked: Phase | None = None

    def misses(self) -> list[str]:
        """Every bar that is missed, in words; none when all hold."""
        own_quiet, own = self.own_quiet or self.quiet, self.own_attacked or self.attacked
        found = [
            _bar("quiet", self.quiet.worst, own_quiet.worst, QUIET_S),
            "quiet: not answered" if self.quiet.lost else "",
            _bar("round trip", self.attacked.worst, own.worst, ATTACKED_S),
            _bar("line", self.attacked.worst_line, own.worst_line, ATTACKED_S),
            f"{self.attacked.lost} never answered" if self.attacked.lost else "",
            "memory" if self.after.memory_bytes > MEMORY_RATIO * self.before.memory_bytes else "",
            "open files" if self.after.files > self.before.files + SPARE_FILES else "",
            "" if self.alive else "the server is gone",
            "a traceback in the log" if self.tracebacks else "",
            "it got it" if self.seen.got else "",
        ]
        return [words for words in found if words]


def _bar(words: str, measured: Took, own: Took, bar_s: float) -> str:
    """Missed is missed, but say so if it would not have been without the machine."""
    if measured.seconds <= bar_s:
        return ""
    return words if own.seconds > bar_s else f"{words} (by the machine)"


def milliseconds(seconds: float) -> str:
    """Short, with as many digits as mean something."""
    value = seconds * 1000
    return f"{value:.1f}" if value < 10 else f"{value:,.0f}"


def mebibytes(bytes_: float) -> str:
    return f"{bytes_ / MIB:,.0f}"
