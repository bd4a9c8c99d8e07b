"""What a line costs: how many are acknowledged in a second, and how long one takes.

A hundred write, each in a room of its own. Nobody is kept to a core: the server, its database and
the load share what the machine has, as they would anywhere. What others took of it is told, and a
measurement that they disturbed is made again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from loadtest.compare.child import Child
from loadtest.compare.figures import MORE_ATTEMPTS, OTHERS_SHARE, Figure, Meter, measuring
from loadtest.storage import kept
from loadtest.storage.errors import Stuck
from loadtest.storage.kinds import Place
from loadtest.storage.serving import serving
from loadtest.storage.writers import Desk, Taken, Writer, writers

WRITERS = 100
# How many lines of each writer are unanswered at a time: one who waits for each, and a paste.
WINDOWS = (1, 10)
OFFERED = 5000

Program = Callable[[Desk], None]


@dataclass(frozen=True)
class Row:
    """One measurement. Shares are of one core."""

    what: str
    figure: Figure
    taken: Taken
    database_share: float

    @property
    def others_share(self) -> float:
        return max(0.0, self.figure.others_share - self.database_share)

    def cells(self) -> dict[str, object]:
        """What it says in a table."""
        return {
            "lines": self.what,
            "acknowledged/s": round(self.figure.value),
            "p50 ms": f"{self.taken.percentile_ms(0.5):.1f}",
            "p99 ms": f"{self.taken.percentile_ms(0.99):.1f}",
            "server": f"{self.figure.server_share:.0%}",
            "database": f"{self.database_share:.0%}",
            "load": f"{self.figure.load_share:.0%}",
            "others": f"{self.others_share:.0%}",
        }


def rows(where: Place, directory: Path, seconds: float) -> Iterator[Row]:
    """All measurements of one database. Raises Stuck when not every line is kept once."""
    with serving(where.url, directory) as child, writers(child.port, WRITERS) as those:
        bench = Bench(where, child, those)
        bench.once("", lambda desk: desk.at_rate(1.0, OFFERED))  # To warm up.
        for window in WINDOWS:
            yield bench.quietest(f"{window} unanswered each", _flat_out(seconds, window))
        yield bench.quietest(f"{OFFERED:,}/s offered", lambda desk: desk.at_rate(seconds, OFFERED))
    if (count := kept.count(where.url)) != bench.acknowledged:
        raise Stuck(f"{bench.acknowledged} lines were acknowledged, and {count} are kept")


def _flat_out(seconds: float, window: int) -> Program:
    return lambda desk: desk.as_fast_as_can_be(seconds, window)


@dataclass
class Bench:
    """A server and those who write to it."""

    where: Place
    child: Child
    those: list[Writer]
    acknowledged: int = field(default=0, init=False)  # in all

    def quietest(self, what: str, program: Program) -> Row:
        """The measurement that others disturbed least; the first, if they did not."""
        best = self.once(what, program)
        for _ in range(MORE_ATTEMPTS):
            if best.others_share <= OTHERS_SHARE:
                break
            best = min(best, self.once(what, program), key=lambda row: row.others_share)
        return best

    def once(self, what: str, program: Program) -> Row:
        """One measurement, and then the answers that came too late for it."""
        desk = Desk(self.those)
        database = self.where.cpu_seconds()
        try:
            with measuring(self.child), Meter(self.child) as meter:
                program(desk)
            database = self.where.cpu_seconds() - database
            desk.rest()
        finally:
            desk.close()
        self.acknowledged += desk.taken.acknowledged
        return Row(what, meter.figure(desk.taken.in_time), desk.taken, database / meter.seconds)
