"""Logging that never waits for whoever reads it.

A full stderr pipe would stall every client for seconds. So the hub only puts
lines into a queue without locks, and a native thread writes them; when the
queue is full, lines are dropped and counted.
"""

from __future__ import annotations

import _queue
import logging
import os
import sys
import time
from collections.abc import Callable

from gevent import monkey

QUEUE_LINES = 10_000
_start_native_thread = monkey.get_original("_thread", "start_new_thread")


class QueueHandler(logging.Handler):
    """Formats on the hub, hands the bytes to the writing thread."""

    def __init__(self, fd: int = 2) -> None:
        super().__init__()
        self._queue: _queue.SimpleQueue[bytes] = _queue.SimpleQueue()
        self._fd = fd
        self.dropped = 0
        _start_native_thread(self._write_forever, ())

    def handle(self, record: logging.LogRecord) -> bool:
        """As logging's own, without its lock: only the hub's thread comes here."""
        kept: object = self.filter(record)  # Since 3.12 it may be another record.
        if kept:
            self.emit(kept if isinstance(kept, logging.LogRecord) else record)
        return bool(kept)

    def emit(self, record: logging.LogRecord) -> None:
        if self._queue.qsize() >= QUEUE_LINES:
            self.dropped += 1
            return
        if self.dropped:
            self._queue.put(f"({self.dropped} log lines dropped)\n".encode())
            self.dropped = 0
        self._queue.put((self.format(record) + "\n").encode(errors="backslashreplace"))

    def _write_forever(self) -> None:
        while True:
            data = self._queue.get()
            try:
                while data:
                    data = data[os.write(self._fd, data) :]
            except OSError:
                return  # Nobody will ever read the log again.


class Sparing:
    """Logs what happened, and of failures so many in a minute; then how many more there were.

    Whoever guesses passwords must not be able to fill the disk with the news of it.
    """

    def __init__(
        self,
        log: logging.Logger,
        failures_a_minute: int = 60,
        level: int = logging.WARNING,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log = log
        self._most = failures_a_minute
        self._level = level
        self._clock = clock
        self._since = clock()
        self._failures = 0

    def record(self, what: str, failed: bool) -> None:
        """Log what failed at the level given, at info what did not."""
        if not failed:
            self._log.info("%s", what)
            return
        now = self._clock()
        if now - self._since >= 60:
            if self._failures > self._most:
                more = self._failures - self._most
                self._log.log(self._level, "%d more failures were not logged", more)
            self._since, self._failures = now, 0
        self._failures += 1
        if self._failures <= self._most:
            self._log.log(self._level, "%s", what)


def set_up(level: str) -> None:
    """Send this project's log to stderr."""
    handler = QueueHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger("geventchat")
    root.addHandler(handler)
    root.propagate = False
    set_level(level)


def set_level(level: str) -> None:
    """Log from that level on: debug, info, warning or error."""
    logging.getLogger("geventchat").setLevel(level.upper())


def say(*lines: str) -> None:
    """Print lines, for as long as somebody reads them: their end is not the server's."""
    try:
        print("\n".join(lines), flush=True)
    except OSError:  # A closed pipe or terminal. What is printed at the exit goes nowhere too.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
