"""Every letter typed at the clients people have arrives as the bytes it was."""

from __future__ import annotations

import pytest

from tests.conftest import Serve
from tests.e2e.conftest import Open
from tests.line_client import WELCOMED
from tests.running import Running

CLIENTS = [("telnet",), ("busybox", "telnet"), ("nc",)]
LINES = [
    "Übung: „Ärger“, Öl, ß und Ýmir",
    "한국어 본문, 안녕하세요",
    "你好世界 日本語",
    "שלום עולם, ם",
    "emoji 👩‍👩‍👧‍👦 👍🏽 🇦🇹 ok",
]
CUT = "-> Your telnet cut that line at a byte it took for a key; please say it again."


@pytest.mark.parametrize("client", CLIENTS, ids=" ".join)
def test_every_letter_arrives(server: Running, terminal: Open, client: tuple[str, ...]) -> None:
    bob = server.line_client("bob")
    alice = terminal(*client, "127.0.0.1", str(server.port))
    alice.expect(WELCOMED)
    alice.types("/nick alice", *LINES)
    for line in LINES:
        said = bob.expect(r"\[\d\d:\d\d\] <alice> (.*)")[1]
        assert said.encode() == line.encode()
    bob.send(*LINES)
    for line in LINES:
        alice.expect(rf"\[\d\d:\d\d\] <bob> {line}")


@pytest.mark.parametrize("client", CLIENTS, ids=" ".join)
def test_what_is_pasted_and_which_keys_are_pressed(
    server: Running, terminal: Open, client: tuple[str, ...]
) -> None:
    bob = server.line_client("bob")
    alice = terminal(*client, "127.0.0.1", str(server.port))
    alice.expect(WELCOMED)
    alice.types("/nick alice", "\tif x:", "\x1b[31mred\x1b[0m", "a\x1b[D\x1bOAb", "\x1b[A")
    alice.types("/path/to/file is a line", "/* so is this */", "end")
    said = [bob.expect(r"\[\d\d:\d\d\] <alice> (.*)")[1] for _ in range(6)]
    assert said == ["    if x:", "red", "ab", "/path/to/file is a line", "/* so is this */", "end"]


def test_a_line_cut_by_telnet_can_be_said_again(serve: Serve, terminal: Open) -> None:
    """Where it was not asked to pass on every byte, it is after the first line it cut."""
    server = serve("--telnet-binary", "false")
    bob = server.line_client("bob")
    alice = terminal("telnet", "127.0.0.1", str(server.port))
    alice.expect(WELCOMED)
    alice.types("/nick alice", "cut: 한국어")
    alice.expect(CUT)
    alice.types("again: 한국어")
    assert bob.expect(r"\[\d\d:\d\d\] <alice> (.*)")[1] == "again: 한국어"
