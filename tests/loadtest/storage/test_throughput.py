"""What is measured is what happened; how fast this machine is, no test asks."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from loadtest.compare.figures import Figure
from loadtest.storage import throughput
from loadtest.storage.errors import Stuck
from loadtest.storage.kinds import Place
from loadtest.storage.serving import serving
from loadtest.storage.throughput import Bench, Row, rows
from loadtest.storage.writers import Desk, Taken, Writer, writers


def test_every_line_is_answered_and_kept(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throughput, "MORE_ATTEMPTS", 0)
    monkeypatch.setattr(throughput, "WRITERS", 5)
    told = list(rows(Place(database, tmp_path), tmp_path, 0.2))
    assert [row.what for row in told] == [
        "1 unanswered each",
        "10 unanswered each",
        "5,000/s offered",
    ]
    for row in told:
        assert row.taken.sent == row.taken.acknowledged == len(row.taken.micros)
        assert row.taken.in_time <= row.taken.sent > 0
        assert min(row.taken.micros) > 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_line_that_is_not_kept_makes_it_fail(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throughput, "MORE_ATTEMPTS", 0)
    monkeypatch.setattr(throughput, "WRITERS", 2)
    monkeypatch.setattr(throughput.kept, "count", lambda url: 7)
    with pytest.raises(Stuck, match="7 are kept"):
        list(rows(Place(database, tmp_path), tmp_path, 0.05))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_server_that_hangs_up_is_told(database: str, tmp_path: Path) -> None:
    with serving(database, tmp_path) as child, writers(child.port, 2) as those:
        desk = Desk(those)
        child.process.kill()
        with pytest.raises((Stuck, OSError)):
            desk.at_rate(30.0, 100.0)
        desk.close()


def test_who_cannot_send_is_stuck() -> None:
    one, other = socket.socketpair()
    writer = Writer.__new__(Writer)
    writer.sock, writer.head = one, b"PRIVMSG #a :"
    one.setblocking(False)
    with one, other, pytest.raises(Stuck, match="too slowly"):
        writer.say(0, 1_000_000, 0.0)


def test_percentiles() -> None:
    taken = Taken()
    taken.micros.extend(range(1000, 101_000, 1000))
    assert [taken.percentile_ms(share) for share in (0.0, 0.5, 0.99, 1.0)] == [1, 51, 100, 100]


def test_what_others_disturbed_is_measured_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least disturbed counts, whatever came of it; what the database took is no disturbance."""
    shares = iter([0.9, 0.5, 0.7, 0.45])

    def once(self: Bench, what: str, program: object) -> Row:
        return Row(what, Figure(1.0, others_share=next(shares)), Taken(), 0.4)

    monkeypatch.setattr(Bench, "once", once)
    bench = Bench.__new__(Bench)
    assert bench.quietest("x", lambda desk: None).figure.others_share == 0.5
    assert list(shares) == [0.7, 0.45]
