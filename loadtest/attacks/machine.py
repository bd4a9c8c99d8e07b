"""How late the machine itself is: a process of its own that sleeps, and looks at the server.

A figure of 40 ms is the server's if it was at work all the while, and the machine's if the server,
or whoever measured it, stood in the kernel's queue for a core that somebody else had. The kernel
counts that waiting for each process (the second number of /proc/PID/schedstat), and this program
reads it every 2 ms, on the server's core. How late it wakes up itself shows the same once more.
"""

import json
import os
import select
import subprocess
import sys
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from loadtest.attacks.watcher import Phase, Took
from loadtest.compare.child import PAGE_BYTES
from loadtest.compare.cores import pinned

SLEEP_S = 0.002


_at = attrgetter("at")


class Sample(NamedTuple):
    """One look, in seconds and bytes."""

    at: float
    late: float  # how much longer than asked for the probe slept
    waited: float  # how long server and watcher have waited for their cores, since their start
    memory: float  # of the server


@dataclass
class Noise:
    """What the probe saw, in order."""

    samples: list[Sample] = field(default_factory=list)

    def within(self, start: float, end: float) -> float:
        """Seconds of this stretch in which server or watcher wanted to run and were not let."""
        before = bisect_right(self.samples, start, key=_at) - 1
        after = bisect_left(self.samples, end + SLEEP_S, key=_at)
        if before < 0 or after == len(self.samples):
            return 0.0
        return min(self.samples[after].waited - self.samples[before].waited, end - start)

    def without(self, phase: Phase) -> Phase:
        """The phase as it would have been on a machine that nobody else uses."""
        return Phase(
            [self._less(one) for one in phase.trips],
            [self._less(one) for one in phase.lines],
            phase.lost,
        )

    def _less(self, one: Took) -> Took:
        return Took(one.at, one.seconds - self.within(one.at, one.at + one.seconds))

    def latest(self, start: float, end: float) -> float:
        """The worst lateness of somebody who only sleeps, in seconds."""
        return max((one.late for one in self.samples if start <= one.at <= end), default=0.0)

    def peak(self, start: float, end: float) -> float:
        """The most memory that the server had, in bytes."""
        return max((one.memory for one in self.samples if start <= one.at <= end), default=0.0)


class Probe:
    """The running program. `noise` is to be asked for once, at the end."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def noise(self) -> Noise:
        """Stop, and tell."""
        out, _ = self._process.communicate("", timeout=30)
        return Noise([Sample(*sample) for sample in json.loads(out or "[]")])


@contextmanager
def probing(server: int, core: int) -> Iterator[Probe]:
    """Watch that process from its own core, and this one, which is the watcher's."""
    command = [sys.executable, "-m", "loadtest.attacks.machine", str(server), str(os.getpid())]
    pipe = subprocess.PIPE
    with pinned(core):
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
    try:
        yield Probe(process)
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                with suppress(OSError):
                    stream.close()


def main(server: int, watcher: int) -> None:
    """Sample until standard input ends."""
    memory = Path(f"/proc/{server}/statm")
    schedules = [Path(f"/proc/{pid}/schedstat") for pid in (server, watcher)]
    samples = []
    try:
        while not select.select([sys.stdin], [], [], 0)[0]:
            before = time.monotonic()
            time.sleep(SLEEP_S)
            now = time.monotonic()
            waited = sum(int(one.read_text().split()[1]) for one in schedules) / 1e9
            pages = int(memory.read_text().split()[1])
            samples.append((now, now - before - SLEEP_S, waited, pages * PAGE_BYTES))
    except OSError:
        pass  # It has ended, or this kernel does not count.
    json.dump(samples, sys.stdout)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
