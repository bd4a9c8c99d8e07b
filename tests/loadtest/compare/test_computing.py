"""What the others wait beside one who computes: counted right, whatever the server does."""

import socket
import sys
from pathlib import Path

import pytest

from loadtest.compare import comparisons, computing
from loadtest.compare.child import free_port, running
from loadtest.compare.cli import main
from loadtest.compare.computing import ANSWER, REQUEST, Asker, Task, share
from loadtest.compare.cores import pick
from loadtest.compare.errors import RowFailed
from loadtest.compare.targets import model

QUICK = ["--rounds", "1", "--seconds", "0.2", "--connections", "4", "--compute-ms", "20"]


@pytest.fixture
def asker():
    here, there = socket.socketpair()
    with here, there:
        yield Asker(here)


def test_answers_in_pieces_and_several_in_one_are_each_counted(asker: Asker) -> None:
    for now in (1.0, 2.0, 3.0):
        asker.ask(now)
    asker.answered(ANSWER[:10], 4.0)
    assert asker.waits == []
    asker.answered(ANSWER[10:] + ANSWER + ANSWER[:1], 5.0)
    assert asker.waits == [4.0, 3.0]
    asker.answered(ANSWER[1:], 7.0)
    assert asker.waits == [4.0, 3.0, 4.0]


def test_what_is_not_answered_counts_once_with_its_age(asker: Asker) -> None:
    asker.ask(1.0)
    asker.ask(2.0)
    asker.count_unanswered(5.0)
    asker.ask(6.0)
    asker.answered(ANSWER * 3, 9.0)
    assert asker.waits == [4.0, 3.0, 3.0]


@pytest.mark.parametrize("data", [b"", REQUEST, ANSWER + b"x", ANSWER * 2])
def test_a_wrong_answer_fails_the_row(asker: Asker, data: bytes) -> None:
    asker.ask(1.0)
    with pytest.raises(RowFailed):
        asker.answered(data, 2.0)


@pytest.mark.parametrize(("part", "found"), [(0.5, 51), (0.99, 100), (1.0, 100)])
def test_shares_of_sorted_waits(part: float, found: float) -> None:
    assert share([float(number) for number in range(1, 101)], part) == found


# Answers everybody but the client that has it compute: that one waits for ever.
NEVER_COMPUTES = """
import socket, sys, threading
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
def talk(sock):
    while data := sock.recv(4096):
        if not data.startswith(b"compute"):
            sock.sendall(data.upper())
while True:
    threading.Thread(target=talk, args=listener.accept()[:1], daemon=True).start()
"""


def test_one_whose_work_is_never_done_is_told_as_none_a_second(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-c", NEVER_COMPUTES, str(port)]
    with running(command, port, pick(), tmp_path, tmp_path / "stderr") as child:
        figures = dict(computing.measure(child, Task(3, 0.1, 20, 0)))
    assert list(figures) == computing.COLUMNS
    assert figures[computing.COMPUTED].value == 0
    assert 0 < figures[computing.HALF].value <= figures[computing.WORST].value


def test_the_table_has_a_row_for_each_model(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        model("epoll", "servers.epoll_loop", "--computing"),
        model("blocking", "servers.blocking", "--computing"),
    ]
    monkeypatch.setattr(comparisons.targets, "models", lambda *_flags: rows)
    assert main(["computing", *QUICK, "--markdown"]) == 0
    head, _line, epoll, blocking = capsys.readouterr().out.strip().split("\n")
    assert head == f"| | {' | '.join(computing.COLUMNS)} |"
    assert epoll.startswith("| epoll | **")
    assert "answered 0 of 3 clients" in blocking


def test_a_model_that_cannot_compute_fails_its_row(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [model("echo", "servers.epoll_loop", "--echo")]
    monkeypatch.setattr(comparisons.targets, "models", lambda *_flags: rows)
    # It ends with the first answer; the time is only for a server that is slow to begin.
    assert main(["computing", *QUICK, "--seconds", "10"]) == 1
    assert "echo: failed: answered b'the quick" in capsys.readouterr().out
