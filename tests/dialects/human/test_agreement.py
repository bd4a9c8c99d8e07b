"""Prompt mode begins when the terminal agrees, and ends when it takes that back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dialects.human.prompter import (
    AGREES,
    BINARY,
    DO,
    DONT,
    ECHO,
    NAWS,
    OFFERS,
    REFUSES,
    SGA,
    TAKES_BACK,
    WILL,
    WONT,
    Prompter,
    window,
)
from tests.harness import Harness
from tests.running import ROOT

OFFER = "-> Your terminal can do more: /prompt on gives line editing, history and Tab."
BEGUN = "-> Prompt mode is on: Up calls lines back, Tab completes. /prompt off ends it."
NEEDS = "-> Your terminal does not let the server echo (nc, a pipe): /prompt needs telnet."
TAKEN_BACK = "-> Prompt mode is off: your terminal echoes by itself again."


@pytest.fixture
def harness() -> Harness:
    """A server that asks for nothing by itself."""
    return Harness(telnet_binary=False)


def test_the_page_on_terminals_quotes_them() -> None:
    page = (ROOT / "docs" / "terminal.md").read_text()
    assert [line for line in (OFFER, BEGUN, NEEDS, TAKEN_BACK) if line not in page] == []


def test_who_negotiates_is_told_of_it_once(harness: Harness) -> None:
    alice = harness.human("alice")
    assert alice.answer_to(WILL + NAWS) == DO + NAWS + f"{OFFER}\r\n".encode()
    assert alice.answer_to(window(80)) == b""
    assert alice.answer_to(DO + SGA) == WILL + SGA


@pytest.mark.parametrize("sent", [b"hello\r\n", b"\xff\xf1", b"\xff\xff\r\n", DO + ECHO])
def test_who_speaks_of_no_option_of_its_own_is_not(harness: Harness, sent: bytes) -> None:
    alice = harness.human("alice")
    assert b"/prompt" not in alice.answer_to(sent)


def test_who_refuses_one_is_told_too(harness: Harness) -> None:
    """As busybox's telnet refuses to pass on every byte."""
    alice = harness.human("alice")
    assert alice.answer_to(WONT + BINARY) == f"{OFFER}\r\n".encode()


def test_who_uses_a_screen_reader_is_not(harness: Harness) -> None:
    alice = harness.human("alice")
    alice.types("/set screenreader on")
    assert alice.answer_to(WILL + NAWS) == DO + NAWS


def test_it_takes_both_options(harness: Harness) -> None:
    alice = harness.human("alice")
    assert alice.answer_to(b"/prompt on\r\n") == OFFERS + b"\r"
    assert alice.answer_to(DO + ECHO) == b""
    assert BEGUN.encode() in alice.answer_to(DO + SGA)


def test_a_terminal_may_have_agreed_to_the_one_before(harness: Harness) -> None:
    alice = harness.human("alice")
    alice.answer_to(DO + SGA)
    assert alice.answer_to(b"/prompt on\r\n") == WILL + ECHO + DO + NAWS
    assert BEGUN.encode() in alice.answer_to(DO + ECHO)


@pytest.mark.parametrize("answer", [REFUSES, DONT + ECHO + DO + SGA, DO + ECHO + DONT + SGA])
def test_a_terminal_that_refuses_goes_on_as_before(harness: Harness, answer: bytes) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.answer_to(b"/prompt on\r\n")
    told = alice.answer_to(answer)
    assert told.endswith(f"{NEEDS}\r\n".encode())
    for option in (ECHO, SGA):
        assert (WONT + option in told) == (DO + option in answer)
    assert alice.answer_to(b"hello\r\n") == b""
    assert bob.hears() == ["[12:00] <alice> hello"]


def test_where_nothing_answers_it_is_said_with_the_next_line(harness: Harness) -> None:
    nc, bob = harness.human("nc"), harness.human("bob")
    nc.hears()
    assert nc.answer_to(b"/prompt on\r\nbehind it\r\n") == OFFERS + b"\r"
    assert nc.types("next") == [NEEDS]
    assert nc.types("another") == []
    assert bob.hears() == [f"[12:00] <nc> {text}" for text in ("behind it", "next", "another")]


