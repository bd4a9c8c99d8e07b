"""What one run measured, and what several rounds of it come to."""

import time
from dataclasses import dataclass
from statistics import median
from types import TracebackType

from .child import Child

# Above this share of its core, the load may have been what set the figure.
BUSY_SHARE = 0.9


@dataclass(frozen=True)
class Figure:
    """One round of one server. Shares are of one core, over the measured time."""

    value: float
    load_share: float = 0.0
    server_share: float = 0.0
    note: str = ""

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


class Meter:
    """Times a `with` block, and who was busy in it: this process, and the server's tree."""

    def __init__(self, child: Child) -> None:
        self.child = child

    def __enter__(self) -> "Meter":
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

    def figure(self, events: int, note: str = "") -> Figure:
        return Figure(
            value=events / self.seconds,
            load_share=self.load / self.seconds,
            server_share=self.server / self.seconds,
            note=note,
        )
