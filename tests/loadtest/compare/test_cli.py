"""The command line: what it refuses, and what a bad row does to the others."""

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from loadtest.compare import comparisons
from loadtest.compare.cli import main
from loadtest.compare.targets import REPOSITORY, Target, model

QUICK = ["--rounds", "1", "--seconds", "0.05", "--connections", "4"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "required"),
        (["everything"], "invalid choice"),
        (["models", "--rounds", "0"], "not a number from 1 to 100"),
        (["models", "--rounds", "٣"], "not a number"),
        (["models", "--seconds", "nan"], "not a number of seconds"),
        (["models", "--seconds", "-1"], "not a number of seconds"),
        (["models", "--connections", "1000000"], "not a number from 1"),
        (["models", "--port", "70000"], "not a number from 0 to 65535"),
        (["models", "--only", "no such model", *QUICK], "no row matches"),
        (["models", "--json", "/no/such/directory/x.json"], "no such directory"),
        (["models", "--plot", "chart.exe"], "png"),
        (["fetch", "--server", "apache"], "invalid choice"),
    ],
)
def test_bad_input_is_refused_with_a_reason(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("what", "shown"),
    [
        ("models", ["geventchat; one client at a time;", "Twisted; aiohttp;", "(500)", "(5)"]),
        ("computing", ["select; poll; epoll;", "(500)", "(100)", "(20)", "measurement (2)"]),
        ("fetch", ["gevent, Pool;", "of aiohttp, fastapi, stdlib (aiohttp)", "(1000)", "(50)"]),
        ("peers", ["Redis pub/sub", "InspIRCd", "(500)", "(1000)"]),
        ("ratios", ["names for --only: echo; room; memory", "of each measurement (3)"]),
    ],
)
def test_help_names_what_can_be_chosen(
    what: str, shown: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([what, "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert [words for words in [*shown, "each of all rows (3)"] if words not in told] == []


def only(monkeypatch: pytest.MonkeyPatch, *targets: Target) -> None:
    monkeypatch.setattr(comparisons.targets, "servers", lambda: list(targets))
    monkeypatch.setattr(comparisons.targets, "pages", list)


def broken(name: str, *command: str) -> Target:
    return Target(name, lambda _port, _directory: list(command))


GOOD = model("epoll", "servers.epoll_loop")


def test_rows_that_fail_say_so_and_the_others_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    only(
        monkeypatch,
        broken("dies", "sh", "-c", "echo the disk is made of cheese >&2; exit 3"),
        broken("nowhere", str(tmp_path / "no-such-program")),
        Target("lacking", GOOD.command, modules=("no_such_module",), install="apt install x"),
        GOOD,
    )
    assert main(["models", *QUICK]) == 1
    told = capsys.readouterr().out
    assert "dies: failed: ended with code 3: the disk is made of cheese" in told
    assert "nowhere: failed: cannot start" in told
    assert "lacking: skipped: no_such_module not found; apt install x" in told
    assert [line for line in told.split("\n") if line.startswith("epoll ")]


def test_what_is_only_missing_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lacking = Target("lacking", GOOD.command, programs=("no-such-program",), install="apt x")
    only(monkeypatch, GOOD, lacking)
    assert main(["models", *QUICK]) == 0
    assert "no-such-program not found; apt x" in capsys.readouterr().out


def test_a_taken_port_fails_the_row(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    only(monkeypatch, GOOD)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["models", *QUICK, "--port", str(port)]) == 1
    assert f"epoll: failed: port {port}: Address already in use" in capsys.readouterr().out


DIES_ON_THE_FOURTH = """
import os, socket, sys
with socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=9) as listener:
    clients = [listener.accept()[0] for _ in range(5)]
    os._exit(7)
"""


def test_a_server_that_dies_in_the_run_fails_its_row(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    python = shutil.which("python3") or "python3"
    dying = Target("dying", lambda port, _directory: [python, "-c", DIES_ON_THE_FOURTH, str(port)])
    only(monkeypatch, dying, GOOD)
    assert main(["models", *QUICK]) == 1
    told = capsys.readouterr().out
    assert "dying: failed: " in told
    assert [line for line in told.split("\n") if line.startswith("epoll ")]


def test_every_figure_of_every_round_is_in_the_json(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = model("poll", "servers.poll_loop")
    only(monkeypatch, GOOD, other)
    file, chart = tmp_path / "out.json", tmp_path / "chart.png"
    assert main(["models", *QUICK, "--rounds", "2", "--json", str(file), "--plot", str(chart)]) == 0
    told = json.loads(file.read_text())
    (section,) = told["sections"]
    (column,) = section["columns"]
    for row in section["rows"]:
        assert len(row["figures"][column]) == len(row["ratios"][column]) == 2
        assert all(one["value"] > 0 for one in row["figures"][column])
    assert section["rows"][0]["ratios"][column] == [1.0, 1.0]
    assert chart.read_bytes().startswith(b"\x89PNG")


def test_told_to_end_it_ends_the_server_too() -> None:
    command = [sys.executable, "-m", "loadtest.compare", "models", "--only", "epoll"]
    process = subprocess.Popen(
        [*command, "--seconds", "30"], cwd=REPOSITORY, stderr=subprocess.PIPE, text=True
    )
    with process:
        assert process.stderr
        assert any("epoll" in line for line in process.stderr)
        server = ""
        while not server:
            assert process.poll() is None
            server = _children(process.pid)
            time.sleep(0.05)
        process.terminate()
        assert process.wait(10) == 128 + signal.SIGTERM
    assert not Path(f"/proc/{server}").exists()


def _children(pid: int) -> str:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, check=False, text=True
    )
    return listed.stdout.strip()
