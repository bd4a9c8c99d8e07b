"""Being somebody, in rooms."""

from __future__ import annotations

from tests.client.terminal.talker import in_room
from tests.harness import Harness


def test_rooms_and_where_words_go(harness: Harness) -> None:
    alice = in_room(harness)
    assert alice.types("/join tea") == ["-> You are in #tea (1 here: @alice)"]
    assert alice.types("/go dev") == ["-> Talking in #dev."]
    assert alice.types("/join #TEA") == ["-> Talking in #tea."]
    assert alice.types("/part so long") == ["-> You left #tea. Talking in #dev."]
    assert alice.types("/leave #dev") == ["-> You left #dev. You are in no room: /join #room"]
    assert alice.types("/part #dev") == [
        "-> There is no room #dev. /rooms lists them, /join #dev makes it."
    ]


def test_ignoring_somebody(harness: Harness) -> None:
    alice, bob = in_room(harness), in_room(harness, "bob")
    alice.hears()
    assert alice.types("/ignore Bob") == ["-> You ignore Bob. The same again to hear them."]
    bob.types("noise", "/msg alice noise")
    assert alice.hears() == []
    assert alice.types("/ignore") == ["-> You ignore bob."]
    assert alice.types("/ignore bob") == ["-> You hear bob again."]
    bob.types("music")
    assert alice.hears() == ["[12:00] <bob> music"]


def test_leaving_with_a_word(harness: Harness) -> None:
    alice = in_room(harness)
    alice.types("/quit so long")
    assert alice.left == ["so long"]


def test_actions(harness: Harness) -> None:
    alice, bob = in_room(harness), harness.human("bob")
    bob.types("/join #dev")
    assert alice.types("/me waves")[-1] == "[12:00] * alice waves"
    assert bob.hears()[-1] == "[12:00] * alice waves"
    assert alice.types("/me") == ["-> Usage: /me ACTION"]
