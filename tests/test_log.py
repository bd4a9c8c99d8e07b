"""The log never waits for whoever reads it."""

from __future__ import annotations

import _thread
import logging
import os
import select
import time

import pytest

from geventchat.log import QUEUE_LINES, QueueHandler, Sparing

HANG_S = 30.0


def record(text: str) -> logging.LogRecord:
    return logging.LogRecord("geventchat", logging.INFO, "", 0, text, (), None)


def read_until(fd: int, last: bytes) -> bytes:
    data = b""
    give_up = time.monotonic() + HANG_S
    while last not in data and time.monotonic() < give_up:
        data += read_some(fd)
    return data


def read_some(fd: int) -> bytes:
    """What comes next; a pipe into which nothing comes fails the test instead of hanging it."""
    ready, _, _ = select.select([fd], [], [], HANG_S)
    assert ready
    return os.read(fd, 65536)


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
        data += read_some(reading)
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


def test_when_the_pipe_breaks_the_log_is_given_up_and_nobody_waits() -> None:
    threads = _thread._count()
    reading, writing = os.pipe()
    handler = QueueHandler(writing)
    handler.emit(record("seen"))
    assert read_some(reading) == b"seen\n"
    os.close(reading)
    handler.emit(record("not seen"))
    give_up = time.monotonic() + HANG_S
    while _thread._count() > threads and time.monotonic() < give_up:
        time.sleep(0.001)
    assert _thread._count() == threads  # The writer has gone, and said nothing of it.
    for number in range(QUEUE_LINES + 10):
        handler.emit(record(f"line {number}"))
    assert handler.dropped == 10
    os.close(writing)


def test_a_filter_may_replace_a_record_or_drop_it() -> None:
    reading, writing = os.pipe()
    handler = QueueHandler(writing)
    handler.addFilter(lambda heard: "secret" not in heard.msg)
    assert not handler.handle(record("a secret"))
    assert handler.handle(record("no news"))
    assert read_until(reading, b"news\n") == b"no news\n"
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


def test_many_refusals_are_logged_sparingly(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    caplog.set_level("INFO")
    sparing = Sparing(logging.getLogger("geventchat"), 2, logging.INFO, clock=lambda: now)
    for number in range(5):
        sparing.record(f"refused {number}", failed=True)
    now = 60.0
    sparing.record("refused 5", failed=True)
    assert [(line.levelname, line.getMessage()) for line in caplog.records] == [
        ("INFO", "refused 0"),
        ("INFO", "refused 1"),
        ("INFO", "3 more failures were not logged"),
        ("INFO", "refused 5"),
    ]
