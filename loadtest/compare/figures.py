"""What one run measured, and what several rounds of it come to."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import TracebackType

from loadtest.compare.child import TICKS_PER_SECOND, Child
from loadtest.compare.errors import RowFailed

# Above this share of its core, the load may have been what set the figure.
BUSY_SHARE = 0.9
# Above this, something else took a core away: measure again, this often at most, and keep the
# quietest.
OTHERS_SHARE = 0.15
MORE_ATTEMPTS = 4
# Positions in a line of /proc/stat that are time spent idle (proc(5)), and the guests' time,
# which is already in the users'.
IDLE, IOWAIT, GUEST = 4, 5, 9


@dataclass(frozen=True)
class Figure:
    """One round of one server. Shares are of one core, over the measured time."""

    value: float
    load_share: float = 0.0
    server_share: float = 0.0
    note: str = ""
    others_share: float = 0.0

    @property
    def load_bound(self) -> bool:
        """The load had no time left, and the server had."""
        return self.load_share > BUSY_SHARE and self.server_share < BUSY_SHARE


@dataclass(frozen=True)
class Summary:
    """The middle of several rounds, and how far they lay apart."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: list[float]) -> "Summary":
        return cls(median(values), min(values), max(values))


def quietest(attempt: Callable[[], Figure]) -> Figure:
    """The first figure that nothing disturbed, or the least disturbed of several.

    Chosen by what others took and never by its value, which would favour luck.
    """
    best = attempt()
    for _ in range(MORE_ATTEMPTS):
        if best.others_share <= OTHERS_SHARE:
            break
        best = min(best, attempt(), key=lambda figure: figure.others_share)
    return best


@contextmanager
def measuring(child: Child) -> Iterator[None]:
    """Nothing of ours disturbs this block; RowFailed if the server is lost in it, or ends."""
    gc.disable()  # a collection over thousands of sockets would look like a slow server
    try:
        yield
    except OSError as why:
        child.check_alive()
        raise RowFailed(f"connection lost: {why}") from why
    finally:
        gc.enable()
    child.check_alive()


def busy_seconds() -> float:
    """Time that the cores of this process's machine have not been idle."""
    ticks = 0
    for line in Path("/proc/stat").read_text().split("\n"):
        name, *values = line.split() or [""]
        if name.startswith("cpu") and name != "cpu":
            counted = [int(value) for value in values[: GUEST - 1]]
            ticks += sum(counted) - counted[IDLE - 1] - counted[IOWAIT - 1]
    return ticks / TICKS_PER_SECOND


class Meter:
    """Times a `with` block, and who was busy in it: this process, the server's tree, others."""

    def __init__(self, child: Child) -> None:
        self.child = child

    def __enter__(self) -> "Meter":
        self.busy = busy_seconds()
        self.server = self.child.cpu_seconds()
        self.load = time.process_time()
        self.start = time.monotonic()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.seconds = time.monotonic() - self.start
        self.load = time.process_time() - self.load
        self.server = self.child.cpu_seconds() - self.server
        self.busy = busy_seconds() - self.busy

    def figure(self, events: int, note: str = "") -> Figure:
        return Figure(
            value=events / self.seconds,
            load_share=self.load / self.seconds,
            server_share=self.server / self.seconds,
            note=note,
            others_share=max(0.0, self.busy - self.load - self.server) / self.seconds,
        )
