"""Lines that a command asks for: who takes them, and which terminal shows them."""

from __future__ import annotations

import pytest

from geventchat.dialects.base import HangUp
from geventchat.dialects.human.questions import Question
from geventchat.errors import CloseReason
from tests.dialects.human.prompter import AGREES, TAKES_BACK, WILL, Prompter
from tests.harness import Harness, HumanClient

HIDE, SHOW = b"\xff\xfb\x01", b"\xff\xfc\x01"
BINARY, DO_ECHO, DONT_ECHO = b"\x00", b"\xff\xfd\x01", b"\xff\xfe\x01"
RIGHT = "correct horse"
NEW = b"-> New password for alice? Enter alone gives up.\r\n"
AGAIN = b"-> The same again?\r\n"


def test_a_telnet_hides_what_is_typed(alice: HumanClient, bob: HumanClient) -> None:
    alice.answer_to(WILL + BINARY)
    assert alice.answer_to(b"/register\r\n") == HIDE + NEW
    assert alice.answer_to(DO_ECHO) == b""
    # It sends its keys one by one then, and Enter as RFC 854 has it.
    for key in b"correct horsd\x7fe":
        assert alice.answer_to(bytes((key,))) == b""
    assert alice.answer_to(b"\r\0") == AGAIN
    told = alice.answer_to(b"correct horse\r\0")
    assert told.startswith(b"-> alice is now yours.")
    assert told.endswith(b"\r\n" + SHOW)
    assert alice.answer_to(DONT_ECHO) == b""
    assert alice.types("hello") == []
    assert bob.hears() == ["[12:00] <alice> hello"]


def test_nc_is_told_that_it_shows_it(alice: HumanClient) -> None:
    seen = " Your screen will show it."
    asked = f"-> New password for alice? Enter alone gives up.{seen}"
    assert alice.types("/register") == [asked]
    assert alice.types("") == ["-> Nothing has changed."]


def test_a_terminal_that_was_asked_nothing_is_asked_now() -> None:
    alice = Harness(telnet_binary=False).human("alice")
    assert alice.answer_to(b"/register\n") == HIDE + b"\r" + NEW


def test_all_may_come_in_one_packet(alice: HumanClient, bob: HumanClient) -> None:
    told = alice.types("before", "/register", RIGHT, RIGHT, "after", "/ping")
    assert told[-2:] == [
        "-> alice is now yours. From elsewhere, or another day: /login alice",
        "-> pong",
    ]
    assert bob.hears() == ["[12:00] <alice> before", "[12:00] <alice> after"]


def test_whoever_asks_a_thousand_times_gets_a_thousand_answers(alice: HumanClient) -> None:
    told = alice.types(*["/register", ""] * 1000)
    assert told.count("-> Nothing has changed.") == 1000


def test_others_are_heard_meanwhile(alice: HumanClient, bob: HumanClient) -> None:
    alice.types("/register")
    bob.types("hello")
    assert alice.hears() == ["[12:00] <bob> hello"]


@pytest.mark.parametrize("keys", [b"\x04", b"\xff\xec"])
def test_who_leaves_at_a_question_is_gone(alice: HumanClient, keys: bytes) -> None:
    alice.types("/register")
    alice.does(keys)
    assert alice.end == HangUp(CloseReason.QUIT)


def test_an_answer_that_a_telnet_cut_is_asked_for_again(alice: HumanClient) -> None:
    alice.answer_to(WILL + BINARY)
    alice.answer_to(b"/register\n")
    assert alice.answer_to(b"abc\x1c").startswith(b"-> Your telnet cut that line")
    assert b"-> alice is now yours" in alice.answer_to(b"\ncorrect horse\ncorrect horse\n")


def test_prompt_mode_shows_asterisks_and_keeps_nothing(harness: Harness) -> None:
    alice = Prompter(harness, "alice")
    alice.types("/register")
    assert alice.row == "New password:"
    alice.presses(f"{RIGHT}x\x7f")
    assert alice.row == "New password: *************"
    alice.presses("\t\x15\x19/secret word\x17\x19\x15" + RIGHT)  # Tab; cut out and put in again.
    assert alice.row == "New password: *************"
    alice.presses("\r\0")
    assert alice.row == "Again:"
    rows = alice.types(RIGHT, "hello")
    assert rows[-1] == "#lobby>"
    assert rows[-2].endswith("<alice> hello")
    for key in ("\x10", "\x10", "\x10"):  # Up.
        alice.presses(key)
    assert alice.row == "#lobby> /register"
    assert b"horse" not in alice.sent
    assert b"secret" not in alice.sent


@pytest.mark.parametrize("word", [RIGHT, "/register of words", "//slash of words", "hello"])
def test_in_prompt_mode_all_may_come_at_once(harness: Harness, word: str) -> None:
    bob = harness.human("bob")
    alice = Prompter(harness, "alice")
    bob.hears()
    alice.presses(f"/register\r\0{word}\r\0{word}\r\0\r\0/ping\r\0")
    for _ in range(6):  # Up.
        alice.presses("\x10")
    assert alice.row.endswith("> /register")
    shown = alice.sent.replace(b"/register\r\n", b"").replace(b"> /register", b"")
    assert word.encode() not in shown
    assert bob.hears() == []


def test_a_terminal_that_takes_its_echo_back_is_not_shown_what_was_hidden(harness: Harness) -> None:
    alice = Prompter(harness, "alice")
    alice.types("/register")
    alice.presses("correct h")
    alice.sends(TAKES_BACK.replace(b"\xfc", b"\xfe"))
    alice.presses("orse\r\0correct horse\r\0")
    assert b"correct" not in alice.sent
    assert "alice" in harness.state.accounts


def test_a_terminal_that_agrees_late_hides_the_answer(harness: Harness) -> None:
    client = harness.human("alice")
    client.sends(WILL + BINARY)
    client.does(b"/prompt on\r\n/register\r\n")
    client.does(AGREES)
    client.receives()
    sent = client.answer_to(b"correct horse")
    assert b"correct" not in sent
    assert b"*************" in sent
    client.does(b"\r\0correct horse\r\0hello")
    told = client.receives()
    assert told.endswith(b"#lobby> hello\x1b[K")
    assert SHOW not in told


def test_what_waits_for_an_answer_is_dropped_with_it(alice: HumanClient) -> None:
    """Of the silent every byte counts."""
    alice.types("/register")
    assert isinstance(alice.dialect._asking, Question)
    alice.types("")
    assert alice.dialect._asking is None


def test_what_is_typed_while_a_password_is_looked_at_is_not_shown(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be the next one; others talk meanwhile, and the row is painted."""
    bob = harness.human("bob")
    alice = Prompter(harness, "alice")
    alice.types("/register", RIGHT, RIGHT, "/passwd")
    check = harness.services.passwords.check

    def slowly(*args: str) -> bool | None:
        bob.types("still there?")
        alice.looks()
        return check(*args)

    monkeypatch.setattr(harness.services.passwords, "check", slowly)
    alice.presses(f"{RIGHT}\r\0battery st")
    assert alice.row == "New password: **********"
    assert b"battery" not in alice.sent
    assert b"still there?" in alice.sent
