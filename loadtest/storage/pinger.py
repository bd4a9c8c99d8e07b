"""A client that asks for the time and nothing else: whoever waits for a database, it does not.

(PING would: its answer stands behind all that anybody had said before.)

A process of its own, so that nothing it measures is the work of those who talk. How long the
server wanted a core and had none is taken off: that is the machine's doing (see `attacks.machine`).
"""

import json
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loadtest.attacks.client import IrcClient
from loadtest.compare.child import Child

APART_S = 0.02


class Pinger:
    """The running program. `trips` is to be asked for once, at the end."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def trips(self) -> list[tuple[float, float]]:
        """Stop, and tell of each question when it was sent and how long it took, in seconds."""
        out, _ = self._process.communicate("", timeout=60)
        return [(at, took) for at, took in json.loads(out or "[]")]


@contextmanager
def pinging(child: Child) -> Iterator[Pinger]:
    """Ask that server all the time, without a pause for an answer that is late."""
    command = [sys.executable, "-m", "loadtest.storage.pinger", str(child.port)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [*command, str(child.process.pid)], stdin=pipe, stdout=pipe, text=True
    )
    try:
        yield Pinger(process)
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()


def main(port: int, server: int) -> None:
    """Ask until standard input ends."""
    # All threads: one that holds the interpreter's lock and has no core holds up the hub.
    threads = [Path(f"/proc/{pid}/task") for pid in (server, "self")]

    def waited() -> float:
        schedules = [one / "schedstat" for each in threads for one in each.iterdir()]
        return sum(int(one.read_text().split()[1]) for one in schedules) / 1e9

    trips = []
    with IrcClient(port, "pinger") as client:
        while not select.select([sys.stdin], [], [], APART_S)[0]:
            at, before = time.monotonic(), waited()
            client.send("TIME")
            client.until(r" 391 ")
            took = time.monotonic() - at
            trips.append((at, max(0.0, took - (waited() - before))))
    json.dump(trips, sys.stdout)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
