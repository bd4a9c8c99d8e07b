"""What is typed: said, or a command, or a hint."""

from __future__ import annotations

import pytest

from geventchat.client.terminal.commands import COMMANDS, PASTE_MAX_BYTES, bears_secret, find
from geventchat.client.terminal.desk import Command
from tests.client.terminal.talker import Talker, in_room
from tests.harness import Harness


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("hello", "hello"),
        ("  indented", "  indented"),
        ("//help", "/help"),
        ("/path/to/file is a line", "/path/to/file is a line"),
        ("/help\nis pasted", None),
        ("a\tb", "a   b"),
        ("trailing   ", "trailing"),
        ("\x1b[31mred", "[31mred"),
    ],
)
def test_what_is_said(harness: Harness, typed: str, said: str | None) -> None:
    lines = [said] if said is not None else typed.split("\n")
    assert in_room(harness).types(typed) == [f"[12:00] <alice> {line}" for line in lines]


@pytest.mark.parametrize("typed", ["", "   ", "\n\n", "\x1b", "\x07 \x00"])
def test_nothing_is_not_said(harness: Harness, typed: str) -> None:
    assert in_room(harness).types(typed) == []


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("/hlep", "There is no command /hlep. Did you mean /help?"),
        ("/nikc x", "There is no command /nikc. Did you mean /nick? /help lists them."),
        ("/zzzzzzzz", "There is no command /zzzzzzzz. /help lists them."),
        ("/", "There is no command /. /help lists them."),
        ("/q", "Bye"),
        ("/un", "Usage: /unban WHO"),
        ("/who ", "nick"),
        ("/i", "/i could be /ignore, /invite."),
        ("/msg bob", "Usage: /msg NICK TEXT"),
        ("/nick", "Usage: /nick NAME"),
        ("/kick :x why", "That cannot be sent"),
        ("/switch never", "You are not in #never. /join #never"),
        ("/reply hm", "Nobody has written to you yet. /msg NICK TEXT"),
    ],
)
def test_hints(harness: Harness, typed: str, hint: str) -> None:
    alice = in_room(harness)
    shown = alice.types(typed)
    if hint == "Bye":
        assert alice.left == [""]
    else:
        assert shown[0].startswith(f"-> {hint}")


def test_an_unambiguous_beginning_is_enough() -> None:
    for word, name in (("hel", "help"), ("J", "join"), ("his", "history"), ("exi", "quit")):
        found = find(word)
        assert isinstance(found, Command)
        assert found.name == name
    assert find("?") is find("commands") is find("h") is find("help")


def test_every_command_can_be_found_and_is_told_of(harness: Harness) -> None:
    alice = in_room(harness)
    shown = alice.types("/help")
    assert len(shown) < 24
    assert all(len(line) < 80 for line in shown)
    columns = {line.index(" /", 4) for line in shown[:-1]}  # No left cell runs into the right one.
    assert len(columns) == 1
    for one in COMMANDS:
        assert find(one.name) is one
        assert any(f"/{one.name} " in line for line in shown), one.name
        assert alice.types(f"/help {one.name}")[0].startswith(f"-> {one.usage}: {one.help}")
        assert all(find(alias) is one for alias in one.aliases)
    assert alice.types("/help nothing") == ["-> There is no command nothing. /help lists them."]


def test_without_a_connection(harness: Harness) -> None:
    alice = in_room(harness)
    assert alice.types_offline("hello") == ["-> Not sent: not connected. Your line was: hello"]
    assert alice.types_offline("/who") == ["-> Not connected: that was not done."]
    assert alice.types_offline("/search x") == ["-- no lines with x --"]
    assert alice.talk.outgoing() == b""


def test_in_no_room(harness: Harness) -> None:
    alice = Talker(harness)
    assert alice.types("hello") == [
        "-> Not sent: you are in no room: /join #room. Your line was: hello"
    ]
    assert alice.types("/topic") == ["-> You are in no room: /join #room"]


def test_a_slip_of_the_mouse_fills_no_room(harness: Harness) -> None:
    alice = in_room(harness)
    (shown,) = alice.types("x" * (PASTE_MAX_BYTES + 1))
    assert shown == "-> Not sent: that is more than 32,768 bytes. A pipe takes any size."
    assert sum(map(len, alice.types("x" * PASTE_MAX_BYTES))) > PASTE_MAX_BYTES


@pytest.mark.parametrize("one", COMMANDS, ids=lambda one: one.name)
def test_no_command_breaks_on_anything(harness: Harness, one: Command) -> None:
    alice = in_room(harness)
    for rest in ("", " ", " :", " : :", " #", " #x y", " ,", " é" * 300, " \x00\r", " 1 2"):
        alice.types(f"/{one.name}{rest}")
    alice.types("/join #dev")
    assert alice.talk.unanswered == []
    assert alice.types("still here")[-1].endswith("still here")


@pytest.mark.parametrize(
    "slip",
    [
        " /oper root sesame",
        "/ oper root sesame",
        "/OPER root sesame",
        "/ope root sesame",
        "/oepr root sesame",
        "/o root sesame",
        "/oper root sesame\nand more",
    ],
)
def test_a_password_is_never_said(harness: Harness, slip: str) -> None:
    bob = harness.human("bob")
    bob.types("/join #dev")
    alice = in_room(harness)
    bob.hears()
    shown = alice.types(slip)
    assert len(shown) == 1
    assert "sesame" not in shown[0]
    assert bob.hears() == []
    assert bears_secret(slip)


def test_what_bears_no_password() -> None:
    for text in ("", "oper", "/op bob", "//oper is said", "/oper/x", "/who", "/", "/open/it now"):
        assert not bears_secret(text)
