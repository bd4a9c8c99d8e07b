"""A person at a terminal, and a real server."""

from __future__ import annotations

import signal

import pytest

from geventchat.client.terminal.screen import Typed, prompt_of
from geventchat.client.terminal.state import State
from tests.client.terminal.between import Between
from tests.client.terminal.window import Window
from tests.running import Running


def test_the_room_and_what_is_unread_stand_in_the_prompt() -> None:
    state = State("alice")
    assert prompt_of(state) == "no room> "
    for name, unread, mentioned in (("#dev", 0, False), ("#tea", 3, False), ("#x", 1, True)):
        room = state.add_room(name)
        room.unread, room.mentioned = unread, mentioned
    state.current = "#dev"
    assert prompt_of(state) == "#dev (#tea 3, #x 1!)> "


def test_passwords_are_not_found_again() -> None:
    history = Typed()
    for line in ("hello", "/oper root sesame", "/OPER root sesame", " /ope root sesame"):
        history.append_string(line)
    assert history.get_strings() == ["hello"]


def at(server: Running, *arguments: str) -> Window:
    return Window(f"127.0.0.1:{server.port}", "--nick", "alice", "--room", "#dev", *arguments)


def test_talking_while_others_do(server: Running) -> None:
    bob = server.line_client("bob")
    bob.ask("/join #dev")
    with at(server) as window:
        window.expect(r"-> Connected to 127\.0\.0\.1:\d+ as alice \(not encrypted\)\.")
        window.expect(r"-> You are in #dev \(2 here: alice, @bob\)")
        window.expect_prompt("#dev>")
        window.types("hello bob")
        window.expect(r"\[..:..\] <alice> hello bob")
        bob.expect(r".*<alice> hello bob")
        assert window.lines.count("#dev> hello bob") == 0
        window.presses("half a sen")
        window.expect_prompt("#dev> half a sen")
        bob.ask("am I interrupting?")
        window.expect(r"\[..:..\] <bob> am I interrupting\?")
        window.expect_prompt("#dev> half a sen")
        window.presses("tence\r")
        bob.expect(r".*<alice> half a sentence")
        window.types("/quit so long")
        assert window.ends() == 0
        bob.expect(r"\*\*\* alice left \(so long\)\.")
        assert b"WARNING" not in window.sent


def test_keys(server: Running) -> None:
    bob = server.line_client("bobby")
    bob.ask("/join #dev")
    with at(server) as window:
        window.expect_prompt("#dev>")
        window.expect(r"-> You are in #dev .*")
        window.presses("bob\t")
        window.expect_prompt("#dev> bobby:")
        window.presses("hi\r")
        bob.expect(r".*<alice> bobby: hi")
        window.expect(r".*<alice> bobby: hi")
        window.presses("\x1b[A")
        window.expect_prompt("#dev> bobby: hi")
        window.presses("\x03")
        window.expect_prompt("#dev>")
        window.presses("/sea\t")
        window.expect_prompt("#dev> /search")
        window.presses("\x15\x12bby")
        window.expect_prompt(r".*bobby: hi")
        window.presses("\x03")  # Ends the search and neither the line nor the session.
        window.expect_prompt("#dev>")
        window.presses("\x12bby")
        window.expect_prompt(r".*bobby: hi")
        window.presses("\r")
        window.presses("\x03\x04")
        assert window.ends() == 0


def test_a_pasted_block_is_one_message(server: Running) -> None:
    bob = server.line_client("bob")
    bob.ask("/join #dev")
    with at(server) as window:
        window.expect(r"-> You are in #dev .*")
        window.expect_prompt("#dev>")
        window.presses("\x1b[200~if x:\n\treturn\n/not/a/command\x1b[201~\r")
        for line in (r"if x:", r" {4}return", r"/not/a/command"):
            bob.expect(rf".*<alice> {line}")
        window.expect(r".*<alice> +return")
        window.presses("\x03")
        assert window.ends() == 0


def test_other_rooms_and_a_mention_that_rings(server: Running) -> None:
    bob = server.line_client("bob")
    bob.ask("/join #dev")
    with at(server, "--room", "#tea") as window:
        window.expect(r"-> You are in #tea .*")
        window.expect_prompt("#dev>")
        bob.ask("hi", "hello Alice!")
        window.expect(r"\[..:..\] <bob> hello Alice!")
        window.types("/switch tea")
        window.expect(r"-> Talking in #tea\.")
        window.expect_prompt(r"#tea>")
        bob.ask("psst, alice")
        window.expect(r".*#dev <bob> psst, alice")
        window.expect_prompt(r"#tea \(#dev 1!\)>")
        assert window.sent.count(b"\a") == 2
        window.presses("\x03")
        assert window.ends() == 0


def test_while_the_server_is_gone(server: Running) -> None:
    with (
        Between(server.port) as between,
        Window(f":{between.port}", "--nick", "alice", "--tls", "off") as window,
    ):
        window.expect(r"-> You are in #lobby .*")
        window.expect_prompt("#lobby>")
        behind, between.behind = between.behind, 1
        between.cut()
        window.expect(r"-> Trying again in \d s\.")
        window.expect(r"not connected")
        window.types("hello?")
        window.expect(r"-> Not sent: not connected\. Your line was: hello\?")
        between.behind = behind
        window.expect(r"-> Connected again, as alice\.")
        window.types("here again")
        window.expect(r"\[..:..\] <alice> here again")
        window.presses("\x03")
        assert window.ends() == 0


def test_a_line_that_takes_long_is_not_forgotten(server: Running) -> None:
    with (
        Between(server.port) as between,
        Window(f":{between.port}", "--nick", "alice", "--tls", "off") as window,
    ):
        window.expect(r"-> You are in #lobby .*")
        window.expect_prompt("#lobby>")
        between.holds_back = True
        window.types("hello?")
        window.expect("1 line on the way")
        window.presses("\x03")
        assert window.ends() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals_leave_quietly(server: Running, number: signal.Signals) -> None:
    bob = server.line_client("bob")
    bob.ask("/join #dev")
    with at(server) as window:
        window.expect(r"-> You are in #dev .*")
        window.expect_prompt("#dev>")
        window.process.send_signal(number)
        assert window.ends() == 0
        bob.expect(r"\*\*\* alice left.*")
        assert b"Traceback" not in window.sent
