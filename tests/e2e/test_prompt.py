"""Prompt mode in Debian's own `telnet`, looked at through an emulated screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.conftest import Serve
from tests.e2e.window import Window
from tests.running import Running
from tests.terminal import installed

Open = Callable[..., Window]
BEGUN = "-> Prompt mode is on: Up calls lines back, Tab completes. /prompt off ends it."


@pytest.fixture
def window() -> Iterator[Open]:
    """window(server, program...): a client of that server in a window of its own; `telnet`."""
    with ExitStack() as opened:

        def start(server: Running, *client: str) -> Window:
            program, *more = client or ("telnet",)
            command = (installed(program), *more, "127.0.0.1", str(server.port))
            return opened.enter_context(Window(*command))

        yield start


def begin(telnet: Window, nick: str) -> Window:
    """Come in, take a nick, and have the row."""
    telnet.wait(lambda rows: any("/prompt on gives" in row for row in rows))
    telnet.types(f"/nick {nick}")
    telnet.wait(lambda rows: any(f"is now known as {nick}." in row for row in rows))
    telnet.types("/prompt on")
    telnet.expect(BEGUN, "#lobby>")
    return telnet


@pytest.mark.parametrize("client", [("telnet",), ("busybox", "telnet")], ids=" ".join)
def test_a_line_is_edited_while_others_talk(
    server: Running, window: Open, client: tuple[str, ...]
) -> None:
    bob = server.line_client("bob")
    alice = begin(window(server, *client), "alice")
    assert not alice.echoes
    alice.presses("helo wörld")
    alice.expect("#lobby> helo wörld")
    bob.send("tea is ready")
    alice.wait(lambda rows: rows[-1] == "#lobby> helo wörld" and "tea is ready" in rows[-2])
    alice.presses("\x1b[D" * 7 + "l" + "\x05!\r")
    bob.expect(r"\[\d\d:\d\d\] <alice> hello wörld!")
    alice.wait(lambda rows: rows[-1] == "#lobby>" and rows[-2][7:] == " <alice> hello wörld!")
    alice.presses("\x1b[A")
    alice.expect("#lobby> hello wörld!")
    alice.presses("\x15/jo\t#dev\r")
    alice.wait(lambda rows: rows[-1] == "#dev>")
    bob.send("hey alice", "/msg alice 한국어 👍🏽")
    alice.wait(lambda rows: rows[-1] == "#dev (#lobby 1, 1 PM)>")
    assert any("[PM from bob] 한국어" in row for row in alice.rows)
    assert b"\x1b[7mbob\x1b[0m> hey alice\x07" in alice.sent
    alice.presses("bo\tund du?")
    alice.expect("#dev (#lobby 1, 1 PM)> bob: und du?")


def test_the_window_may_change(server: Running, window: Open) -> None:
    bob = server.line_client("bob")
    alice = begin(window(server), "alice")
    alice.presses("half")
    alice.expect("#lobby> half")
    alice.resize(40, 24)
    alice.presses("x")
    alice.expect("#lobby> halfx")
    bob.send("one two three four five six seven eight nine")
    alice.wait(lambda rows: rows[-1] == "#lobby> halfx" and "eight nine" in rows[-2])
    assert alice.rows[-3][7:] == " <bob> one two three four five"
    assert alice.rows[-2] == " " * 14 + "six seven eight nine"


def test_off_gives_the_terminal_back(server: Running, window: Open) -> None:
    bob = server.line_client("bob")
    alice = begin(window(server), "alice")
    alice.types("/prompt off")
    alice.expect("-> Prompt mode is off. /prompt on brings it back.", "")
    alice.types("plain")
    bob.expect(r"\[\d\d:\d\d\] <alice> plain")
    assert alice.echoes
    alice.types("/prompt on")
    alice.expect(BEGUN, "#lobby>")
    alice.types("/quit so long")
    assert alice.rest()[-2:] == ["Connection closed by foreign host.", ""]
    assert b"\x1b[?2004l" in alice.sent
    bob.expect(r"\*\*\* alice left \(so long\)\.")


@pytest.mark.parametrize("how", ["kill", "stop"])
def test_whoever_is_cut_off_has_a_terminal_that_can_be_used(
    serve: Serve, window: Open, how: str
) -> None:
    server = serve("--oper-name", "root", "--oper-password", "geheim")
    root = begin(window(server), "admira")
    alice = begin(window(server), "alice")
    alice.presses("half a")
    alice.expect("#lobby> half a")
    root.presses("/oper root geheim")
    root.expect("#lobby> /oper root ******")
    root.presses("\r")
    root.wait(lambda rows: any("You are an operator" in row for row in rows))
    assert b"geheim" not in root.sent
    if how == "kill":
        root.types("/kill alice bye")
    else:
        server.terminate()
    rows = alice.rest()
    why = "You were removed" if how == "kill" else "shutting down"
    assert any(why in row for row in rows)
    assert not any("half a" in row for row in rows)
    assert alice.sent.index(b"\x1b[?2004h") < alice.sent.index(b"\x1b[?2004l")
    assert rows[-2:] == ["Connection closed by foreign host.", ""]
