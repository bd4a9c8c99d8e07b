"""The echo dialects are functions of bytes."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from geventchat.config import MODES
from geventchat.dialects.echo import ANSWERS, echo, upper


@given(st.binary())
def test_echo_sends_back_what_came(data: bytes) -> None:
    assert echo(data) == data


def test_upper_knows_ascii_only() -> None:
    assert upper(b"Hello, w\xc3\xb6rld\xff\r\n") == b"HELLO, W\xc3\xb6RLD\xff\r\n"


@given(st.binary())
def test_upper_changes_nothing_but_small_letters(data: bytes) -> None:
    small = string.ascii_lowercase.encode()
    for byte, answer in zip(data, upper(data), strict=True):
        assert answer == (byte - 32 if byte in small else byte)


@given(st.binary(), st.binary())
def test_where_the_network_cuts_does_not_matter(first: bytes, second: bytes) -> None:
    for answer in ANSWERS.values():
        assert answer(first) + answer(second) == answer(first + second)


def test_every_mode_but_chat_has_an_answer() -> None:
    assert set(ANSWERS) == set(MODES) - {"chat"}
