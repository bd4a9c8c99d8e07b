"""A server that nobody rules tells a token where it is started, until somebody used it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.running import Running

_TOKEN = re.compile(r"owner token: ([0-9a-f]{32}) \(/register, then /owner TOKEN\)\n")


def token_of(server: Running) -> str:
    """The token that it told when it started, if it did."""
    assert server.process.stdout is not None
    told = ""
    for line in server.process.stdout:
        found = _TOKEN.fullmatch(line)
        told = found[1] if found else told
        if line.startswith("process: "):
            break
    return told


def test_the_first_owner_comes_by_the_token_and_stays(tmp_path: Path) -> None:
    flags = "--database", f"sqlite:///{tmp_path}/chat.db"
    unused = Running(*flags)
    first = token_of(unused)
    assert first
    unused.close()

    server = Running(*flags)
    token = token_of(server)
    assert token not in ("", first)
    boss = server.line_client("boss")
    boss.send("/register correct horse")
    boss.expect(".*boss is now yours.*")
    boss.send(f"/owner {first}")
    boss.expect(".*That is not the token.*")
    boss.send(f"/owner {token}")
    boss.expect(".*boss rules this server from now on.*")
    server.disconnect()
    server.kill()
    server.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert token.encode() not in stored

    again = Running(*flags)
    assert token_of(again) == ""
    boss = again.line_client()
    boss.send("/login boss correct horse")
    boss.expect(".*You are logged in as boss.*")
    boss.send("/oper")
    boss.expect(".*You are an operator of the server now.*")
    again.close()