def test_where_nothing_has_answered_before_nothing_is_asked() -> None:
    """So `nc` shows no odd characters, and its user reads why at once."""
    nc = Harness().human("nc")
    assert nc.types("/prompt on") == [NEEDS]
    assert nc.types("next") == []


def test_an_answer_that_comes_too_late_is_taken_back(harness: Harness) -> None:
    """Else its terminal would show nothing of what is typed."""
    alice = harness.human("alice")
    alice.answer_to(b"/prompt on\r\n")
    alice.answer_to(b"too early\r\n")
    assert alice.answer_to(AGREES) == TAKES_BACK


def test_what_was_begun_goes_on_in_the_row(harness: Harness) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.answer_to(b"/prompt on\r\nhel")
    assert alice.answer_to(b"lo" + AGREES + b" bo").endswith(b"\r#lobby> hello bo\x1b[K")
    alice.answer_to(b"b\r\0")
    assert bob.hears() == ["[12:00] <alice> hello bob"]


def test_a_terminal_that_takes_it_back_has_its_own_way_again(harness: Harness) -> None:
    bob, alice = harness.human("bob"), Prompter(harness, "alice")
    alice.presses("half a ")
    assert alice.sends(DONT + ECHO) == (
        b"\r\x1b[K\x1b[?2004l" + WONT + SGA + WONT + ECHO + f"{TAKEN_BACK}\r\nhalf a ".encode()
    )
    alice.sends(b"line\r\n")
    assert bob.types("hi") == ["[12:00] <alice> half a line"]
    assert alice.looks() == b"[12:00] <bob> hi\r\n"


def test_a_secret_that_was_begun_is_not_shown_after_all(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geventchat.dialects.human.agreement.secret_from", lambda line: 4)
    monkeypatch.setattr("geventchat.dialects.human.dialect.secret_from", lambda line: 4)
    alice = Prompter(harness, "alice")
    alice.presses("/xx geheim")
    alice.sends(DONT + ECHO)
    assert "/xx ******" in alice.sent.decode("latin-1")
    assert b"geheim" not in alice.sent


def test_a_window_that_changes_is_gone_by(harness: Harness) -> None:
    bob, alice = harness.human("bob"), Prompter(harness, "alice", columns=80)
    alice.sends(window(30))
    bob.types("twenty cells and not one more")
    assert b"<\x1b[38;5;99mbob\x1b[0m> twenty cells\r\n" in alice.looks()


@pytest.mark.parametrize("columns", [0, 1, 65535])
def test_a_window_that_lies_is_borne(harness: Harness, columns: int) -> None:
    alice = Prompter(harness, "alice", columns=80)
    alice.sends(window(columns))
    assert b"pong" in alice.sends(b"/ping\r\0")


NEGOTIATION = st.lists(
    st.sampled_from(
        [verb + option for verb in (WILL, WONT, DO, DONT) for option in (ECHO, SGA, NAWS)]
        + [b"/prompt on\r\n", b"/prompt off\r\n", b"hello\r\n", b"x", window(40)]
    ),
    max_size=40,
)


@given(NEGOTIATION)
def test_whatever_a_terminal_negotiates_every_line_is_said_and_all_can_be_ended(
    pieces: list[bytes],
) -> None:
    harness = Harness(telnet_binary=False)
    alice, bob = harness.human("alice"), harness.human("bob")
    for piece in pieces:
        alice.does(piece)
        assert len(alice.receives()) < 1000
    said = "".join(f"{line}\n" for line in bob.hears())
    assert said.count("hello") == pieces.count(b"hello\r\n")
    alice.does(b"\r\n" + REFUSES + b"\r\n")
    assert alice.dialect.screen is None
    alice.answer_to(b"\r\n")
    bob.types("plain")
    assert alice.receives() == b"[12:00] <bob> plain\r\n"
