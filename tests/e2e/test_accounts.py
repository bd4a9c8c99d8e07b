"""Accounts at the programs people have: what their screens show of a password, and a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Serve
from tests.e2e.conftest import Open
from tests.line_client import WELCOMED

WORD = "correct horse"


@pytest.mark.parametrize("program", ["telnet", "nc"])
def test_a_name_is_ones_own_after_a_restart(
    serve: Serve, terminal: Open, program: str, tmp_path: Path
) -> None:
    database = f"sqlite:///{tmp_path / 'chat.db'}"
    server = serve("--database", database)
    anna = terminal(program, "127.0.0.1", str(server.port))
    anna.expect(WELCOMED)
    anna.types("/nick anna")
    anna.expect(r"\*\*\* guest\d+ is now known as anna\.")
    anna.types("/register")
    seen = "" if program == "telnet" else r" Your screen will show it\."
    anna.expect(rf"-> New password for anna\? Enter alone gives up\.{seen}")
    anna.types(WORD)
    anna.expect(rf"-> The same again\?{seen}")
    anna.types(WORD)
    anna.expect(r"-> anna is now yours\. .*")
    anna.types("/join #dev")
    anna.expect("-> #dev is yours: it stays when it is empty.")
    assert (WORD in anna.shown) == (program == "nc")
    server.terminate()
    server = serve("--database", database)
    bob = server.line_client("bob")
    assert bob.ask("/nick ANNA")[-1] == "-> anna is registered: /login anna PASSWORD"
    again = terminal(program, "127.0.0.1", str(server.port))
    again.expect(WELCOMED)
    again.types("/login anna")
    again.expect(rf"-> Password of anna\? Enter alone gives up\.{seen}")
    again.types("wrong")
    again.expect(r"-> Wrong name or password\.")
    again.expect(rf"-> Password of anna\? Enter alone gives up\.{seen}")
    again.types(WORD)
    again.expect(r"-> You are logged in as anna\.")
    again.types("/ranks #dev")
    again.expect(r"-> #dev belongs to anna\.")
    assert (WORD in again.shown) == (program == "nc")
    for file in tmp_path.iterdir():
        assert WORD.encode() not in file.read_bytes(), file
    assert "horse" not in server.errors
