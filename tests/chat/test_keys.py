"""Keys of rooms: what is kept of them tells nobody, and opens for the key alone."""

from __future__ import annotations

import pytest

from geventchat.chat import commands, keys
from geventchat.chat.events import Entry, Event, Joined, ModesSet
from geventchat.errors import Reason, Refused
from tests.harness import Harness, HumanClient


@pytest.mark.parametrize("key", ["sesame", "x", "a$b", "~" * 23])
def test_only_the_key_fits(key: str) -> None:
    verifier = keys.verifier_of(key)
    assert keys.fits(key, verifier)
    assert key not in verifier or key == "x"
    assert not any(keys.fits(other, verifier) for other in ("", key + key, verifier, f"a{key}"))


def test_the_same_key_is_kept_otherwise_each_time() -> None:
    assert keys.verifier_of("sesame") != keys.verifier_of("sesame")


@pytest.mark.parametrize("verifier", ["", keys.UNKNOWN, "sesame", "$", "a$"])
def test_nothing_fits_what_is_no_verifier(verifier: str) -> None:
    assert not any(keys.fits(key, verifier) for key in ("", "sesame", "a", verifier))


@pytest.fixture
def locked(harness: Harness) -> tuple[Harness, HumanClient, HumanClient]:
    """A room with the key `sesame`, who rules there, and somebody outside."""
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.types("/join #dev", "/lock sesame")
    return harness, alice, bob


def last(harness: Harness, kind: type[Event]) -> Event:
    return next(one.event for one in reversed(harness.applied) if isinstance(one.event, kind))


def test_neither_the_state_nor_who_comes_in_holds_the_key(
    locked: tuple[Harness, HumanClient, HumanClient],
) -> None:
    harness, _, bob = locked
    event, modes = last(harness, ModesSet), harness.state.rooms["#dev"].modes
    assert isinstance(event, ModesSet)
    assert modes.key == event.verifier
    assert keys.fits("sesame", modes.key) and "sesame" not in modes.key
    assert bob.types("/join #dev sesame")[0].startswith("-> You are in #dev")
    joined = last(harness, Joined)
    assert isinstance(joined, Joined)
    assert (joined.opened, "sesame" in repr(joined)) == (modes.key_set, False)


@pytest.mark.parametrize(
    ("meanwhile", "became"),
    [("/lock other", Reason.BAD_KEY), ("/lock sesame", None), ("/unlock", None)],
)
def test_a_key_that_was_replaced_before_somebody_came_in_opens_nothing(
    locked: tuple[Harness, HumanClient, HumanClient], meanwhile: str, became: Reason | None
) -> None:
    harness, alice, bob = locked
    draft = harness.proposals.draft(bob.session, commands.Join("#dev", "sesame"))
    alice.types(meanwhile)
    try:
        harness._apply(Entry(harness.next_number, harness.clock, draft))
    except Refused as refused:
        assert refused.reason is became
    else:
        assert became is None


def test_what_is_not_known_to_have_been_shown_passes(
    locked: tuple[Harness, HumanClient, HumanClient],
) -> None:
    """So it stands in journals of earlier versions, which kept neither."""
    harness, _, bob = locked
    harness._apply(Entry(harness.next_number, 0, Joined(bob.session.identity, "#dev")))
    assert "#dev" in bob.session.rooms
