"""MARKREAD: how far somebody has read, on all their devices, and after they were away."""

from __future__ import annotations

import pytest

from geventchat.errors import StoreError
from tests.dialects.irc.logins import leave, logged_in, numerics, register
from tests.harness import Harness

CAP = "draft/read-marker"
EARLY, LATE = "2020-01-01T12:00:00.000Z", "2021-05-20T08:30:00.000Z"


@pytest.fixture
def harness() -> Harness:
    harness = Harness(name="irc.test")
    register(harness, "Anna")
    return harness


def marker(target: str, stamp: str) -> str:
    return f":irc.test MARKREAD {target} {f'timestamp={stamp}' if stamp != '*' else stamp}"


def test_a_marker_moves_forwards_only(harness: Harness) -> None:
    for client in (harness.irc("guest", CAP), logged_in(harness, "anna", CAP)):
        client.types("JOIN #a")
        assert client.types("MARKREAD #a") == [marker("#a", "*")]
        assert client.types(f"MARKREAD #a timestamp={LATE}") == [marker("#a", LATE)]
        assert client.types(f"MARKREAD #a timestamp={EARLY}") == [marker("#a", LATE)]
        assert client.types("MARKREAD nobody") == [marker("nobody", "*")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("MARKREAD", "NEED_MORE_PARAMS"),
        ("MARKREAD #a *", "INVALID_PARAMS"),
        ("MARKREAD #a timestamp=yesterday", "INVALID_PARAMS"),
        ("MARKREAD not,a,name", "INVALID_PARAMS"),
    ],
)
def test_what_is_wrong(harness: Harness, line: str, code: str) -> None:
    (heard,) = harness.irc("guest", CAP).types(line)
    assert heard.startswith(f":irc.test FAIL MARKREAD {code} ")


def test_other_devices_are_told(harness: Harness) -> None:
    one, two = (logged_in(harness, "anna", CAP) for _ in range(2))
    other, plain = logged_in(harness, "anna_", CAP, account="anna"), logged_in(harness, "anna")
    stranger = harness.irc("bob", CAP)
    for client in (one, two, other, plain, stranger):
        client.hears()
    assert one.types(f"MARKREAD #a timestamp={LATE}") == [marker("#a", LATE)]
    assert two.hears() == other.hears() == [marker("#a", LATE)]
    assert plain.hears() == stranger.hears() == []
    two.types("JOIN #a")
    assert marker("#a", LATE) in one.hears()
    assert other.types(f"MARKREAD #a timestamp={EARLY}") == [marker("#a", LATE)]
    assert one.hears() == []


def test_they_are_there_again_after_a_login(harness: Harness) -> None:
    anna = logged_in(harness, "anna", CAP)
    anna.types("JOIN #Test", f"MARKREAD #Test timestamp={LATE}", f"MARKREAD Bob timestamp={EARLY}")
    leave(anna)
    bob = harness.irc("Bob")
    bob.types("JOIN #Test")
    again = logged_in(harness, "anna", CAP)
    told = [line for line in again.seen if "MARKREAD" in line]
    assert sorted(told) == [marker("#Test", LATE), marker("Bob", EARLY)]
    heard = again.types("JOIN #test")
    assert heard.index(marker("#Test", LATE)) < numerics(heard).index("366")
    assert bob.types("CAP REQ draft/read-marker", "MARKREAD #Test")[-1] == marker("#Test", "*")


def test_one_that_cannot_be_kept_is_told(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StoreError("disk on fire")

    anna = logged_in(harness, "anna", CAP)
    monkeypatch.setattr(harness.marks, "set_read", fail)
    (heard,) = anna.types(f"MARKREAD #a timestamp={LATE}")
    assert heard == ":irc.test FAIL MARKREAD INTERNAL_ERROR #a :disk on fire"
    assert anna.types("MARKREAD #a") == [marker("#a", "*")]
