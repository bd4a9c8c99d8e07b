"""Which characters travel, and which do not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.chat.text import clean_for_terminal, decoded, is_blank, truncate


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("hello", "hello"),
        ("Grüße, 世界 👩‍👩‍👧", "Grüße, 世界 👩‍👩‍👧"),
        ("a\tb", "a   b"),
        ("\tif x:\t# so", "    if x:   # so"),
        ("\x1b[2Jgone", "[2Jgone"),
        ("\x1b]0;title\x07", "]0;title"),
        ("c1 \x9b31m csi", "c1 31m csi"),
        ("bell\a back\b del\x7f nul\0", "bell back del nul"),
        ("two\r\nlines", "twolines"),
        ("line\u2028paragraph\u2029", "line paragraph "),
        ("\u202egnp.exe", "gnp.exe"),
        ("\u2066isolated\u2069", "isolated"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("tag\U000e0041", "tag"),
        ("nn\u200dj", "nn\u200dj"),
        ("lone\ud800", "lone\ufffd"),
        ("next\x85line", "nextline"),
        (
            "❤\ufe0f 👩\u200d🚀 1\ufe0f\u20e3 🏳\ufe0f\u200d🌈",
            "❤\ufe0f 👩\u200d🚀 1\ufe0f\u20e3 🏳\ufe0f\u200d🌈",
        ),
        ("new emoji \U0001fae9", "new emoji \U0001fae9"),
        ("private \ue000\U0010fffd", "private \ufffd\ufffd"),
        ("unassigned \u0378\uffff", "unassigned \ufffd\ufffd"),
    ],
)
def test_what_is_shown_of_what_was_typed(typed: str, shown: str) -> None:
    assert clean_for_terminal(typed) == shown


@given(st.text(alphabet=st.characters()))
def test_nothing_a_terminal_obeys_is_left(text: str) -> None:
    shown = clean_for_terminal(text)
    for char in shown:
        assert unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.category(char) != "Cf" or char in "\u200c\u200d"
    assert len(shown.splitlines()) <= 1
    shown.encode()


@given(st.text(alphabet=st.characters()))
def test_what_is_shown_once_is_shown_the_same_again(text: str) -> None:
    assert clean_for_terminal(clean_for_terminal(text)) == clean_for_terminal(text)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"plain", "plain"),
        ("Grüße".encode(), "Grüße"),
        ("Grüße".encode("latin-1"), "Grüße"),
        (b"\x80uro", "€uro"),
        (b"half \xe2\x82", "half â‚"),
        (b"undefined \x81\x8d\x8f\x90\x9d", "undefined " + 5 * "\ufffd"),
        (b"surrogate \xed\xa0\x80", "surrogate í\u00a0€"),
        ("Grüße aus 한국".encode().replace("한".encode(), b"\xed\x95"), "Grüße aus \ufffd국"),
        (b"Gr\xc3\xbc\xdfe", "Grü\ufffde"),
        (b"only ASCII besides \xed\x95", "only ASCII besides í•"),
    ],
)
def test_utf8_or_else_what_old_terminals_send(raw: bytes, text: str) -> None:
    assert decoded(raw) == text


@given(st.binary())
def test_any_bytes_are_some_text(raw: bytes) -> None:
    text = clean_for_terminal(decoded(raw))
    assert text.encode().decode() == text


@given(st.binary())
def test_raw_c1_controls_never_get_through(raw: bytes) -> None:
    assert not any("\x7f" <= char <= "\x9f" for char in clean_for_terminal(decoded(raw)))


def test_cut_keeps_whole_characters() -> None:
    assert truncate("äöü", 6) == "äöü"
    assert truncate("äöü", 5) == "äö"
    assert truncate("ä", 1) == ""


@given(st.text(), st.integers(0, 50))
def test_cut_is_the_longest_beginning_that_fits(text: str, max_bytes: int) -> None:
    kept = truncate(text, max_bytes)
    assert text.startswith(kept)
    assert len(kept.encode()) <= max_bytes
    if kept != text:
        assert len(text[: len(kept) + 1].encode()) > max_bytes


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "\u3164", "\u115f\u1160", "\u2800 \u00a0", "\u200d", "\ufe0f", "\uffa0 \u034f"),
        *("\u180b\u17b4", "\U000e0100\U000e01ef", "\U0001d159"),
    ],
)
def test_what_looks_empty_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", " . ", "\u3164x", "0", "❤\ufe0f", "\u00a0é"])
def test_what_can_be_seen_is_not_blank(text: str) -> None:
    assert not is_blank(text)
