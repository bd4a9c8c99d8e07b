"""`geventchat connect` through a crash of the server: whoever piped knows what became of it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import Serve
from tests.e2e.test_crash import kept_in
from tests.running import environment


def pipe_into(port: int) -> subprocess.Popen[str]:
    """The program, with its standard input to be written."""
    return subprocess.Popen(
        [sys.executable, "-m", "geventchat", "connect", f":{port}", "--room", "#ci"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )


def test_kill_9_while_a_pipe_talks(serve: Serve, tmp_path: Path) -> None:
    """Every line that was confirmed is kept, and the exit code says that not all were."""
    server = serve()
    bob = server.line_client("bob")
    bob.ask("/join #ci")
    pipe = pipe_into(server.port)
    assert pipe.stdin is not None and pipe.stderr is not None
    lines = [f"line {n}" for n in range(1, 601)]
    pipe.stdin.write("\n".join(lines[:500]) + "\n")
    pipe.stdin.flush()
    bob.expect(r".*> line 50")
    server.kill()
    try:
        pipe.stdin.close()
    except BrokenPipeError:
        pass  # It has ended already.
    assert pipe.wait(60) == 4
    told = pipe.stderr.read()
    pipe.stderr.close()
    assert "Traceback" not in told
    found = re.search(r"connection lost \(.+\): (\d+) of [\d,]+ lines", told)
    assert found is not None, told
    sure = int(found[1])
    assert sure >= 34  # Those before the window in which line 50 stood.
    kept = kept_in(f"sqlite:///{tmp_path}/chat.db")
    assert sure <= len(kept) <= sure + 16
    assert kept == lines[: len(kept)]
    rest = pipe_into(serve().port)
    _, told = rest.communicate("\n".join(lines[len(kept) :]), timeout=60)
    assert (rest.returncode, told) == (0, "")
    assert kept_in(f"sqlite:///{tmp_path}/chat.db") == lines
