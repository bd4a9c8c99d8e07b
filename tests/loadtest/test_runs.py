"""Whole runs: processes, threads, sockets, and servers that are wrong in one known way."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHORT = ("--clients", "8", "--duration", "0.2", "--rate", "200", "--drain", "0.7")
COUNTS = ("skipped", "lost", "duplicated", "reordered", "errors")

Load = Callable[..., Any]
Fake = Callable[..., Any]


def wrong(figures: dict[str, Any]) -> dict[str, int]:
    """The counts that are not zero."""
    return {name: figures[name] for name in COUNTS if figures[name]}


class TestChat:
    def test_a_faithful_server_passes(self, fake: Fake, load: Load, tmp_path: Path) -> None:
        picture = tmp_path / "latency.png"
        run = load(fake(), *SHORT, "--processes", "2", "--plot", str(picture))
        assert (run.code, run.err.count("Traceback")) == (0, 0), run
        assert wrong(run.figures) == {}
        assert run.figures["delivered"] == run.figures["sent"] * 7 > 0
        assert 0 < run.figures["p50_ms"] <= run.figures["p99_ms"] <= run.figures["max_ms"]
        assert run.figures["throughput"] > 0
        assert "PASSED" in run.out
        assert picture.read_bytes().startswith(b"\x89PNG")

    def test_rooms_are_kept_apart(self, fake: Fake, load: Load) -> None:
        run = load(fake(), *SHORT, "--rooms", "2", "--rate", "max")
        assert (run.code, wrong(run.figures)) == (0, {}), run
        assert run.figures["delivered"] == run.figures["sent"] * 3 > 0

    def test_a_lost_line_is_found(self, fake: Fake, load: Load) -> None:
        def deliver(member: Any, nth: int, line: bytes) -> list[bytes]:
            return [] if (member.number, nth) == (3, 5) else [line]

        run = load(fake(deliver=deliver), *SHORT)
        assert (run.code, wrong(run.figures)) == (1, {"lost": 1}), run
        assert "FAILED" in run.out
        first = run.figures["first"]["lost"]
        line = f'"Thread-{first["sender"]} say hello {first["number"]}"'
        assert f"first lost: {line} never came to Thread-{first['clients'][0]}" in run.out

    def test_a_line_that_comes_twice_is_found(self, fake: Fake, load: Load) -> None:
        def deliver(member: Any, nth: int, line: bytes) -> list[bytes]:
            return [line, line] if (member.number, nth) == (3, 5) else [line]

        run = load(fake(deliver=deliver), *SHORT)
        assert (run.code, wrong(run.figures)) == (1, {"duplicated": 1}), run

    def test_two_lines_that_changed_places_are_found(self, fake: Fake, load: Load) -> None:
        def deliver(member: Any, nth: int, line: bytes) -> list[bytes]:
            if (member.number, nth) == (3, 5):
                member.kept.append(line)
                return []
            return [line, *(member.kept.pop() for _ in member.kept[:1])]

        run = load(fake(deliver=deliver), *SHORT)
        assert (run.code, wrong(run.figures)) == (1, {"reordered": 1}), run

    def test_an_announced_gap_is_no_failure(self, fake: Fake, load: Load) -> None:
        def deliver(member: Any, nth: int, line: bytes) -> list[bytes]:
            if member.number != 3 or not 5 <= nth <= 15:
                return [line]
            return [b"-- 11 lines skipped; /history 11 --\r\n"] if nth == 15 else []

        run = load(fake(deliver=deliver), *SHORT)
        assert (run.code, wrong(run.figures)) == (0, {"skipped": 11}), run
        assert "announced" in run.out

    def test_more_missing_than_announced_is_lost(self, fake: Fake, load: Load) -> None:
        def deliver(member: Any, nth: int, line: bytes) -> list[bytes]:
            if member.number != 3 or not 5 <= nth <= 15:
                return [line]
            return [b"-- 9 lines skipped; /history 9 --\r\n"] if nth == 15 else []

        run = load(fake(deliver=deliver), *SHORT)
        assert (run.code, wrong(run.figures)) == (1, {"skipped": 9, "lost": 2}), run

    def test_a_changed_line_is_found(self, fake: Fake, load: Load) -> None:
        def deliver(member: Any, nth: int, line: bytes) -> list[bytes]:
            return [line.replace(b"say", b"said")] if (member.number, nth) == (3, 5) else [line]

        run = load(fake(deliver=deliver), *SHORT)
        assert run.code == 1
        assert run.figures["errors_by_kind"] == {"mismatch": 1}
        assert " said hello " in run.figures["first"]["mismatch"]["read"]

    def test_a_line_from_another_room_is_found(self, fake: Fake, load: Load) -> None:
        stolen: list[bytes] = []

        def deliver(member: Any, nth: int, line: bytes) -> list[bytes]:
            if member.room == b"#load1":
                stolen.append(line)
                return [line]
            return [line, *stolen[:1]] if nth == 5 else [line]

        run = load(fake(deliver=deliver), *SHORT, "--rooms", "2")
        assert run.code == 1
        assert run.figures["errors_by_kind"] == {"stray": 4}

    def test_refused_lines_are_errors_but_not_lost(self, fake: Fake, load: Load) -> None:
        def refuse(said: int) -> bytes:
            return b"-> Slow down: line not sent, try again in 2 s." if said % 10 == 0 else b""

        run = load(fake(refuse=refuse), *SHORT)
        assert run.code == 1
        refused = run.figures["sent"] // 10
        assert wrong(run.figures) == {"errors": refused}
        assert run.figures["errors_by_kind"] == {"slow-down": refused}

    def test_a_full_server_is_named(self, fake: Fake, load: Load) -> None:
        run = load(fake(seats=6), *SHORT)  # one is taken by the first look at the server
        assert run.code == 1
        assert run.figures["errors_by_kind"] == {"server-full": 3}
        assert (run.figures["entered"], run.figures["lost"]) == (5, 0)

    def test_a_connection_that_is_closed_is_counted_once(self, fake: Fake, load: Load) -> None:
        run = load(fake(hang_up_after=20), *SHORT)
        assert run.code == 1
        assert set(run.figures["errors_by_kind"]) <= {"closed", "reset"}
        assert wrong(run.figures) == {"errors": 1}

    def test_so_is_one_that_the_server_closes_with_a_word(self, fake: Fake, load: Load) -> None:
        words = b"-> The server is shutting down. Come back soon.\r\n"
        run = load(fake(hang_up_after=20, farewell=words), *SHORT)
        assert run.code == 1
        assert set(run.figures["errors_by_kind"]) <= {"closed", "reset"}
        assert wrong(run.figures) == {"errors": 1}

    def test_they_talk_where_they_are_told(self, fake: Fake, load: Load) -> None:
        rooms: set[bytes] = set()

        def deliver(member: Any, nth: int, line: bytes) -> list[bytes]:
            rooms.add(member.room)
            return [line]

        assert load(fake(deliver=deliver), *SHORT).code == 0
        assert load(fake(deliver=deliver), *SHORT, "--room", "#lobby").code == 0
        assert rooms == {b"#load", b"#lobby"}

    def test_rooms_in_which_nobody_speaks(self, fake: Fake, load: Load) -> None:
        run = load(fake(), *SHORT, "--rooms", "4", "--rate", "10")  # Two lines, of four rooms.
        assert (run.code, wrong(run.figures)) == (0, {}), run
        assert (run.figures["sent"], run.figures["delivered"]) == (2, 2)


class TestEcho:
    def test_every_answer_is_compared(self, fake: Fake, load: Load) -> None:
        run = load(fake("echo"), "--mode", "echo", *SHORT)
        assert (run.code, wrong(run.figures)) == (0, {}), run
        assert run.figures["delivered"] == run.figures["sent"] > 0

    def test_upper(self, fake: Fake, load: Load) -> None:
        server = fake("upper", echo=bytes.upper)
        run = load(server, "--mode", "upper", *SHORT, "--rate", "max", "--size", "200")
        assert (run.code, wrong(run.figures)) == (0, {}), run
        assert run.figures["sent"] > 0

    def test_a_wrong_answer_is_found(self, fake: Fake, load: Load) -> None:
        server = fake("echo", echo=lambda data: data.replace(b"Thread-3 say", b"Thread-4 say"))
        run = load(server, "--mode", "echo", *SHORT)
        assert run.code == 1
        assert run.figures["errors_by_kind"] == {"mismatch": 1}
        first = run.figures["first"]["mismatch"]
        assert (first["sender"], first["number"], first["clients"]) == (3, 0, [3])


class TestThatCannotStart:
    @pytest.mark.parametrize(
        ("serves", "asked", "says"),
        [
            ("echo", "chat", "serves echo, not chat"),
            ("chat", "upper", "serves chat, not upper"),
        ],
    )
    def test_wrong_mode(self, fake: Fake, load: Load, serves: str, asked: str, says: str) -> None:
        run = load(fake(serves), "--mode", asked)
        assert (run.code, run.out) == (2, "")
        assert says in run.err
        assert "Traceback" not in run.err

    def test_no_server(self, load: Load) -> None:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        run = load(port)
        assert run.code == 2
        assert f"no server at 127.0.0.1:{port}: start one with scripts/serve" in run.err


def test_ctrl_c_leaves_a_report(fake: Fake) -> None:
    command = [sys.executable, "-u", "-m", "loadtest", "--port", str(fake().port), *SHORT]
    with subprocess.Popen(
        [*command, "--duration", "50"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        assert any("talking" in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Interrupted" in out
    assert "delivered" in out
