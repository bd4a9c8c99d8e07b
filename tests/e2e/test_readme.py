"""The bot that the README prints."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import Serve
from tests.line_client import HANG_S, LineClient
from tests.running import ROOT, environment

_PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


def test_the_bot_answers_and_ends_by_ctrl_c(serve: Serve, tmp_path: Path) -> None:
    (program,) = _PYTHON.findall((ROOT / "README.md").read_text())
    assert "localhost:8080" in program
    server = serve()
    file = tmp_path / "bot.py"
    file.write_text(program.replace("localhost:8080", f"127.0.0.1:{server.port}"))
    person = LineClient(server.port)
    person.ask("/nick ann")
    with subprocess.Popen(
        [sys.executable, str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        text=True,
    ) as bot:
        # It comes in a moment before it listens.
        give_up = time.monotonic() + HANG_S
        while not any(line.endswith("<bot> ann: pong") for line in person.ask("!ping")):
            assert bot.poll() is None and time.monotonic() < give_up
            time.sleep(0.05)
        bot.send_signal(signal.SIGINT)
        out, err = bot.communicate(timeout=HANG_S)
    person.sock.close()
    assert (bot.returncode, out, err) == (0, "The bot has left.\n", "")
