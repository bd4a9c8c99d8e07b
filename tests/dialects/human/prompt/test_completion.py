"""What Tab makes of a word."""

from __future__ import annotations

import pytest

from geventchat.dialects.human.prompt.completion import (
    SHOWN_MAX,
    common,
    finished,
    is_longer,
    listing,
    matching,
)

NAMES = ["bob", "Bobby", "alice", "#dev", "#Décembre"]


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("al", ["alice"]),
        ("AL", ["alice"]),
        ("bo", ["bob", "Bobby"]),
        ("", NAMES),
        ("x", []),
        ("#de", ["#dev"]),
        ("#de\u0301", ["#Décembre"]),
    ],
)
def test_what_a_word_may_become(word: str, names: list[str]) -> None:
    assert matching(word, [*NAMES, "bob"]) == names


def test_only_what_may_be_shown_comes_of_it() -> None:
    assert matching("ev", ["ev\x1b[31mil", "ev\x07"]) == ["ev[31mil", "ev"]


@pytest.mark.parametrize(
    ("names", "same"),
    [
        (["bob", "Bobby"], "bob"),
        (["Bobby", "bob"], "Bob"),
        (["/join"], "/join"),
        (["a", "b"], ""),
        (["#İx", "#İy"], "#İ"),
    ],
)
def test_with_what_all_begin(names: list[str], same: str) -> None:
    assert common(names) == same


def test_an_accent_typed_by_itself_makes_no_word_longer() -> None:
    assert is_longer("#Déc", "#de")
    assert not is_longer("#Déc", "#de\u0301c")


@pytest.mark.parametrize(
    ("name", "first", "text"),
    [
        ("/join", True, "/join "),
        ("bob", True, "bob: "),
        ("bob", False, "bob "),
        ("#dev", False, "#dev "),
        ("#dev", True, "#dev "),
    ],
)
def test_what_comes_behind_a_name(name: str, first: bool, text: str) -> None:
    assert finished(name, first) == text


def test_a_long_list_is_cut() -> None:
    names = [f"guest{n}" for n in range(SHOWN_MAX + 1200)]
    assert listing(names[:2]) == "guest0  guest1"
    assert listing(names[:SHOWN_MAX]).split() == names[:SHOWN_MAX]
    assert listing(names).endswith(f"guest{SHOWN_MAX - 1}  … 1,200 more")
