"""Words, as they are sought: in any script, and the same in what was said and what is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.chat.terms import Matcher, phrases_in, terms_in, terms_of, units_of

LETTERS = st.text("aBé ı日本語한국.ไทย🎉_\x02ß\u0301", max_size=30)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Don't panic_now: foo.bar", ["don", "t", "panic", "now", "foo", "bar"]),
        ("Ünïcode ЁЛКА Straße ﬁn ＡＢＣ", ["unicode", "елка", "strasse", "fin", "abc"]),
        ("日本語 ok", ["日", "本", "語", "ok"]),
        ("한국어🎉 v2", ["한", "국", "어", "🎉", "v2"]),
        ("\x0304red\x03 de\x02ploy", ["red", "deploy"]),
        ("a" * 50, ["a" * 40]),
        ("!?., \x00\ud800", []),
    ],
)
def test_units(text: str, units: list[str]) -> None:
    assert units_of(text) == units


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("deploy", "We DEPLOY now"),
        ("munchen", "in München"),
        ("検索", "日本語を検索する"),
        ("猫", "猫がいる"),
        ("한국", "저는 한국에 있어요"),
        ('"at noon"', "lunch, at: Noon!"),
        ("foo_bar", "see foo.bar"),
        ("🎉", "done 🎉🎉"),
        ('noon "we deploy', "we deploy at noon"),
    ],
)
def test_what_is_found(asked: str, text: str) -> None:
    assert Matcher(phrases_in(asked))(text)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("deploy", "deployed"),
        ("索検", "日本語を検索する"),
        ('"noon at"', "at noon"),
        ("foo bar", "foo"),
        ("é", "i"),
        ("red", "\x0304blue"),
    ],
)
def test_what_is_not_found(asked: str, text: str) -> None:
    assert not Matcher(phrases_in(asked))(text)


@given(st.lists(LETTERS, min_size=1, max_size=3), LETTERS, LETTERS)
def test_what_stands_in_a_text_is_found_and_its_terms_are_in_the_index(
    said: list[str], before: str, after: str
) -> None:
    """An index never loses what the text itself has."""
    text = " ".join([before, *said, after])
    phrases = phrases_in(" ".join(f'"{part}"' for part in said))
    assert Matcher(phrases)(text)
    assert terms_in(phrases) <= terms_of(text)


@given(LETTERS, LETTERS)
def test_what_matches_has_the_terms(asked: str, text: str) -> None:
    phrases = phrases_in(asked)
    if Matcher(phrases)(text):
        assert terms_in(phrases) <= terms_of(text)


def test_terms_of_scripts_without_spaces_are_pairs() -> None:
    assert terms_in(phrases_in("日本語 猫 foo.bar")) == {"日本", "本語", "猫", "foo", "bar"}
    assert terms_of("日本 ok") == {"日", "本", "日本", "ok"}


def test_the_end_of_a_very_long_text_is_not_looked_at() -> None:
    assert not Matcher(phrases_in("end"))("x " * 3000 + "end")
