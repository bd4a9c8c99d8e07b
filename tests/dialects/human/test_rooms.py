"""Slash commands about rooms, and where one talks after them."""

from __future__ import annotations

from tests.harness import HumanClient

HOUR = 3_600_000


def test_join_part_switch(alice: HumanClient, bob: HumanClient) -> None:
    assert alice.types("/join #dev") == [
        "-> You are in #dev: no topic (1 here: alice)",
        "-- no lines -- end of history --",
    ]
    assert bob.types("/j Dev") == [
        "-> You are in #dev: no topic (2 here: alice, bob)",
        "-- no lines -- end of history --",
    ]
    assert alice.hears() == ["*** bob joined #dev. (2 here)"]
    assert alice.types("/join #dev") == ["-> Talking in #dev."]
    assert alice.types("/switch lobby", "hello") == ["-> Talking in #lobby."]
    assert bob.hears() == ["[12:00] #lobby <alice> hello"]
    assert bob.types("/leave") == ["-> You left #dev. Talking in #lobby."]
    assert alice.hears() == ["*** bob left #dev."]
    assert alice.types("/go #tea") == ["-> You are not in #tea. /join #tea"]
    assert alice.types("/part #dev gone fishing") == ["-> You left #dev. Talking in #lobby."]
    assert alice.types("/part") == ["-> You left #lobby. You are in no room now: /join #room."]
    assert bob.hears() == ["*** alice left #lobby."]
    assert alice.types("/part") == ["-> You are in no room: /join #room first."]
    assert alice.types("hello") == [
        "-> You are in no room: /join #room first.",
        "-> Your line was not sent.",
    ]
    assert alice.types("/join #a,b")[0].startswith("-> #a,b cannot be a room: # and a name")
    assert alice.types("/part #nowhere") == [
        "-> You are not in #nowhere. /switch says where you are."
    ]


def test_the_reason_for_leaving_is_told(alice: HumanClient, bob: HumanClient) -> None:
    alice.types("/part #lobby gone fishing")
    assert bob.hears() == ["*** alice left #lobby (gone fishing)."]


def test_topic(alice: HumanClient, bob: HumanClient) -> None:
    assert alice.types("/topic") == ["-> #lobby has no topic. /topic TEXT sets one."]
    assert alice.types("/topic tea \x9b[5mtime") == ["*** alice set the topic: tea [5mtime"]
    assert bob.hears() == ["*** alice set the topic: tea [5mtime"]
    alice.harness.clock += 48 * HOUR
    assert bob.types("/topic") == ["-> Topic of #lobby: tea [5mtime (set by alice 2d ago)"]
    assert bob.types("/topic " + "x" * 391) == [
        "-> That topic is too long: the limit is 320 bytes."
    ]
    assert HumanClient(alice.harness).come_in()[1] == (
        "/nick NAME to choose a name, /help for commands."
    )
    alice.types("/part")
    assert alice.types("/topic") == ["-> You are in no room: /join #room first."]
    assert "tea [5mtime" in alice.types("/join #lobby")[0]


def test_rooms(alice: HumanClient, bob: HumanClient) -> None:
    alice.types("/join #dev", "/topic code", "/switch #lobby")
    bob.types("/join #tea", "/join #dev", "hi", "ho", "/part #lobby")
    alice.hears()
    assert alice.types("/rooms") == [
        "-> * #dev       2  code",
        "-> > #lobby     1",
        "->   #tea       1",
    ]


def test_of_rooms_nobody_is_in_those_with_a_topic_are_listed_last(
    alice: HumanClient, bob: HumanClient
) -> None:
    bob.types("/join #a", "/part", "/join #tea", "/topic green", "/part")
    alice.types("/join #dev", "/part #lobby")
    bob.types("/join #dev", "/part #lobby")
    alice.hears()
    assert alice.types("/rooms") == [
        "-> > #dev       2",
        "->   #lobby     0",
        "->   #tea       0  green",
    ]
    assert alice.types("/join #tea")[0] == "-> You are in #tea: green (1 here: alice)"


def test_who_leaves_talks_in_the_room_talked_in_before(alice: HumanClient) -> None:
    """Not in the one joined last; across several, and whatever was left meanwhile."""
    alice.types("/join #a", "/join #b", "/join #c", "/join #d", "/switch #b", "/switch #a")
    assert alice.types("/part") == ["-> You left #a. Talking in #b."]
    assert alice.types("/part #d") == ["-> You left #d. Talking in #b."]
    assert alice.types("/part") == ["-> You left #b. Talking in #c."]
    assert alice.types("/join #a")[0].startswith("-> You are in #a")
    assert alice.types("/part") == ["-> You left #a. Talking in #c."]
    assert alice.types("/part") == ["-> You left #c. Talking in #lobby."]


def test_rooms_talked_in_before_are_remembered_once(alice: HumanClient) -> None:
    for _ in range(3):
        alice.types("/join #a", "/join #b", "/switch #lobby", "/part #a", "/switch #b", "/part")
    assert len(alice.dialect.client.before) <= 2


def test_who_could_not_leave_talks_on_there(alice: HumanClient, bob: HumanClient) -> None:
    alice.types("/join #dev")
    alice.harness.store.write_error = "disk full"
    assert alice.types("/part") == ["-> Not saved: disk full. Nothing changed."]
    alice.harness.store.write_error = ""
    bob.types("hi")
    assert alice.hears() == ["[12:00] #lobby <bob> hi"]
    assert alice.types("/switch")[0] == "-> Talking in #dev."


def test_switch_alone_tells_where_one_is(alice: HumanClient) -> None:
    assert alice.types("/switch") == ["-> Talking in #lobby."]
    alice.types("/join #dev", "/join #tea")
    assert alice.types("/go") == ["-> Talking in #tea.", "-> You are in #lobby, #dev too."]
    alice.types("/part", "/part", "/part")
    assert alice.types("/switch") == ["-> You are in no room now: /join #room."]


def test_a_room_can_be_left_without_its_sign(alice: HumanClient, bob: HumanClient) -> None:
    """But a reason that happens to be a room's name stays one for whoever is not there."""
    alice.types("/join #dev", "/switch #lobby")
    assert alice.types("/part dev") == ["-> You left #dev. Talking in #lobby."]
    assert alice.types("/part dev") == ["-> You left #lobby. You are in no room now: /join #room."]
    assert bob.hears() == ["*** alice left #lobby (dev)."]
