"""locust itself, in a process of its own: it patches the standard library."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

LOCUSTFILE = Path(__file__).resolve().parents[2] / "loadtest" / "locustfile.py"


@pytest.mark.parametrize(
    ("mode", "fault", "arguments", "rows", "code"),
    [
        ("chat", {}, ["--processes", "2", "-t", "5s"], {"connect", "say", "deliver", "ping"}, 0),
        ("upper", {"echo": bytes.upper}, ["-t", "4s"], {"connect", "echo"}, 0),
        (
            "echo",
            {"echo": lambda data: data.replace(b"hello", b"hallo")},
            ["-t", "4s", "EchoUser"],
            set(),
            1,
        ),
    ],
)
def test_both_users_fit_either_server(
    fake: Callable[..., Any],
    tmp_path: Path,
    mode: str,
    fault: dict[str, Any],
    arguments: list[str],
    rows: set[str],
    code: int,
) -> None:
    rooms: set[bytes] = set()

    def deliver(member: Any, nth: int, line: bytes) -> list[bytes]:
        rooms.add(member.room)
        return [line]

    address = f"tcp://127.0.0.1:{fake(mode, deliver, **fault).port}"
    command = [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--headless"]
    done = subprocess.run(
        [*command, "-u", "6", "-r", "20", "-H", address, "--only-summary", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    output = done.stdout + done.stderr
    assert done.returncode == code, output
    found = {fields[1] for line in output.splitlines() if len(fields := line.split()) > 5}
    assert rows <= found, output
    assert rooms == ({b"#load"} if mode == "chat" else set())
    assert "Traceback" not in output
