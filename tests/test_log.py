"""The log never waits for whoever reads it."""

from __future__ import annotations

import logging
import os
import time

import pytest

from geventchat.log import QUEUE_LINES, QueueHandler, Sparing


def record(text: str) -> logging.LogRecord:
    return logging.LogRecord("geventchat", logging.INFO, "", 0, text, (), None)


def read_until(fd: int, last: bytes) -> bytes:
    data = b""
    give_up = time.monotonic() + 30
    while last not in data and time.monotonic() < give_up:
        data += os.read(fd, 65536)
    return data


def test_lines_come_out_in_order() -> None:
    reading, writing = os.pipe()
    handler = QueueHandler(writing)
    for number in range(100):
        handler.emit(record(f"line {number}"))
    lines = read_until(reading, b"line 99\n").decode().splitlines()
    assert lines == [f"line {number}" for number in range(100)]
    os.close(reading)


def test_a_full_pipe_stalls_nobody_and_what_was_dropped_is_told() -> None:
    reading, writing = os.pipe()
    handler = QueueHandler(writing)
    count = 3 * QUEUE_LINES
    for number in range(count):  # Nobody reads: this would hang if it waited.
        handler.emit(record(f"line {number}"))
    data = b""
    after = 0
    while not after or handler.dropped:
        # Making room; the next line that finds some tells what was dropped.
        data += os.read(reading, 65536)
        handler.emit(record(f"after {after}"))
        after += 1
    data += read_until(reading, f"\nafter {after - 1}\n".encode())
    lines = data.decode().splitlines()
    told = [int(line[1:].split()[0]) for line in lines if line.endswith("log lines dropped)")]
    numbers = [int(line.split()[1]) for line in lines if line.startswith("line ")]
    assert sum(told) > 0
    assert numbers == sorted(set(numbers))
    assert len(lines) - len(told) + sum(told) == count + after
    os.close(reading)


def test_lines_that_are_no_text() -> None:
    reading, writing = os.pipe()
    handler = QueueHandler(writing)
    handler.emit(record("lone \ud800 surrogate"))
    assert read_until(reading, b"surrogate\n") == b"lone \\ud800 surrogate\n"
    os.close(reading)


def test_failures_are_logged_so_often_in_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    log = logging.getLogger("geventchat.test")
    sparing = Sparing(log, failures_a_minute=2, clock=lambda: now)
    caplog.set_level(logging.INFO, "geventchat.test")
    for nth in range(5):
        sparing.record(f"failure {nth}", failed=True)
    sparing.record("success", failed=False)
    now = 60.0
    sparing.record("failure 5", failed=True)
    assert [(line.levelname, line.message) for line in caplog.records] == [
        ("WARNING", "failure 0"),
        ("WARNING", "failure 1"),
        ("INFO", "success"),
        ("WARNING", "3 more failures were not logged"),
        ("WARNING", "failure 5"),
    ]
