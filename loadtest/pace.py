"""When each line is due: all clients take turns, evenly spread over every round."""

import time
from dataclasses import dataclass

NS = 1_000_000_000
# Lines that fell due before the end are still said, up to this long after it: leaving out the late
# ones would leave out the worst latencies.
OVERTIME_NS = NS


@dataclass(frozen=True)
class Pace:
    """Times are CLOCK_MONOTONIC in nanoseconds, the same clock in every process."""

    clients: int
    rate: float | None  # lines a second of all clients together; None: the next follows the last
    start_ns: int
    end_ns: int

    @property
    def last_ns(self) -> int:
        """From here on nothing is said, due or not."""
        return self.end_ns if self.rate is None else self.end_ns + OVERTIME_NS

    def due_ns(self, sender: int, number: int) -> int:
        """When the line should be sent: now, if there is no rate to keep.

        Latency counts from here, not from when the client got round to it: otherwise a server
        that stalls would be asked less, and look better (coordinated omission).
        """
        if self.rate is None:
            return max(self.start_ns, time.monotonic_ns())
        turn = number * self.clients + sender - 1
        return self.start_ns + int(turn * NS / self.rate)
