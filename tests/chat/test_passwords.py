"""Whether a password is right."""

from __future__ import annotations

import pytest

from geventchat.chat.passwords import is_right


@pytest.mark.parametrize("password", ["secret", "größer", "two words", "\udcff", "\u2713" * 99])
def test_only_the_same_is_right(password: str) -> None:
    assert is_right(password, password)
    assert not is_right(password + "x", password)
    assert not is_right(password[:-1], password)
    assert not is_right("", password)
