"""Cloaks: the same for the same block and key, and nothing of the address in them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.chat.cloaks import Cloaks, host_told, may_know_address
from geventchat.chat.events import Identity
from geventchat.chat.sessions import Session

KEY = bytes(range(32))
CLOAKS = Cloaks(KEY)
FORM = re.compile(r"[a-z2-7]{8}\.[a-z2-7]{8}\.ip")


def block(cloak: str) -> str:
    return cloak.partition(".")[2]


@given(st.ip_addresses())
def test_every_address_has_one_of_the_same_form(address: object) -> None:
    cloak = CLOAKS.cloak(str(address))
    assert FORM.fullmatch(cloak)
    assert Cloaks(KEY).cloak(str(address)) == cloak
    assert CLOAKS.cloak(cloak) == cloak, "what is cloaked already stays as it is"
    assert Cloaks(KEY[::-1]).cloak(str(address)) != cloak


def test_the_cloaks_of_a_key_stay_as_they_are() -> None:
    """Bans in running rooms, and what people remember, name them."""
    assert CLOAKS.cloak("192.0.2.7") == "rxmtmdwz.du3rcbrf.ip"
    assert CLOAKS.cloak("2001:db8::1") == "ufrhnxra.ku55iixa.ip"


@pytest.mark.parametrize(
    ("one", "other", "same", "near"),
    [
        ("192.0.2.7", "192.0.2.8", False, True),
        ("192.0.2.7", "192.0.3.7", False, False),
        ("2001:db8::1", "2001:db8::ffff:1:2:3", True, True),
        ("2001:db8::1", "2001:0DB8:0:0::9", True, True),
        ("2001:db8::1", "2001:db8:0:1::1", False, True),
        ("2001:db8::1", "2001:db8:1::1", False, False),
        ("fe80::1%eth0", "fe80::2%eth1", True, True),
        # The same number, and not the same network.
        ("0.0.0.0", "::", False, False),
    ],
)
def test_what_is_one_users_and_what_is_near(one: str, other: str, same: bool, near: bool) -> None:
    first, second = CLOAKS.cloak(one), CLOAKS.cloak(other)
    assert (first == second) is same
    assert (block(first) == block(second)) is near
    if same:
        assert first is second, "one text for all who have it"


def test_the_words_of_a_cloak_are_not_alike() -> None:
    words = [word for n in range(256) for word in CLOAKS.cloak(f"10.{n}.0.1").split(".")[:2]]
    assert len(set(words)) == 512


@pytest.mark.parametrize("text", ["", "h", "localhost", "192.0.2", "1.2.3.4.5", "a/24"])
def test_what_is_no_address_has_nothing_to_hide(text: str) -> None:
    assert CLOAKS.cloak(text) == text


def test_an_address_is_its_owners_and_operators() -> None:
    al, bo, op = (Session(Identity(n, f"n{n}", "u", "h"), "irc") for n in (1, 2, 3))
    op.modes = "io"
    assert may_know_address(al, al.identity)
    assert not may_know_address(al, bo.identity)
    assert not may_know_address(al, op.identity)
    assert may_know_address(op, al.identity)


def test_who_was_here_when_hosts_were_addresses_is_cloaked_now() -> None:
    al, op = (Session(Identity(n, f"n{n}", "u", "h"), "irc") for n in (1, 3))
    op.modes = "o"
    bare = Identity(7, "bo", "u", "192.0.2.7", address="192.0.2.7")
    cloaked = Identity(8, "bo", "u", "a.b.ip", address="192.0.2.7")
    assert [host_told(al, who, cloaked=True) for who in (bare, cloaked)] == ["", "a.b.ip"]
    assert [host_told(op, who, cloaked=True) for who in (bare, cloaked)] == ["192.0.2.7", "a.b.ip"]
    assert host_told(al, bare, cloaked=False) == "192.0.2.7"
