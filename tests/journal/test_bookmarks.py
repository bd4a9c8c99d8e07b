"""Up to where a device was given everything, and what it missed."""

from __future__ import annotations

import pytest

from geventchat.chat.commands import Join, Part, Say, Tell
from geventchat.chat.events import SERVER
from geventchat.chat.events_accounts import Deleted
from geventchat.dialects import missed
from geventchat.dialects.absence import (
    Absence,
    Resume,
    SetMarker,
)
from geventchat.dialects.base import HangUp
from geventchat.errors import CloseReason, StoreError
from geventchat.journal.bookmarks import DEVICES_MAX
from geventchat.journal.store import Mark
from tests.harness import Harness, HumanClient
from tests.journal.returning import Anna


@pytest.fixture
def bob(harness: Harness) -> HumanClient:
    bob = harness.human("bob")
    bob.types("/join #dev")
    return bob


def says(bob: HumanClient, *texts: str, to: str = "#dev") -> None:
    for text in texts:
        bob.harness.proposals.handle(bob.session, Say(to, text) if to[0] == "#" else Tell(to, text))
    bob.harness.settle()


def away(harness: Harness, *rooms: str) -> None:
    """Anna was here, in those rooms, and was cut off."""
    anna = Anna(harness, new=True)
    anna.asks(*(Join(room) for room in rooms))
    anna.client.hears()
    harness.marks.look(harness.audience.outboxes)
    anna.goes()


def test_what_was_said_meanwhile_is_missed_and_read_once(
    harness: Harness, bob: HumanClient
) -> None:
    says(bob, "before her time")
    away(harness, "#dev")
    says(bob, "one", "two")
    says(bob, "psst", to="anna")
    says(bob, "in the lobby", to="#lobby")
    anna = Anna(harness)
    assert anna.absence == Absence(("#lobby", "#dev"), cut=True, read={})
    anna.asks(Join("#dev"))
    says(bob, "live")
    says(bob, "live too", to="anna")
    assert anna.missed == ({"#lobby": 1, "#dev": 2}, 1)
    assert anna.reads() == ["one", "two", "psst", "in the lobby"]
    assert anna.missed == ({}, 0)
    assert anna.reads() == []


def test_reading_in_pieces_reaches_everything_once_and_in_order(
    harness: Harness, bob: HumanClient
) -> None:
    away(harness, "#dev")
    expected = []
    for nth in range(7):
        says(bob, f"{nth}", to=("#dev", "#lobby", "anna")[nth % 3])
        expected.append(f"{nth}")
    anna = Anna(harness)
    anna.asks(Join("#dev"))
    pieces = []
    while piece := anna.reads(limit=2):
        assert len(piece) <= 2
        pieces += piece
    assert pieces == expected


def test_what_was_not_read_is_missed_again_whatever_comes_live(
    harness: Harness, bob: HumanClient
) -> None:
    away(harness, "#dev")
    says(bob, "one")
    anna = Anna(harness)
    anna.asks(Join("#dev"))
    says(bob, "live")
    harness.marks.look(harness.audience.outboxes)
    anna.goes(CloseReason.QUIT)
    says(bob, "two")
    again = Anna(harness)
    again.asks(Join("#dev"))
    assert not again.absence.cut
    assert again.reads() == ["one", "live", "two"]


@pytest.mark.parametrize("looked_at", [True, False])
def test_what_the_peer_never_acknowledged_was_not_delivered(
    harness: Harness, bob: HumanClient, looked_at: bool
) -> None:
    anna = Anna(harness, new=True)
    anna.asks(Join("#dev"))
    says(bob, "seen")
    anna.client.hears()
    harness.marks.look(harness.audience.outboxes)
    harness.unacknowledged.add(anna.client.line)
    says(bob, "into the void")
    says(bob, "so is this", to="anna")
    anna.client.line.deliver()
    if looked_at:
        harness.marks.look(harness.audience.outboxes)
    anna.goes()
    again = Anna(harness)
    again.asks(Join("#dev"))
    assert again.reads() == ["into the void", "so is this"]


def test_a_room_that_was_left_is_not_missed(harness: Harness, bob: HumanClient) -> None:
    anna = Anna(harness, new=True)
    anna.asks(Join("#dev"))
    harness.marks.look(harness.audience.outboxes)
    anna.asks(Part("#dev"))
    harness.marks.look(harness.audience.outboxes)
    anna.goes()
    says(bob, "one")
    again = Anna(harness)
    assert "#dev" not in again.absence.rooms
    again.asks(Join("#dev"))
    assert again.missed == ({}, 0)


def test_marks_are_kept_by_the_store_and_by_device(harness: Harness, bob: HumanClient) -> None:
    away(harness, "#dev")
    harness.marks.save()
    assert not harness.marks._known
    says(bob, "one")
    phone = Anna(harness, "phone")
    phone.asks(Join("#dev"))
    assert phone.reads() == ["one"]  # A new device knows what the others had.
    harness.marks.look(harness.audience.outboxes)
    phone.goes()
    harness.marks.save()
    telnet = Anna(harness, "telnet")
    telnet.asks(Join("#dev"))
    assert telnet.reads() == ["one"]
    telnet.goes()
    harness.marks.save()
    again = Anna(harness, "phone")
    again.asks(Join("#dev"))
    assert again.reads() == []


