"""What a password may be, and whether one is right."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.chat.passwords import canonical, checked, is_right
from geventchat.config import Config
from geventchat.errors import Reason, Refused
from geventchat.login_config import LONGEST_PASSWORD_BYTES


@pytest.mark.parametrize("password", ["secret", "größer", "two words", "\udcff", "\u2713" * 99])
def test_only_the_same_is_right(password: str) -> None:
    assert is_right(password, password)
    assert not is_right(password + "x", password)
    assert not is_right(password[:-1], password)
    assert not is_right("", password)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("correct horse", "correct horse"),
        ("Gru\u0308n", "Gr\u00fcn"),  # As macOS and as Linux type it.
        ("two\u00a0\u3000words", "two  words"),
        (" ends with blanks ", " ends with blanks "),
        ("PassWord", "PassWord"),
        ("\uff41\uff42\uff43", "\uff41\uff42\uff43"),  # Full-width letters are others.
        ("\u2764\ufe0f\U0001f468\u200d\U0001f469", "\u2764\ufe0f\U0001f468\u200d\U0001f469"),
        ("x" * LONGEST_PASSWORD_BYTES, "x" * LONGEST_PASSWORD_BYTES),
    ],
)
def test_a_password_is_the_same_however_it_is_typed(typed: str, kept: str) -> None:
    assert canonical(typed) == kept


@pytest.mark.parametrize(
    "password",
    [
        *("", "nul\0l", "tab\tt", "line\n", "esc\x1b[A", "del\x7f", "c1\x85", "\udcff"),
        *("rtl\u202e", "zero\u200bwidth", "bom\ufeff", "line\u2028", "new\U000e0fff", "own\ue000"),
        "x" * (LONGEST_PASSWORD_BYTES + 1),
        "\u00fc" * (LONGEST_PASSWORD_BYTES // 2 + 1),
        "x" * (1 << 20),
    ],
    ids=ascii,
)
def test_what_no_password_can_be(password: str) -> None:
    assert canonical(password) is None


@given(st.text())
def test_the_canonical_form_is_its_own(password: str) -> None:
    kept = canonical(password)
    if kept is not None:
        assert canonical(kept) == kept
        assert canonical(unicodedata.normalize("NFD", password)) in (kept, None)
        assert kept.encode()


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("1234567", Reason.PASSWORD_TOO_SHORT),
        ("", Reason.PASSWORD_TOO_SHORT),
        ("u\u0308" * 7, Reason.PASSWORD_TOO_SHORT),
        ("x" * 513, Reason.PASSWORD_TOO_LONG),
        ("\u00fc" * 257, Reason.PASSWORD_TOO_LONG),
        ("x" * (1 << 20), Reason.PASSWORD_TOO_LONG),
        ("12345678\0", Reason.BAD_PASSWORD),
        ("12345678\udcff", Reason.BAD_PASSWORD),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_what_no_new_password_may_be(password: str, reason: Reason) -> None:
    with pytest.raises(Refused) as caught:
        checked(password, Config())
    assert caught.value.reason is reason
    assert set(caught.value.facts) <= {"min_chars", "max_bytes"}


def test_a_new_password_is_canonical_and_the_bounds_are_settings() -> None:
    assert checked("u\u0308" * 8, Config()) == "\u00fc" * 8
    assert checked("x" * 512, Config()) == "x" * 512
    assert checked("pw", Config(password_min_chars=2)) == "pw"
    assert checked("x" * 1024, Config(password_max_bytes=1024)) == "x" * 1024
