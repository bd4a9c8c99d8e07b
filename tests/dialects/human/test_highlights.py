"""One's own name, private lines, and who is who by colour."""

from __future__ import annotations

import pytest

from geventchat.dialects.human.highlights import PALETTE, coloured, mentions
from tests.harness import Harness


@pytest.mark.parametrize(
    "text",
    ["alice", "Alice: hi", "hi, ALICE!", "(alice)", "malice and alice", "é alice", "alice's"],
)
def test_a_name_is_found_as_a_word(text: str) -> None:
    assert mentions(text, "alice")


@pytest.mark.parametrize("text", ["", "malice", "alices", "alice2", "alice_", "éalice", "ali ce"])
def test_a_part_of_a_word_is_nobodys_name(text: str) -> None:
    assert not mentions(text, "alice")


def test_a_nick_with_signs_in_it_is_found() -> None:
    assert mentions("hi [a]|^", "[A]|^")
    assert not mentions("hi a", "[A]|^")


def test_a_nick_has_one_colour() -> None:
    assert coloured("bob") == "\x1b[38;5;99mbob\x1b[0m"
    assert coloured("BOB") == "\x1b[38;5;99mBOB\x1b[0m"
    assert len({coloured(f"nick{n}").split("m")[0] for n in range(200)}) == len(PALETTE)


@pytest.mark.parametrize("colour", PALETTE)
def test_every_colour_can_be_read_on_black_and_on_white(colour: int) -> None:
    """By WCAG 2.1's contrast ratio; xterm's colours 16 to 231 are a cube."""
    levels = (0, 95, 135, 175, 215, 255)
    place = colour - 16
    parts = [levels[at] / 255 for at in (place // 36, place // 6 % 6, place % 6)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert (light + 0.05) / 0.05 >= 3.7
    assert 1.05 / (light + 0.05) >= 3.7


def test_whoever_asked_for_a_bell_is_called_by_name(harness: Harness) -> None:
    alice, bob, carol = harness.human("alice"), harness.human("bob"), harness.human("carol")
    alice.types("/set bell on")
    bob.types("hello alice", "hello all", "/me greets Alice")
    assert alice.hears() == [
        "[12:00] <bob> hello alice\a",
        "[12:00] <bob> hello all",
        "[12:00] * bob greets Alice\a",
    ]
    assert not any("\a" in line for line in carol.hears())


def test_whoever_asked_for_colours_sees_their_name_and_what_is_theirs_alone(
    harness: Harness,
) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.types("/set colour on", "/set time off")
    bob.types("hello alice", "hello all", "/msg alice psst")
    assert alice.hears() == [
        "<\x1b[1m\x1b[7mbob\x1b[0m> hello alice",
        "<\x1b[1mbob\x1b[0m> hello all",
        "\x1b[1m[PM from bob]\x1b[0m psst",
    ]


def test_a_name_is_looked_for_as_it_is_now(harness: Harness) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.types("/set bell on", "/nick al")
    bob.types("alice?", "al?")
    assert alice.hears()[-2:] == ["[12:00] <bob> alice?", "[12:00] <bob> al?\a"]


def test_nobody_calls_themselves(harness: Harness) -> None:
    alice = harness.human("alice")
    alice.types("/set bell on")
    assert alice.types("/me is alice") == ["[12:00] * alice is alice"]


def test_what_was_said_before_one_came_does_not_ring(harness: Harness) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    bob.types("/join #dev", "where is alice?")
    alice.types("/set bell on", "/set colour on", "/set time off")
    shown = alice.types("/join #dev")
    assert "<\x1b[1m\x1b[7mbob\x1b[0m> where is alice?" in shown


def test_who_asked_for_nothing_shares_the_bytes(harness: Harness) -> None:
    people = [harness.human(nick) for nick in ("alice", "bob", "carol")]
    people[2].types("/set bell on")
    feed = harness.audience.feeds["#lobby"]
    encoders = [feed.subscriptions[one.session.number].encoder for one in people]
    assert encoders[0] is encoders[1]
    assert [encoder.shared for encoder in encoders] == [True, True, False]
