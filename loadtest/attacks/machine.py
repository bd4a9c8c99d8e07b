"""How late the machine itself is: a process of its own that sleeps, and looks at the server.

A figure of 40 ms is the server's if it was at work all the while, and the machine's if it stood in
the kernel's queue for a core that somebody else had. The kernel counts that waiting for each
process (the second number of /proc/PID/schedstat), and this program reads it every 2 ms, on the
server's core. How late it wakes up itself is the same from another side.
"""

import json
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from loadtest.compare.child import PAGE_BYTES
from loadtest.compare.cores import pinned

SLEEP_S = 0.002


class Sample(NamedTuple):
    """One look, in seconds and bytes."""

    at: float
    late: float  # how much longer than asked for the probe slept
    waited: float  # how long the server has waited for its core, since its start
    memory: float  # of the server


@dataclass
class Noise:
    """What the probe saw, in order."""

    samples: list[Sample] = field(default_factory=list)

    def within(self, start: float, end: float) -> float:
        """Seconds of this stretch in which the server wanted to run and was not let."""
        before = [one.waited for one in self.samples if one.at <= start]
        after = [one.waited for one in self.samples if one.at >= end + SLEEP_S]
        if not before or not after:
            return 0.0
        return min(after[0] - before[-1], end - start)

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
def probing(pid: int, core: int) -> Iterator[Probe]:
    """Watch that process from its own core."""
    command = [sys.executable, "-m", "loadtest.attacks.machine", str(pid)]
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


def main(pid: int) -> None:
    """Sample until standard input ends."""
    schedule, memory = Path(f"/proc/{pid}/schedstat"), Path(f"/proc/{pid}/statm")
    samples = []
    try:
        while not select.select([sys.stdin], [], [], 0)[0]:
            before = time.monotonic()
            time.sleep(SLEEP_S)
            now = time.monotonic()
            waited = int(schedule.read_text().split()[1]) / 1e9
            pages = int(memory.read_text().split()[1])
            samples.append((now, now - before - SLEEP_S, waited, pages * PAGE_BYTES))
    except OSError:
        pass  # It has ended, or this kernel does not count.
    json.dump(samples, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
