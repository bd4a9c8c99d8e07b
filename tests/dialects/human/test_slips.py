"""Words that are no commands, and the commands that were meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.dialects.human.help import COMMANDS
from geventchat.dialects.human.slips import OTHER_WORDS, meant, slips, slips_allowed

NAMES = [name for command in COMMANDS for name in (command.name, *command.aliases)]
WORDS = st.text("abcde", max_size=7)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("hlep", "help"),
        ("mgs", "msg"),
        ("jion", "join"),
        ("lsit", "list"),
        ("exti", "exit"),
        ("pign", "ping"),
        ("swtich", "switch"),
        ("histroy", "history"),
        ("unmutte", "unmute"),
        ("whisper", "msg"),
        ("foo", ""),
        ("lol", ""),
        ("xyzzy", ""),
        ("etc/passwd", ""),
        ("", ""),
        ("x" * 4000, ""),
    ],
)
def test_what_was_meant(typed: str, name: str) -> None:
    assert meant(typed, NAMES) == name


def test_other_words_mean_commands_and_are_none() -> None:
    names = {command.name for command in COMMANDS}
    assert set(OTHER_WORDS.values()) <= names
    assert [word for word in OTHER_WORDS if any(name.startswith(word) for name in NAMES)] == []


@pytest.mark.parametrize(
    ("typed", "name", "count"),
    [
        ("ca", "abc", 4),  # Known from the literature: 3 where one may edit between, here 3 + 1.
        ("teh", "the", 1),
        ("ehlp", "help", 1),
        ("kelp", "help", 2),
        ("elp", "help", 2),
        ("xhelp", "help", 2),
        ("hep", "help", 1),
        ("help", "help", 0),
        ("", "ab", 3),
        ("ab", "", 3),
    ],
)
def test_slips_are_counted(typed: str, name: str, count: int) -> None:
    assert slips(typed, name) == count


@given(WORDS, WORDS)
def test_slips_lead_there_and_back(one: str, other: str) -> None:
    assert slips(one, other) == slips(other, one)
    assert (slips(one, other) == 0) == (one == other)


@given(WORDS, st.lists(WORDS, max_size=5))
def test_the_nearest_is_found_and_no_far_one(typed: str, names: list[str]) -> None:
    """Whatever is passed over because its letters differ would not have been near enough."""
    near = [slips(typed, name) for name in names if slips(typed, name) <= slips_allowed(typed)]
    found = meant(typed, names)
    assert found == "" if not near or not slips_allowed(typed) else slips(typed, found) == min(near)
