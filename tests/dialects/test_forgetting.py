"""/forget me: the account, its rooms and all its words go, at once for whoever looks."""

from __future__ import annotations

import pytest

from geventchat.chat.history import HistoryQuery, HistoryRange
from tests.harness import Harness, HumanClient

PASSWORD = "correct horse"


@pytest.fixture
def alice(harness: Harness) -> HumanClient:
    """Who has an account and a room, and has said something in it and in private."""
    alice = harness.human("alice")
    alice.types(f"/register {PASSWORD}", "/join #mine", "mine 1", "/switch #lobby", "lobby 1")
    return alice


def stored(harness: Harness, room: str) -> list[str]:
    for _ in range(9):
        harness.store.erase_more()
    query = HistoryQuery(HistoryRange(), 100, True, room)
    return [entry.event.text for entry in harness.store.history(query, "")]  # type: ignore[attr-defined]


def test_it_asks_twice_and_then_nothing_is_left(alice: HumanClient, harness: Harness) -> None:
    bob = harness.human("bob")
    bob.types("bob's")
    credential = harness.state.accounts["alice"].credential
    asked = alice.types("/forget me")
    assert asked[-1].startswith("-> Password of alice?")
    asked = alice.types(PASSWORD)
    assert asked[-1] == "-> To have it so, type alice once more; Enter alone keeps it all."
    assert harness.state.accounts
    told = alice.types("Alice")
    assert told[-1] == "-> alice is forgotten. What you have said is being erased."
    assert not harness.state.accounts
    assert not harness.state.rooms["#mine"].owner
    assert harness.store.credential(credential) is None
    assert stored(harness, "#lobby") == ["bob's"]
    assert stored(harness, "#mine") == []
    assert harness.recorded[-1].endswith("deleted alice, with all it has said")


def test_who_comes_into_a_room_is_not_shown_their_words(
    alice: HumanClient, harness: Harness
) -> None:
    harness.human("bob").types("bob's")
    assert "lobby 1" in "".join(HumanClient(harness).come_in())
    alice.types("/forget me", PASSWORD, "alice")
    welcome = "".join(HumanClient(harness).come_in())
    assert "bob's" in welcome
    assert "lobby 1" not in welcome


def test_what_the_store_has_yet_to_erase_is_not_read(
    alice: HumanClient, harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = harness.human("bob")
    monkeypatch.setattr(harness.store, "_forget_authors", lambda: None)
    alice.types("/forget me", PASSWORD, "alice")
    alice.types("/nick other", f"/register {PASSWORD}", "said by whoever comes next")
    assert "lobby 1" in stored(harness, "#lobby")
    shown = "".join([*bob.types("/history"), *bob.types("/search lobby")])
    assert "said by whoever comes next" in shown
    assert "lobby 1" not in shown


@pytest.mark.parametrize(
    "typed",
    [
        ("/forget me", ""),
        ("/forget me", "wrong horse", ""),
        ("/forget me", PASSWORD, ""),
        ("/forget me", PASSWORD, "bob"),
        ("/forget me", PASSWORD, "yes"),
        ("/forget bob",),
        ("/forget",),
    ],
)
def test_whoever_hesitates_keeps_all(
    alice: HumanClient, harness: Harness, typed: tuple[str, ...]
) -> None:
    alice.types(*typed)
    assert "alice" in harness.state.accounts
    assert stored(harness, "#lobby") == ["lobby 1"]
    bob = harness.human("bob")
    alice.types("on")
    assert "[12:00] <alice> on" in bob.hears()


def test_a_guest_has_nothing_to_be_forgotten(harness: Harness) -> None:
    assert harness.human("bob").types("/forget me") == [
        "-> You are not logged in. /login NICK PASSWORD"
    ]


def test_what_was_not_saved_leaves_all(alice: HumanClient, harness: Harness) -> None:
    alice.types("/forget me", PASSWORD)
    harness.store.write_error = "disk full"
    assert "disk full" in "".join(alice.types("alice"))
    harness.store.write_error = ""
    assert "alice" in harness.state.accounts
    assert stored(harness, "#lobby") == ["lobby 1"]


def test_nothing_more_is_noted_of_their_devices(alice: HumanClient, harness: Harness) -> None:
    """They stay on; whoever has the name next has missed what they have not."""
    harness.marks.look(harness.audience.outboxes)
    harness.marks.save()
    assert harness.store.marks("alice")
    alice.types("/forget me", PASSWORD, "alice", "still here")
    harness.marks.look(harness.audience.outboxes)
    harness.marks.save()
    assert harness.store.marks("alice") == []


def test_who_takes_the_name_then_reads_nothing_of_the_former(
    alice: HumanClient, harness: Harness
) -> None:
    """What others said to them is theirs, and stays; but not for a stranger of that name."""
    bob = harness.human("bob")
    bob.types("/register other horse", "/msg alice secret 1")
    alice.types("/msg bob secret 2")
    assert "secret 1" in "".join(alice.types("/history @bob"))
    alice.types("/forget me", PASSWORD, "alice", "/nick gone")
    eve = harness.human("alice")
    eve.types(f"/register {PASSWORD}")
    shown = eve.types("/history @bob", "/search secret", "/missed")
    assert "secret" not in "".join(shown).replace("/search secret", "").replace("“secret”", "")
    found = [entry for entry in harness.applied if getattr(entry.event, "text", "") == "secret 1"]
    from geventchat.chat.visibility import may_read

    assert not may_read(harness.state, eve.session, found[0])
    assert may_read(harness.state, bob.session, found[0])
