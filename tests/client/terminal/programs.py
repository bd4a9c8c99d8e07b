"""`geventchat connect` as a program of its own, with something to read."""

from __future__ import annotations

import subprocess
import sys

from tests.line_client import HANG_S
from tests.running import environment


def piped(*arguments: str, text: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run it with `text` as its standard input; it must not fail with a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "geventchat", "connect", *arguments],
        input=text,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        env=environment(**more),
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done
