"""Coming back under one's account."""

from __future__ import annotations

import pytest

from geventchat.dialects.base import HangUp
from geventchat.errors import CloseReason, StoreError
from tests.harness import Harness, HumanClient

PASSWORD = "correct horse"


def registered(harness: Harness, *rooms: str) -> HumanClient:
    """Anna, who has an account and is in those rooms."""
    anna = harness.human("anna")
    assert "-> anna is now yours" in " ".join(anna.types(f"/register {PASSWORD}"))
    for room in rooms:
        anna.types(f"/join {room}")
    return anna


def goes(anna: HumanClient, reason: CloseReason) -> None:
    anna.harness.marks.look(anna.harness.audience.outboxes)
    anna.driver.finish(HangUp(reason))


def back(harness: Harness) -> tuple[HumanClient, list[str]]:
    anna = harness.human()
    return anna, anna.types(f"/login anna {PASSWORD}")


def test_who_said_goodbye_is_told_how_much_is_new(harness: Harness) -> None:
    bob = harness.human("bob")
    bob.types("/join #dev")
    anna = registered(harness, "#dev")
    bob.types("seen")
    anna.hears()
    goes(anna, CloseReason.QUIT)
    bob.types("one", "two", "/msg anna psst", "/switch #lobby", "tea?")
    anna, lines = back(harness)
    assert lines[-1] == "-> 2 new in #dev, 1 in #lobby, 1 PM: /missed"
    assert not any(line.endswith(("<bob> one", "<bob> tea?")) for line in lines)
    bob.types("live")
    shown = anna.types("/missed")
    assert [line.split("] ", 1)[1] for line in shown if line[:2] == "[2"] == [
        "#dev <bob> one",
        "#dev <bob> two",
        "[PM from bob] psst",
        "#lobby <bob> tea?",
    ]
    assert shown[-1] == "-- 4 lines missed --"
    assert anna.types("/missed") == ["-- nothing missed --"]


def test_who_was_cut_off_reads_it_without_asking(harness: Harness) -> None:
    bob = harness.human("bob")
    bob.types("/join #dev")
    anna = registered(harness, "#dev")
    goes(anna, CloseReason.RESET)
    bob.types("one")
    anna, lines = back(harness)
    assert anna.session.rooms.keys() == {"#lobby", "#dev"}
    assert [line for line in lines if "<bob> one" in line] == [lines[-2]]
    assert lines[-1] == "-- 1 line missed --"
    goes(anna, CloseReason.RESET)
    _, lines = back(harness)
    assert not any("missed" in line or "<bob> one" in line for line in lines[3:])


@pytest.mark.parametrize("times_back", [0, 1])
def test_private_lines_that_came_by_themselves_are_not_told_again(
    harness: Harness, times_back: int
) -> None:
    bob, anna = harness.human("bob"), registered(harness)
    for _ in range(times_back):
        goes(anna, CloseReason.QUIT)
        anna, _ = back(harness)
    bob.types("/msg anna psst")
    assert anna.hears()[-1].endswith("[PM from bob] psst")
    goes(anna, CloseReason.QUIT)
    _, lines = back(harness)
    assert not any("missed" in line for line in lines)


def test_private_lines_read_on_another_screen_are_not_told_at_one_more(harness: Harness) -> None:
    bob, anna = harness.human("bob"), registered(harness)
    bob.types("/msg anna psst")
    assert anna.hears()[-1].endswith("[PM from bob] psst")
    harness.marks.look(harness.audience.outboxes)
    _, lines = back(harness)
    assert not any("missed" in line for line in lines)


def test_a_room_that_was_locked_meanwhile_stays_shut(harness: Harness) -> None:
    bob = harness.human("bob")
    bob.types("/join #dev")
    anna = registered(harness, "#dev")
    goes(anna, CloseReason.RESET)
    bob.types("/lock sesame", "secret")
    anna, lines = back(harness)
    assert "#dev" not in anna.session.rooms
    assert not any("secret" in line for line in lines + anna.types("/missed"))


def test_a_room_that_was_given_up_is_not_owned_again_by_coming_back(harness: Harness) -> None:
    anna = registered(harness, "#dev")
    anna.types("/drop #dev", "#dev")
    goes(anna, CloseReason.QUIT)
    anna, lines = back(harness)
    assert "#dev" in anna.session.rooms
    assert not any("yours" in line for line in lines)
    assert "belongs to nobody" in anna.types("/ranks #dev")[0]


def test_guests_and_outsiders_miss_nothing(harness: Harness) -> None:
    bob = harness.human("bob")
    assert "logged in" in bob.types("/missed")[0]
    anna = registered(harness)
    assert anna.types("/missed #dev") == ["-> You are not in #dev. /join #dev"]


def test_who_logged_out_is_followed_no_more(harness: Harness) -> None:
    anna, bob = registered(harness, "#dev"), harness.human("bob")
    bob.types("/join #dev")
    anna.types("/logout")
    assert not harness.audience.followed
    bob.types("after that")
    _, lines = back(harness)
    assert "-> 1 new in #dev: /missed" in lines


def test_what_cannot_be_known_now_is_kept(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(account: str) -> None:
        raise StoreError("disk error")

    anna = registered(harness)
    goes(anna, CloseReason.QUIT)
    harness.marks.save()
    harness.human("bob").types("one")
    with monkeypatch.context() as patch:
        patch.setattr(harness.store, "marks", fails)
        anna, lines = back(harness)
    assert "-> What you missed cannot be told now; it is kept." in lines
    goes(anna, CloseReason.QUIT)
    _, lines = back(harness)
    assert "-> 1 new in #lobby: /missed" in lines
