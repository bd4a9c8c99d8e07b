"""How far the generator itself can be believed: its CPU share and its scheduling delay.

500 threads share one interpreter lock. When it is always taken, answers wait in the kernel and
their latency is the generator's, not the server's.
"""

import threading
import time
from array import array

PROBE_S = 0.010


class Probe(threading.Thread):
    """A thread that sleeps 10 ms at a time, and notes how late it gets to run again."""

    def __init__(self) -> None:
        super().__init__(name="probe", daemon=True)
        self.delays_ns: array[int] = array("q")
        self._over = threading.Event()
        self._cpu_s = self._wall_s = 0.0

    def run(self) -> None:
        self._cpu_s, self._wall_s = time.process_time(), time.monotonic()
        while not self._over.is_set():
            before = time.monotonic_ns()
            time.sleep(PROBE_S)
            self.delays_ns.append(time.monotonic_ns() - before - int(PROBE_S * 1e9))

    def stop(self) -> float:
        """End it. Returns the process's CPU share since its start: 1.0 is one whole core."""
        self._over.set()
        self.join()
        cpu_s, wall_s = time.process_time() - self._cpu_s, time.monotonic() - self._wall_s
        return cpu_s / wall_s if wall_s > 0 else 0.0
