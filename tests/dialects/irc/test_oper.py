"""The server's operators: who becomes one, and what the log tells of them."""

from __future__ import annotations

import pytest

from geventchat.dialects.base import HangUp
from geventchat.errors import CloseReason
from tests.harness import HOST, Harness


@pytest.fixture
def harness() -> Harness:
    return Harness(oper_name="root", oper_password="grün")


def test_three_wrong_passwords_end_the_connection(harness: Harness) -> None:
    guest = harness.irc("guesser")
    assert [guest.types(f"OPER root {n}")[0].split(" ")[1] for n in range(2)] == ["464", "464"]
    assert guest.end is None
    guest.types("OPER root 2", "OPER root grün")
    assert guest.end == HangUp(CloseReason.WRONG_PASSWORD)
    assert "o" not in guest.session.modes
    assert harness.recorded == [f"{HOST}: guesser gave a wrong password for OPER"] * 3


def test_a_right_one_between_wrong_ones_begins_the_count_anew(harness: Harness) -> None:
    boss = harness.irc("boss")
    boss.types("OPER root no", "OPER no grün")
    assert boss.types("OPER root grün")[-1].split(" ")[1] == "381"
    boss.types("OPER root no", "OPER root no")
    assert boss.end is None
    assert boss.types("OPER root no")[-1].split(" ")[1] == "464"
    assert boss.end is not None


def test_nobody_becomes_one_without_a_password_being_set() -> None:
    harness = Harness()
    guest = harness.irc("guesser")
    assert guest.types("OPER  :")[0].split(" ")[1] == "461"
    guest.types("OPER x :", "OPER x :", "OPER x :")
    assert guest.end == HangUp(CloseReason.WRONG_PASSWORD)


def test_what_they_do_is_logged(harness: Harness) -> None:
    harness.human("bob")
    boss = harness.irc("boss")
    boss.types("OPER root grün", "KILL bob :bye", "REHASH")
    assert harness.recorded == [
        f"{HOST}: boss became an operator of the server",
        f"{HOST}: boss ended the session of bob, {HOST}",
        f"{HOST}: boss had the settings read again: reloaded: 0 settings changed",
    ]
