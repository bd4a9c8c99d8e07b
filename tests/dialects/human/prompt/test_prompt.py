"""The prompt as its person sees it: on the screen of a terminal emulator."""

from __future__ import annotations

import pytest

from geventchat.dialects.human.keys import END_OF_FILE
from tests.dialects.human.prompt.terminal import Terminal


@pytest.mark.parametrize(
    ("keys", "lines"),
    [
        ("hello\r\n", ["hello"]),
        ("helo\x1b[Dl\r", ["hello"]),
        ("world\x01hello \r", ["hello world"]),
        ("one two\x17three\r", ["one three"]),
        ("Grüße\x7fe 한국\r", ["Grüße 한국"]),
        ("\r\n\r\n", ["", ""]),
        ("wrong\x03right\r", ["right"]),
        ("one\r\x1b[A!\r", ["one", "one!"]),
        ("abc\x02\x04\r", ["ab"]),
        ("one\x15two \x19\r", ["two one"]),
        ("\x1b[200~a\tb\r\nc\x1b[201~\r", ["a   b", "c"]),
    ],
)
def test_finished_lines(keys: str, lines: list[str]) -> None:
    terminal = Terminal()
    terminal.press(keys)
    assert terminal.lines == lines


def test_ctrl_d_ends_only_where_nothing_stands() -> None:
    terminal = Terminal()
    terminal.press("a\x04\x03\x04")
    assert terminal.lines == [END_OF_FILE.decode()]
