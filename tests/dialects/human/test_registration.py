"""The server's password, asked of people before anybody hears of them."""

from __future__ import annotations

from typing import Any

import pytest

from geventchat.dialects.base import HangUp
from geventchat.errors import CloseReason
from tests.harness import HOST, FakeLine, Harness, HumanClient, IrcClient

HIDE, SHOW, DO_BINARY = b"\xff\xfb\x01", b"\xff\xfc\x01", b"\xff\xfd\x00"
DO_ECHO, DONT_ECHO = b"\xff\xfd\x01", b"\xff\xfe\x01"
ASKED = HIDE + DO_BINARY + b"\r-> This server has a password.\r\nPassword: "


@pytest.fixture
def harness() -> Harness:
    return Harness(password="geheim für alle")


def stranger(harness: Harness) -> HumanClient:
    client = HumanClient(harness)
    client.end = client.driver.opened()
    assert client.receives() == ASKED
    return client


def test_the_right_password(harness: Harness) -> None:
    client = stranger(harness)
    assert not client.driver.arrived
    assert harness.state.sessions == {}
    told = client.answer_to("geheim für alle\r\n/ping\r\n".encode())
    assert told.startswith(b"\r\nWelcome to geventchat. You are guest1 in #lobby (1 here).")
    assert told.endswith(b"-> pong\r\n")
    assert client.types("hello") == []
    assert harness.recorded == []


def test_a_terminal_is_told_to_show_again_what_is_typed(harness: Harness) -> None:
    client = stranger(harness)
    assert client.answer_to(DO_ECHO) == b""
    told = client.answer_to("geheim für alle\r\0".encode())
    assert told.startswith(SHOW + b"\r\nWelcome")
    assert b"\xff" not in client.answer_to(DONT_ECHO)
    assert client.answer_to(DO_ECHO) == SHOW


def test_a_terminal_that_will_not_hide_it(harness: Harness) -> None:
    client = stranger(harness)
    assert b"\xff" not in client.answer_to(DONT_ECHO)  # That was the answer (RFC 1143).
    assert client.answer_to("geheim für alle\r\n".encode()).startswith(b"\r\nWelcome")


def test_byte_by_byte(harness: Harness) -> None:
    client = stranger(harness)
    told = b"".join(client.answer_to(bytes([byte])) for byte in "geheim für alle\n".encode())
    assert told.startswith(b"\r\nWelcome")


def test_a_password_that_a_telnet_cut_is_no_wrong_one(harness: Harness) -> None:
    client = stranger(harness)
    for _ in range(5):
        assert client.answer_to(b"geheim f\xc3\xff\xf3r alle\r\n") == (
            b"\r\n-> Your telnet cut that line at a byte it took for a key;"
            b" please say it again.\r\nPassword: "
        )
    assert client.answer_to("geheim für alle\r\n".encode()).startswith(b"\r\nWelcome")
    assert harness.recorded == []


def test_three_wrong_ones(harness: Harness) -> None:
    witness = harness.irc("witness")
    assert witness.end is not None  # It gave none either.
    harness.recorded.clear()
    client = stranger(harness)
    again = b"\r\n-> Wrong password.\r\nPassword: "
    assert client.answer_to(b"geheim\r\n\r\n") == again
    assert client.answer_to(b"/nick root\r\n") == again
    assert client.answer_to(b"hunter2\r\n/who\r\ngeheim f\xc3\xbcr alle\r\n") == b"\r\n"
    assert client.end == HangUp(CloseReason.WRONG_PASSWORD)
    assert client.driver.finish(client.end) == b"-> Too many wrong passwords. Closing.\r\n"
    assert harness.recorded == [f"{HOST}: wrong password of the server"] * 3
    assert len(harness.applied) == 1  # Nothing but the start of the server.


def test_who_goes_away_instead(harness: Harness) -> None:
    client = stranger(harness)
    client.does(b"\x04")
    assert client.end == HangUp(CloseReason.QUIT)


def test_nobody_is_asked_where_there_is_none() -> None:
    client = HumanClient(Harness(), line=FakeLine())
    assert client.come_in()[0].startswith("Welcome to geventchat.")


def test_a_terminal_is_asked_not_to_take_letters_for_keys() -> None:
    """Once, before anything else, and whatever it answers; then all that is typed is said."""
    for answer in (b"", b"\xff\xfb\x00", b"\xff\xfc\x00", b"\xff\xfb\x00" * 3):
        harness = Harness()
        bob = harness.human("bob")
        client = HumanClient(harness)
        client.end = client.driver.opened()
        assert client.receives().startswith(DO_BINARY + b"\rWelcome to geventchat.")
        assert b"\xff" not in client.answer_to(answer)
        assert client.types("Ü 한 ם 👩‍👩‍👧‍👦") == []
        assert bob.hears()[-1].endswith("> Ü 한 ם 👩‍👩‍👧‍👦")


def test_a_terminal_is_not_asked_where_pipes_are_to_read() -> None:
    client = HumanClient(Harness(telnet_binary=False))
    client.end = client.driver.opened()
    assert client.receives().startswith(b"Welcome to geventchat.")
    client = HumanClient(Harness(telnet_binary=False, password="x"))
    client.end = client.driver.opened()
    assert client.receives().startswith(HIDE + b"\r-> This server has a password.")


def test_no_program_is_asked() -> None:
    client = IrcClient(Harness())
    client.end = client.driver.opened()
    assert client.receives() == b""
    assert client.answer_to(b"NICK carol\r\nUSER carol 0 * :Carol\r\n").startswith(
        b":geventchat 001"
    )


def test_whose_joining_could_not_be_saved_is_not_left_half_in() -> None:
    harness = Harness()
    witness = harness.irc("witness")
    witness.types("JOIN #lobby")
    client = HumanClient(harness)
    arrive = harness.store.append

    def fails_after_the_arrival(*args: Any) -> None:
        arrive(*args)
        harness.store.write_error = "disk full"

    harness.store.append = fails_after_the_arrival  # type: ignore[method-assign]
    assert client.come_in() == ["-> Not saved: disk full. Nothing changed."]
    assert client.end == HangUp(CloseReason.NOT_ADMITTED)
    assert witness.hears() == []
