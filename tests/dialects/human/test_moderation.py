"""Who is meant and what was changed, in people's words."""

from __future__ import annotations

import pytest

from geventchat.chat import masks
from geventchat.chat.events import Change, Identity, ModesSet
from geventchat.chat.modes import FLAGS, LISTS, STATUSES
from geventchat.dialects.human.moderation import (
    changes_told,
    mask_of,
    unchanged_told,
    who_is_meant,
)

ALICE = Identity(1, "alice", "~telnet", "192.0.2.7")


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        ("bob!*@*", "bob"),
        ("bob{}!*@*", "bob{}"),
        ("guest*!*@*", "guest*"),
        ("everybodys!*@*", "everybodys"),
        ("everybody!*@*", "everybody!*@*"),
        ("*!*@*", "everybody"),
        ("*!*@192.0.2.0/24", "everybody from 192.0.2.0/24"),
        ("*!*@2001:db8::1", "everybody from 2001:db8::1"),
        ("*!*@*.example.org", "everybody from *.example.org"),
        ("a:rob", "account:rob"),
        ("bob!~irc@192.0.2.1", "bob!~irc@192.0.2.1"),
        ("*!~irc@*", "*!~irc@*"),
    ],
)
def test_masks_have_names_that_mean_them(mask: str, words: str) -> None:
    assert who_is_meant(mask) == who_is_meant(masks.MUTE + mask) == words
    assert masks.normalize(mask_of(words, listed=True)) == mask


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ("+o bob", "made bob an operator"),
        ("+b bob!*@*", "banned bob"),
        ("+b m:bob!*@*", "muted bob"),
        ("-b m:a:rob", "unmuted account:rob"),
        ("-k sesame", "unlocked #dev"),
        ("-i", "opened #dev to the uninvited"),
        ("-k sesame -i", "opened #dev to everybody"),
        (
            "-i +v bob{room} -k sesame",
            "gave bob{room} a voice and opened #dev to everybody",
        ),
        ("+k sesame", "locked #dev with a key"),
        ("+b a!*@* +b b!*@* +b c!*@*", "banned a, banned b and banned c"),
        ("+e bob!*@* +I eve!*@*", "exempted bob from bans and let eve come in uninvited"),
    ],
)
def test_changes(changes: str, words: str) -> None:
    event = ModesSet(ALICE, "#dev", tuple(parsed(changes)))
    assert changes_told(event, here=True) == words
    named = "" if "#dev" in words else " in #dev"
    assert changes_told(event, here=False) == words + named


def parsed(typed: str) -> list[Change]:
    """`+o bob -i` as changes."""
    changes: list[Change] = []
    for word in typed.split(" "):
        if word[0] in "+-":
            changes.append(Change(word))
        else:
            changes[-1] = Change(changes[-1].mode, word)
    return changes


@pytest.mark.parametrize("sign", "+-")
@pytest.mark.parametrize("letter", FLAGS + LISTS + STATUSES + "kl")
def test_every_change_has_words_and_a_key_is_in_none(sign: str, letter: str) -> None:
    change = Change(sign + letter, "7")
    words = changes_told(ModesSet(ALICE, "#dev", (change,)), here=True)
    fact = unchanged_told("#dev", [change])
    assert fact.endswith(".")
    assert sign + letter not in words + fact
    if letter == "k":
        assert "7" not in words + fact


def test_how_it_is_already() -> None:
    for typed, fact in {
        "+o bob": "bob is an operator already.",
        "-v bob": "bob has no voice.",
        "-b m:bob!*@*": "bob is not muted.",
        "+b *!*@10.0.0.0/8": "Everybody from 10.0.0.0/8 is banned already.",
        "-k -i": "#dev is not locked.",
        "+m": "#dev is moderated already.",
    }.items():
        assert unchanged_told("#dev", parsed(typed)) == fact
