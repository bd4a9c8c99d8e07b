"""The command /prompt, and what is left behind when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from geventchat.dialects.human import help as help_module
from geventchat.dialects.human.help import secret_from
from geventchat.dialects.human.table import SERVER, Table
from tests.dialects.human.prompter import AGREES, TAKES_BACK, Prompter
from tests.harness import Harness

OFF = "-> Prompt mode is off. /prompt on brings it back."


def test_it_says_how_it_is(harness: Harness) -> None:
    alice = harness.human("alice")
    assert alice.types("/prompt") == [
        "-> Prompt mode is off. /prompt on gives line editing, history and Tab."
    ]
    assert alice.types("/prompt yes") == ["-> Usage: /prompt [on or off]"]
    alice.answer_to(b"\xff\xf1/prompt on\r\n")
    assert alice.types("/prompt") == [
        "-> Your terminal has not yet answered whether the server may echo."
    ]
    prompter = Prompter(harness, "bob")
    assert prompter.types("/prompt")[-2] == "-> Prompt mode is on. /prompt off ends it."
    assert prompter.types("/prompt on")[-2] == "-> Prompt mode is on already."


def test_off_leaves_the_terminal_as_it_was(harness: Harness) -> None:
    bob = harness.human("bob")
    alice = Prompter(harness, "alice")
    came = alice.presses("/prompt off\r\0")
    row = b"\r\x1b[K#lobby> /prompt off\r\n\r#lobby> \x1b[K"
    assert came == row + b"\r\x1b[K\x1b[?2004l" + TAKES_BACK + f"{OFF}\r\n".encode()
    bob.types("alice: hi")
    assert alice.looks() == b"[12:00] <bob> alice: hi\r\n"
    assert alice.client.types("mine") == []


def test_what_comes_behind_it_in_the_same_packet_is_not_lost(harness: Harness) -> None:
    bob = harness.human("bob")
    alice = Prompter(harness, "alice")
    came = alice.presses("one\r\0/prompt off\r\0two\r\0three")
    assert came.endswith(f"{OFF}\r\nthree".encode())
    alice.sends(b" and four\r\n")
    assert bob.hears() == [f"[12:00] <alice> {t}" for t in ("one", "two", "three and four")]


def test_how_lines_looked_before_they_look_again(harness: Harness) -> None:
    alice = Prompter(harness, "alice", "/set bell on")
    assert b"colour on, bell on" in alice.presses("/set\r\0")
    alice.presses("/prompt off\r\0")
    assert b"colour off, bell on" in alice.presses("/set\r\0")


def test_what_was_switched_off_meanwhile_stays_off(harness: Harness) -> None:
    alice = Prompter(harness, "alice", "/set bell on")
    assert b"bell off" in alice.presses("/set bell off\r\0/set\r\0")
    alice.presses("/prompt off\r\0")
    assert b"colour off, bell off" in alice.presses("/set\r\0")


def test_it_can_be_asked_for_again(harness: Harness) -> None:
    alice = Prompter(harness, "alice")
    alice.presses("/prompt off\r\0")
    alice.sends(b"\xff\xfe\x01\xff\xfe\x03")  # As RFC 1143 has it answered.
    alice.sends(b"/prompt on\r\n")
    alice.sends(AGREES)
    assert alice.row == "#lobby>"


def test_off_takes_back_what_was_only_asked(harness: Harness) -> None:
    alice = harness.human("alice")
    alice.answer_to(b"\xff\xf1/prompt on\r\n")
    assert alice.types("/prompt off") == [OFF]
    assert alice.answer_to(AGREES) == TAKES_BACK


def test_a_screen_reader_ends_it(harness: Harness) -> None:
    alice = Prompter(harness, "alice")
    came = alice.presses("/set screenreader on\r\0")
    assert TAKES_BACK in came
    assert came.endswith(
        b"-> Prompt mode is off, for the screen reader. /prompt on brings it back.\r\n"
        b"-> screenreader is on now.\r\n"
    )


@pytest.fixture
def oper(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A command whose second word is a secret."""
    table = Table()

    @table.add("/vault NAME PASSWORD", "open it", SERVER, "safe", secret=1)
    def _vault(client: Any, rest: str) -> None:
        client.reply("open")

    help_module._secret_of.cache_clear()
    names = {"vault": table[0], "safe": table[0]}
    monkeypatch.setattr(help_module, "_BY_NAME", {**help_module._BY_NAME, **names})
    monkeypatch.setattr(help_module, "COMMANDS", (*help_module.COMMANDS, *table))
    yield
    help_module._secret_of.cache_clear()


@pytest.mark.usefixtures("oper")
@pytest.mark.parametrize(
    ("line", "start"),
    [
        ("", None),
        ("/", None),
        ("hello", None),
        ("/vault", None),
        ("/vault me", None),
        ("/vault me ", None),
        ("/vault me s", 10),
        ("/valut me s", 10),
        ("/vault  me  s3 cret", 12),
        ("/vau me s", 8),
        ("/SAFE me s", 9),
        ("//vault me s", None),
        (" /vault me s", 11),
        ("/ vault me s", 11),
        ("/msg me s", None),
        ("/nosuch me s", None),
    ],
)
def test_where_a_secret_begins(line: str, start: int | None) -> None:
    assert secret_from(line) == start


@pytest.mark.usefixtures("oper")
def test_a_secret_is_never_on_the_screen(harness: Harness) -> None:
    alice = Prompter(harness, "alice")
    alice.presses("/vault me geheim")
    assert alice.row == "#lobby> /vault me ******"
    alice.presses("\r\0")
    assert alice.rows[-3:] == ["#lobby> /vault me ******", "-> open", "#lobby>"]
    alice.presses("\x1b[A")  # Nor is it called back.
    assert alice.row == "#lobby>"
    assert b"geheim" not in alice.sent
