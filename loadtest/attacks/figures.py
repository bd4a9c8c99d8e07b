"""What was measured of one attack, and whether it passes: the bars and nothing else."""

from dataclasses import dataclass

from loadtest.attacks.attack import Seen
from loadtest.attacks.server import SPARE_FILES
from loadtest.attacks.watcher import Phase

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
    machine_quiet_s: float = 0.0  # of the worst quiet round trip, the time the server could not run
    machine_s: float = 0.0  # the same of the worst round trip under attack
    machine_line_s: float = 0.0  # the same of the worst line
    late_s: float = 0.0  # the worst lateness of a process that only sleeps
    alive: bool = True
    tracebacks: int = 0

    def misses(self) -> list[str]:
        """Every bar that is missed, in words; none when all hold."""
        found = [
            (self.quiet.worst.seconds > QUIET_S, "quiet"),
            (bool(self.quiet.lost), "quiet: not answered"),
            (self.attacked.worst.seconds > ATTACKED_S, "round trip"),
            (self.attacked.worst_line.seconds > ATTACKED_S, "line"),
            (bool(self.attacked.lost), f"{self.attacked.lost} never answered"),
            (self.after.memory_bytes > MEMORY_RATIO * self.before.memory_bytes, "memory"),
            (self.after.files > self.before.files + SPARE_FILES, "open files"),
            (not self.alive, "the server is gone"),
            (bool(self.tracebacks), "a traceback in the log"),
            (self.seen.got, "it got it"),
        ]
        return [words for missed, words in found if missed]


def milliseconds(seconds: float) -> str:
    """Short, with as many digits as mean something."""
    value = seconds * 1000
    return f"{value:.1f}" if value < 10 else f"{value:,.0f}"


def mebibytes(bytes_: float) -> str:
    return f"{bytes_ / MIB:,.0f}"