def test_a_read_marker_counts_for_every_device(harness: Harness, bob: HumanClient) -> None:
    away(harness, "#dev")
    says(bob, "one")
    harness.clock += 1000
    says(bob, "two")
    harness.marks.set_read("anna", "#dev", harness.journal.shown - 1, harness.clock - 1000)
    anna = Anna(harness)
    assert anna.absence.read == {"#dev": harness.clock - 1000}
    anna.asks(Join("#dev"))
    assert anna.missed == ({"#dev": 1}, 0)
    anna.performs(SetMarker("#dev", harness.clock))
    assert anna.missed == ({}, 0)
    anna.performs(SetMarker("#dev", 5))
    anna.goes()
    assert Anna(harness).absence.read == {"#dev": harness.clock}


def test_only_so_many_devices_are_remembered(harness: Harness) -> None:
    marks = [
        Mark("anna", f"d{nth}", target, 1, nth)
        for nth in range(DEVICES_MAX + 3)
        for target in ("#a", "#b")
    ]
    harness.store.save_marks(marks)
    Anna(harness, new=True)
    kept = {mark.device for mark in harness.store.marks("anna")}
    assert kept == {f"d{nth}" for nth in range(4, DEVICES_MAX + 3)}  # And "telnet".


def test_who_stays_on_has_no_more_devices_remembered(harness: Harness) -> None:
    Anna(harness, "home", new=True)
    for nth in range(DEVICES_MAX + 5):
        harness.clock += 1000
        client = harness.human()
        assert client.outbox is not None
        number = client.outbox.number
        missed.perform(harness.services, client.session, number, Resume("anna", f"d{nth}"))
        harness.marks.look(harness.audience.outboxes)
        if nth % 2:
            harness.marks.save()
        client.driver.finish(HangUp(CloseReason.RESET))
    harness.marks.save()
    kept = {mark.device for mark in harness.store.marks("anna")}
    assert kept == {"home", *(f"d{nth}" for nth in range(6, DEVICES_MAX + 5))}


def test_a_store_that_fails_loses_nothing(
    harness: Harness, bob: HumanClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise StoreError("disk full")

    anna = Anna(harness, new=True)
    anna.asks(Join("#dev"))
    harness.marks.look(harness.audience.outboxes)
    with monkeypatch.context() as patch:
        patch.setattr(harness.store, "save_marks", fails)
        harness.marks.save()
        assert harness.store.marks("anna") == []
    harness.marks.save()
    assert {mark.target for mark in harness.store.marks("anna")} >= {"#dev", "*"}


def test_the_next_owner_of_a_name_has_nothing_of_the_one_before(
    harness: Harness, bob: HumanClient
) -> None:
    away(harness, "#dev")
    says(bob, "psst", to="anna")
    says(bob, "one")
    harness.clock += 1000
    harness.proposals.propose(Deleted(SERVER, "anna"))
    harness.settle()
    other = Anna(harness, new=True)
    other.asks(Join("#dev"))
    assert other.absence == Absence((), cut=False, read={})
    assert other.missed == ({}, 0)
    assert other.client.types("/history @bob") == ["-- no lines --"]
    assert "-- nothing found --" in " ".join(other.client.types("/search psst"))


def test_commits_have_their_turn_between_many_marks(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[int] = []
    anna = Anna(harness, new=True)
    for nth in range(1200):
        anna.performs(SetMarker(f"#r{nth}", 1))
    monkeypatch.setattr(harness.store, "save_marks", lambda marks: saved.append(len(marks)))
    harness.marks.save()
    assert sum(saved) >= 1200 and max(saved) <= 500


def test_two_terminals_are_one_device_and_the_slower_sets_nothing_back(
    harness: Harness, bob: HumanClient
) -> None:
    first, slow = Anna(harness, new=True), harness.human()
    first.asks(Join("#dev"))
    assert slow.outbox is not None
    number, had = slow.outbox.number, 0
    assert not missed.perform(harness.services, slow.session, number, Resume("anna", "telnet")).cut
    harness.proposals.attach(number, first.client.session, "telnet", "telnet", "h")
    harness.settle()
    harness.marks._acknowledged = lambda line: (
        had if line is slow.line else len(line.taken),
        len(line.taken),
    )
    for text in ("one", "two"):
        had = len(slow.line.taken)
        says(bob, text)
        for client in (first.client, slow):
            client.line.deliver()
        harness.marks.look(harness.audience.outboxes)
    last = harness.journal.shown
    harness.marks.save()
    assert [mark.number for mark in harness.store.marks("anna") if mark.target == "#dev"] == [last]


def test_who_says_goodbye_has_read_what_was_written_to_that_moment(
    harness: Harness, bob: HumanClient
) -> None:
    anna = Anna(harness, new=True)
    anna.asks(Join("#dev"))
    harness.marks.look(harness.audience.outboxes)
    says(bob, "seen")
    says(bob, "seen too", to="anna")
    anna.goes(CloseReason.QUIT)
    again = Anna(harness)
    again.asks(Join("#dev"))
    assert again.missed == ({}, 0)
