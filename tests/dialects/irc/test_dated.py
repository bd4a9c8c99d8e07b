"""Lines of the past in words."""

from __future__ import annotations

import pytest

from geventchat.chat.events import Appeared, Entry, Form, Identity, Said
from geventchat.dialects.irc.dated import dated, notices
from tests.harness import NOON

AL = Identity(1, "al", "~al", "host", "Al")


@pytest.mark.parametrize(
    ("text", "form", "shown"),
    [
        ("hello", Form.MESSAGE, ["[2023-11-14 12:00] <al> hello"]),
        ("!op me", Form.MESSAGE, ["[2023-11-14 12:00] <al> !op me"]),
        ("waves", Form.ACTION, ["[2023-11-14 12:00] * al waves"]),
        ("look", Form.NOTICE, ["[2023-11-14 12:00] -al- look"]),
        ("a\nb", Form.MESSAGE, ["[2023-11-14 12:00] <al> a", "[2023-11-14 12:00] <al> b"]),
        ("\x01VERSION\x01", Form.MESSAGE, []),
    ],
)
def test_a_line_with_its_time_and_author(text: str, form: Form, shown: list[str]) -> None:
    assert dated(Entry(7, NOON, Said(AL, "#a", text, form))) == shown


def test_only_what_was_said() -> None:
    assert dated(Entry(7, NOON, Appeared(AL, "#a"))) == []


def test_what_is_too_long_for_a_line_becomes_several() -> None:
    text = "é" * 300 + " end"
    lines = list(notices("irc.test", "#a", [text]))
    assert len(lines) == 2 and all(len(line.encode()) <= 510 for line in lines)
    assert "".join(line.removeprefix(":irc.test NOTICE #a :") for line in lines) == text
