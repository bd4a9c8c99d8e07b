"""Who does not read harms nobody; who reads late is told exactly what was skipped."""

from __future__ import annotations

import re
import threading

import pytest

from tests.conftest import Serve
from tests.line_client import LineClient
from tests.running import Running

GAP = re.compile(r"-- ([\d,]+) lines? skipped; /history \1(?: #\w+)? --")
LINE = re.compile(r"\[\d\d:\d\d\] <writer> (\d+) x*")
PAD = "x" * 1000
# The kernel takes little, and on the slowest machine nobody is given up for reading nothing.
SLOW = ("--send-buffer-bytes", "4096", "--stall-timeout-s", "3600")


def write(writer: LineClient, first: int, count: int) -> None:
    for number in range(first, first + count, 20):
        writer.ask(*[f"{n} {PAD}" for n in range(number, min(number + 20, first + count))])


def delivered_and_skipped(lines: list[str]) -> tuple[list[int], list[tuple[int, int]]]:
    """The numbers that came, and each gap as (how many had come before it, how many skipped)."""
    came: list[int] = []
    gaps: list[tuple[int, int]] = []
    for line in lines:
        if found := LINE.fullmatch(line):
            came.append(int(found[1]))
        elif found := GAP.fullmatch(line):
            gaps.append((len(came), int(found[1].replace(",", ""))))
        else:
            raise AssertionError(line)
    return came, gaps


@pytest.fixture
def lagging(serve: Serve) -> Running:
    return serve("--backlog-events", "32", *SLOW)


def test_a_gap_is_told_exactly_and_in_its_place(lagging: Running) -> None:
    late = lagging.line_client(receive_buffer=4096)
    writer = lagging.line_client("writer")
    late.ask()
    total = 2000
    write(writer, 0, total)
    # What comes last was said before the ping, so nothing is missing behind it.
    came, gaps = delivered_and_skipped(late.ask())
    assert gaps, "the reader was meant to fall behind"
    assert len(came) + sum(skipped for _, skipped in gaps) == total
    assert came == without(total, gaps)
    assert came[-1] == total - 1


def without(total: int, gaps: list[tuple[int, int]]) -> list[int]:
    """The numbers below `total` but for those in the gaps."""
    left = list(range(total))
    for before, skipped in gaps:
        del left[before : before + skipped]
    return left


def test_one_wakes_late_again_and_again(lagging: Running) -> None:
    late = lagging.line_client(receive_buffer=4096)
    writer = lagging.line_client("writer")
    late.ask()
    for round_ in range(4):
        write(writer, round_ * 500, 500)
        came, gaps = delivered_and_skipped(late.ask())
        assert len(came) + sum(skipped for _, skipped in gaps) == 500
        assert came[-1] == round_ * 500 + 499


def test_a_skipped_line_can_be_read(lagging: Running) -> None:
    late = lagging.line_client(receive_buffer=4096)
    writer = lagging.line_client("writer")
    late.ask()
    write(writer, 0, 400)
    assert delivered_and_skipped(late.ask())[1]
    lines = late.ask("/history 400")
    numbers = [int(line.split()[3]) for line in lines[:-1]]
    assert numbers == list(range(400))


def test_a_gap_in_another_room_names_it(lagging: Running) -> None:
    late = lagging.line_client(receive_buffer=4096)
    writer = lagging.line_client("writer")
    late.ask("/join #dev")
    write(writer, 0, 1000)
    gaps = [line for line in late.ask() if "skipped" in line]
    assert gaps
    assert all(re.fullmatch(r"-- (\d+) lines skipped; /history \1 #lobby --", gap) for gap in gaps)


def test_own_lines_are_not_counted_as_skipped(lagging: Running) -> None:
    both = lagging.line_client("both", receive_buffer=4096)
    writer = lagging.line_client("writer")
    both.ask()
    write(writer, 0, 600)
    both.send(*["mine"] * 10)
    write(writer, 600, 600)
    came, gaps = delivered_and_skipped(both.ask())
    assert gaps
    assert len(came) + sum(skipped for _, skipped in gaps) == 1200


def test_one_of_a_hundred_who_never_reads_harms_nobody(serve: Serve) -> None:
    server = serve(*SLOW)
    server.line_client(receive_buffer=4096)  # Never read from again.
    readers = [server.line_client() for _ in range(98)]
    writer = server.line_client("writer")
    for reader in readers:
        reader.ask()
    total = 600

    def read_all(reader: LineClient, results: list[list[int]]) -> None:
        came: list[int] = []
        while len(came) < total:
            if found := LINE.fullmatch(reader.line()):
                came.append(int(found[1]))
        results.append(came)

    results: list[list[int]] = []
    reading = [threading.Thread(target=read_all, args=(r, results)) for r in readers]
    for thread in reading:
        thread.start()
    write(writer, 0, total)
    for thread in reading:
        thread.join(60)
    assert results == [list(range(total))] * 98


def test_who_takes_nothing_for_too_long_is_let_go(serve: Serve) -> None:
    server = serve("--send-buffer-bytes", "4096", "--stall-timeout-s", "1")
    deaf = server.line_client("deaf", receive_buffer=4096)
    writer = server.line_client("writer")
    write(writer, 0, 600)
    writer.expect(r"\*\*\* deaf left \(read nothing for too long\)\.")
    assert "-> 1 user online." in writer.ask("/who")
    with pytest.raises((EOFError, ConnectionResetError)):
        while True:
            deaf.line()


def test_private_lines_nobody_reads_have_a_bound(serve: Serve) -> None:
    server = serve("--outbox-max-items", "16", *SLOW)
    deaf = server.line_client("deaf", receive_buffer=4096)
    writer = server.line_client("writer")
    writer.ask()
    for _ in range(50):
        writer.send(*[f"/msg deaf {PAD}"] * 10)
        writer.ask()
    writer.ask("/msg deaf hello?")
    came = skipped = 0
    while came + skipped < 501:  # As it reads there is place again, and then none.
        line = deaf.line()
        came += "] [PM from writer] " in line
        told = re.fullmatch(r"-- (\d+) private lines? skipped: .*", line)
        skipped += int(told[1]) if told else 0
    assert skipped
    assert came + skipped == 501
    assert "-> [PM to deaf] again" in writer.ask("/msg deaf again")
    deaf.expect(r".* \[PM from writer\] again")
