"""What the master and its workers tell each other: each of these once, Progress often.

worker  Ready               all clients are in, or have failed
master  Go, or Stop         Stop may come at any time
worker  Progress ...
worker  Spoken              all clients have stopped talking
master  Owed                how many lines each room has to deliver
worker  WorkerReport        the end
"""

from array import array
from collections import Counter
from dataclasses import dataclass, field

from loadtest.options import Options
from loadtest.pace import Pace
from loadtest.witness import Witness


@dataclass(frozen=True)
class WorkerPlan:
    """What a new worker is told."""

    options: Options
    tag: bytes
    zero_ns: int
    senders: range


@dataclass(frozen=True)
class Ready:
    entered: int


@dataclass(frozen=True)
class Go:
    pace: Pace


@dataclass(frozen=True)
class Stop:
    pass


@dataclass(frozen=True)
class Progress:
    sent: int
    heard: int


@dataclass(frozen=True)
class Spoken:
    lines: dict[int, int]  # by room


@dataclass(frozen=True)
class Owed:
    lines: Counter[int]  # by room, of all workers


@dataclass(frozen=True)
class WorkerReport:
    witnesses: list[Witness]
    latencies: bytes = b""  # an encoded histogram
    cpu_share: float = 0.0  # while the clients talked; 1.0 is a whole core
    delays_ns: "array[int]" = field(default_factory=lambda: array("q"))
    last_heard_ns: int = 0


FromWorker = Ready | Progress | Spoken | WorkerReport
ToWorker = Go | Owed | Stop
