"""Masks, by the vectors of the field and with the extended bans."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.chat.events import Identity
from geventchat.chat.masks import matches, matches_user, normalize

VECTORS = json.loads((Path(__file__).parents[1] / "dialects/irc/vectors.json").read_text())
BOB = Identity(1, "Bob", "~bob", "k3j2h4qp.w7d6s5aa.ip", account="Robert", address="192.0.2.7")


@pytest.mark.parametrize(("mask", "fits", "fails"), VECTORS["mask"])
def test_vectors(mask: str, fits: list[str], fails: list[str]) -> None:
    assert all(matches(mask, text) for text in fits)
    assert not any(matches(mask, text) for text in fails)


def test_many_stars_take_no_time() -> None:
    assert not matches("*a" * 60 + "b", "a" * 500)
    assert not matches("*" + "a" * 60 + "?" * 40 + "*c", "a" * 5000)


def plainly(mask: str, text: str) -> bool:
    """The same by trying everything: which beginnings of the text the mask so far can be."""
    reached = {0}
    literal = False
    for char in mask:
        if char == "\\" and not literal:
            literal = True
            continue
        if literal and char not in "*?\\":
            reached = {at + 1 for at in reached if text[at : at + 1] == "\\"}
        if char == "*" and not literal:
            reached = set(range(min(reached), len(text) + 1)) if reached else set()
        elif char == "?" and not literal:
            reached = {at + 1 for at in reached if at < len(text)}
        else:
            reached = {at + 1 for at in reached if text[at : at + 1] == char}
        literal = False
    if literal:
        reached = {at + 1 for at in reached if text[at : at + 1] == "\\"}
    return len(text) in reached


@given(st.text(st.sampled_from("ab*?\\.["), max_size=12), st.text(st.sampled_from("ab*?\\.[\n")))
def test_it_is_what_trying_everything_finds(mask: str, text: str) -> None:
    assert matches(mask, text) is plainly(mask, text)


def test_the_longest_mask_still_means_somebody() -> None:
    mask = normalize("*" * 110 + "bob")
    assert matches_user(mask, BOB)
    assert not matches("*" * 257, "x")


def test_a_backslash_takes_a_star_literally() -> None:
    assert matches(r"a\*", "a*")
    assert not matches(r"a\*", "ab")


@pytest.mark.parametrize(
    ("mask", "whole"),
    [
        ("bob", "bob!*@*"),
        ("bob!", "bob!*@*"),
        ("a@b", "*!a@b"),
        ("192.0.2.7", "*!*@192.0.2.7"),
        ("192.0.2.0/24", "*!*@192.0.2.0/24"),
        ("2001:db8::1", "*!*@2001:db8::1"),
        ("a:robert", "a:robert"),
        ("m:bob", "m:bob!*@*"),
        ("m:a:robert", "m:a:robert"),
        ("", "*!*@*"),
    ],
)
def test_what_is_left_out_is_anything(mask: str, whole: str) -> None:
    assert normalize(mask) == whole


@pytest.mark.parametrize(
    ("mask", "meant"),
    [
        ("BOB!*@*", True),
        ("*!*@K3J2H4QP.w7d6s5aa.ip", True),
        ("*!*@*.w7d6s5aa.ip", True),
        ("*!*@*.x7d6s5aa.ip", False),
        ("*!*@192.0.2.7", True),  # Who knows an address may go by it, though they see none.
        ("bob!*@192.0.2.*", True),
        ("al!*@192.0.2.*", False),
        ("*!*@192.0.2.8", False),
        ("*!*@192.0.2.0/24", True),
        ("*!*@192.0.2.99/24", True),  # A network named by one of its hosts.
        ("*!*@198.51.100.0/24", False),
        ("*!*@nonsense/99", False),
        ("a:ROB*", True),
        ("a:alice", False),
    ],
)
def test_whom_a_mask_means(mask: str, meant: bool) -> None:
    assert matches_user(mask, BOB) is meant


def test_who_is_read_back_has_no_address_to_match() -> None:
    read = replace(BOB, address="")
    assert matches_user("*!*@*.w7d6s5aa.ip", read)
    assert not matches_user("*!*@192.0.2.7", read)
    assert not matches_user("*!*@192.0.2.0/24", read)
    assert not matches_user("*!*@", read)
