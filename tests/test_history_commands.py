"""`geventchat history export`: what is typed, where it is written, how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Serve
from tests.line_client import HANG_S
from tests.running import environment, geventchat


def test_while_the_server_runs_and_when_it_has_ended(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    flags = "history", "export", "--database", f"sqlite:///{tmp_path}/chat.db"
    alice = server.line_client("alice")
    alice.ask("hello", "/me waves", "/msg alice psst")
    done = geventchat(*flags, "--room", "#lobby")
    assert [line.partition(" ")[2] for line in done.stdout.splitlines()] == [
        "<alice> hello",
        "* alice waves",
    ]
    assert (done.returncode, done.stderr) == (0, "")
    server.close()
    file = tmp_path / "out.jsonl"
    told = geventchat(*flags, "--room", "#lobby", "--format", "jsonl", "--output", str(file))
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
    assert file.stat().st_mode & 0o777 == 0o600
    assert [json.loads(line)["text"] for line in file.read_text().splitlines()] == [
        "hello",
        "waves",
    ]
    again = geventchat(*flags, "--room", "#lobby", "--output", str(file))
    assert again.returncode == 1
    assert again.stderr == f"geventchat: cannot write {file}: it is there already\n"


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        ((), 2, "say either --room or --account"),
        (("--room", "#a", "--account", "b"), 2, "say either --room or --account"),
        (("--room", "#a", "--private"), 2, "private lines are written for one --account only"),
        (("--room", "#a", "--since", "now"), 1, "'now' is no date"),
        (("--room", "#a", "--database", "none"), 1, "is a server's memory"),
        (("--room", "#a", "--database", "sqlite:////nowhere"), 1, "there is no database /nowhere"),
    ],
)
def test_mistakes_are_told_in_a_line(arguments: tuple[str, ...], code: int, error: str) -> None:
    done = geventchat("history", "export", *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (code, "", 1)
    assert error in done.stderr


def test_a_full_disk_and_a_closed_pipe_end_it(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    server.line_client("alice").ask("hello")
    command = [sys.executable, "-m", "geventchat", "history", "export", "--room", "#lobby"]
    command += ["--database", f"sqlite:///{tmp_path}/chat.db"]

    def run(stdout: int) -> tuple[int, bytes]:
        done = subprocess.run(
            command,
            stdout=stdout,
            stderr=subprocess.PIPE,
            timeout=HANG_S,
            env=environment(),
            check=False,
        )
        os.close(stdout)
        return done.returncode, done.stderr

    full = os.open("/dev/full", os.O_WRONLY)
    assert run(full) == (1, b"geventchat: cannot write stdout: No space left on device\n")
    reads, writes = os.pipe()
    os.close(reads)
    assert run(writes) == (1, b"")
