"""SIGHUP reads the settings again and ends nothing; nor does losing whoever read what we print."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from tests.conftest import Serve
from tests.line_client import HANG_S
from tests.running import Running


def logged(server: Running, text: str) -> None:
    give_up = time.monotonic() + HANG_S
    while text not in server.errors:
        assert time.monotonic() < give_up, server.errors
        time.sleep(0.01)


def test_a_hangup_reads_the_settings_again(serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "chat.toml"
    path.write_text('motd = "tea"\n')
    server = serve("--config", str(path))
    alice = server.line_client("alice")
    path.write_text('motd = "coffee"\nlobby = "#tea"\n')
    server.process.send_signal(signal.SIGHUP)
    logged(
        server, "INFO geventchat.settings: reloaded: 1 settings changed, 1 need a restart (lobby)"
    )
    assert alice.ask("/motd") == ["-> coffee"]
    path.write_text('motd = "wine"\nprot = 7000\n')
    server.process.send_signal(signal.SIGHUP)
    logged(server, f"ERROR geventchat.settings: not reloaded: {path}: unknown setting 'prot'")
    assert alice.ask("/motd") == ["-> coffee"]
    server.disconnect()
    assert server.terminate() == 0


def test_it_ends_in_good_order_when_nobody_reads_what_it_prints(serve: Serve) -> None:
    server = serve()
    assert server.process.stdout is not None
    server.process.stdout.close()
    alice = server.line_client("alice")
    assert alice.ask("hello") == []
    server.process.send_signal(signal.SIGTERM)
    assert alice.rest()[-1] == "-> The server is shutting down. Come back soon."
    assert server.ended() == 0
    assert "Traceback" not in server.errors
