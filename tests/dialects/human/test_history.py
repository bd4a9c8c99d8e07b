"""Slash commands about what one reads: history, ignoring, how lines look."""

from __future__ import annotations

import pytest

from tests.harness import Harness, HumanClient

HOUR = 3_600_000


def day(*lines: str) -> list[str]:
    return [f"[2023-11-14 {line}" for line in lines]


def test_history(alice: HumanClient) -> None:
    alice.types("one", "two", "/me waves")
    alice.harness.clock += 2 * HOUR
    alice.types("four")
    assert alice.types("/history") == [
        *day("12:00] <alice> one", "12:00] <alice> two", "12:00] * alice waves"),
        *day("14:00] <alice> four"),
        "-- 4 lines --",
    ]
    assert alice.types("/history 2") == [
        *day("12:00] * alice waves", "14:00] <alice> four"),
        "-- 2 lines, /more for earlier --",
    ]
    assert alice.types("/more") == [
        *day("12:00] <alice> one", "12:00] <alice> two"),
        "-- 2 lines, /more for earlier --",
    ]
    assert alice.types("/more") == ["-- no earlier lines --"]
    assert alice.types("/history 1h") == [*day("14:00] <alice> four"), "-- 1 line --"]


def test_history_of_rooms(alice: HumanClient) -> None:
    alice.types("hello", "/join #dev")
    assert alice.types("/history #LOBBY") == [*day("12:00] <alice> hello"), "-- 1 line --"]
    assert alice.types("/history 5 #tea") == ["-> You are not in #tea. /join #tea"]
    alice.types("/part #lobby")
    assert alice.types("/more") == ["-> Nothing to go on from. /history or /search first."]
    alice.types("/part")
    assert alice.types("/history") == ["-> You are in no room: /join #room first."]


SAY = "Say 20, 2h, since 14:00, yesterday or 2026-11-20."


@pytest.mark.parametrize(
    "rest", ["0", "-1", "x", "2y", "1 2 x", "٣", "1e3", "9" * 12, "@", "14h30"]
)
def test_history_of_nonsense(alice: HumanClient, rest: str) -> None:
    assert alice.types(f"/history {rest}") == [f"-> Not understood: {rest.split()[-1]}. {SAY}"]


@pytest.mark.parametrize("rest", ["2026-02-30", "25:00", "since 12:61", "0000-01-01"])
def test_history_of_times_there_are_not(alice: HumanClient, rest: str) -> None:
    told = f"-> No such time: {rest.split()[-1]}. {SAY}"
    assert alice.types(f"/history {rest}") == [told]
    assert alice.types("/history since") == [f"-> Since when? {SAY}"]


def test_history_by_days_and_times(alice: HumanClient) -> None:
    alice.types("/set tz Europe/Vienna", "one")  # 13:00 there.
    alice.harness.clock += 11 * HOUR + HOUR // 2
    alice.types("two")  # 0:30 of the next day.
    alice.harness.clock += 10 * HOUR
    alice.types("three")  # 10:30.
    one = "[2023-11-14 13:00] <alice> one"
    two, three = "[2023-11-15 00:30] <alice> two", "[2023-11-15 10:30] <alice> three"
    for asked, lines in {
        "yesterday": [one],
        "2023-11-14": [one],
        "today": [two, three],
        "since 00:31": [three],
        "00:30": [two, three],
        "since 13:00": [one, two, three],  # Of yesterday: it is not yet so late.
        "since 13:01": [two, three],
        "since yesterday": [one, two, three],
        "yesterday 13:01": [two, three],
        "since 2023-11-15": [two, three],
        "2023-11-15 10:00": [three],
        "2023-11-15T10:00": [three],
        "1 2023-11-14": [one],
        "2w": [one, two, three],
        "2023-11-13": [],
    }.items():
        *told, end = alice.types(f"/history {asked}")
        assert told == lines, asked
        assert end.startswith("-- "), asked
    assert alice.types("/history yesterday", "/more")[-1] == "-- no earlier lines --"


def test_history_of_private_talk(alice: HumanClient, bob: HumanClient) -> None:
    bob.types("/msg alice one", "/me waves", "/msg alice two")
    alice.types("/msg bob three", "/msg alice to myself")
    told = [
        "[2023-11-14 12:00] <bob> one",
        "[2023-11-14 12:00] <bob> two",
        "[2023-11-14 12:00] <alice> three",
    ]
    alice.hears()
    assert alice.types("/history @BOB") == [*told, "-- 3 lines --"]
    assert alice.types("/history 2 @bob") == [*told[1:], "-- 2 lines, /more for earlier --"]
    assert alice.types("/more") == [told[0], "-- 1 line --"]
    carl = alice.harness.human("carl")
    assert carl.types("/history @bob", "/history @alice") == 2 * ["-- no lines --"]
    bob.leaves()
    assert alice.types("/history @bob 1h")[-1] == "-- 3 lines --"


def test_one_page_of_history_has_its_bound() -> None:
    harness = Harness(history_max_lines=3)
    alice = harness.human("alice")
    alice.types("1", "2", "3", "4")
    for asked in ("999999999", "9d"):
        lines = alice.types(f"/history {asked}")
        assert lines[:-1] == day("12:00] <alice> 2", "12:00] <alice> 3", "12:00] <alice> 4")


def test_nothing_to_go_on_from(alice: HumanClient) -> None:
    assert alice.types("/more") == ["-> Nothing to go on from. /history or /search first."]


def test_history_that_cannot_be_read(alice: HumanClient) -> None:
    alice.harness.store.read_error = "disk error"
    assert alice.types("/history") == ["-> History cannot be read now: disk error."]
    assert alice.types("/seen zoe") == ["-> History cannot be read now: disk error."]
    assert alice.types("/ping") == ["-> pong"]


def test_ignore(alice: HumanClient, bob: HumanClient) -> None:
    assert alice.types("/ignore") == ["-> Ignoring: nobody."]
    assert alice.types("/ignore Bob") == [
        "-> You will not see what Bob writes. /unignore Bob ends it."
    ]
    assert alice.types("/ignore zoe", "/ignore")[-1] == "-> Ignoring: bob, zoe."
    bob.types("hello", "/me waves", "/msg alice psst")
    assert alice.hears() == []
    assert alice.types("/unignore BOB") == ["-> You see what BOB writes again."]
    assert alice.types("/unignore bob") == ["-> You do not ignore bob."]
    bob.types("hello again")
    assert alice.hears() == ["[12:00] <bob> hello again"]
    assert alice.types("/ignore ALICE") == ["-> You cannot ignore yourself."]


def test_ignoring_has_its_bound(alice: HumanClient) -> None:
    for number in range(100):
        alice.types(f"/ignore n{number}")
    assert alice.types("/ignore more") == ["-> You ignore 100 already; /unignore somebody first."]
    assert alice.types("/ignore " + "x" * 50) != []
    assert len(alice.dialect.client.ignoring) == 100


def test_quiet(alice: HumanClient, bob: HumanClient) -> None:
    assert alice.types("/quiet") == ["-> Join and leave lines are off."]
    bob.types("/part", "/join #lobby", "hello")
    assert alice.hears() == ["[12:00] <bob> hello"]
    assert alice.types("/quiet") == ["-> Join and leave lines are on."]
    bob.types("/part")
    assert alice.hears() == ["*** bob left #lobby."]


def test_pins(alice: HumanClient, bob: HumanClient) -> None:
    assert alice.types("/pins") == ["-> Nothing is pinned in #lobby. /pin TEXT pins a line."]
    assert alice.types("/pin the door code is in the drawer") == [
        "*** alice pinned: the door code is in the drawer"
    ]
    assert bob.hears() == ["*** alice pinned: the door code is in the drawer"]
    for number in range(12):
        bob.types(f"/pin {number}", "between")
    alice.hears()
    assert alice.types("/pins") == [
        f"[2023-11-14 12:00] bob pinned: {number}" for number in range(2, 12)
    ]
    alice.types("/part")
    assert alice.types("/pin x", "/pins") == ["-> You are in no room: /join #room first."] * 2


def test_pins_that_cannot_be_read(alice: HumanClient) -> None:
    alice.harness.store.read_error = "disk error"
    assert alice.types("/pins") == ["-> History cannot be read now: disk error."]


def test_who_may_not_set_the_topic_may_not_pin(alice: HumanClient, bob: HumanClient) -> None:
    harness = alice.harness
    alice.types("/join #dev")
    bob.types("/join #dev")
    al = harness.irc("al")
    assert al.types("JOIN #dev", "NICK x")  # For IRC it is a notice.
    harness.state.rooms["#dev"].modes.flags = "nt"
    al.hears()
    assert bob.types("/pin x")[-1].startswith("-> Only operators of #dev")
    alice.types("/pin tea")
    assert al.hears() == [":alice!~telnet@192.0.2.7 NOTICE #dev :[pinned] tea"]


def test_history_shows_lines_as_lines_and_nothing_of_programs(harness: Harness) -> None:
    al = harness.irc("al", "draft/multiline", "batch")
    al.types("JOIN #lobby", "PRIVMSG #lobby :\x01VERSION\x01", "BATCH +1 draft/multiline #lobby")
    al.types("@batch=1 PRIVMSG #lobby :one", "@batch=1 PRIVMSG #lobby :two", "BATCH -1")
    bob = harness.human("bob")
    assert bob.types("/history") == [
        "[2023-11-14 12:00] <al> one",
        "[2023-11-14 12:00] <al> two",
        "-- 2 lines --",
    ]


def test_who_is_ignored_stays_so_under_another_name_and_cannot_invite(harness: Harness) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.types("/ignore bob")
    bob.types("/nick rob", "hello", "/msg alice psst", "/join #a", "/invite alice #a")
    assert alice.hears() == []
    alice.types("/unignore bob")
    bob.types("/msg alice again")
    assert alice.hears() == ["[12:00] [PM from rob] again"]


def test_what_is_ignored_takes_no_place_in_the_queue() -> None:
    harness = Harness(outbox_max_items=16)
    alice, bob, carol = harness.human("alice"), harness.human("bob"), harness.human("carol")
    alice.types("/ignore bob")
    alice.line.reads = False
    for _ in range(50):
        bob.types("/msg alice psst")
    carol.types("/msg alice hello")
    alice.line.reads = True
    assert alice.hears() == ["[12:00] [PM from carol] hello"]


def test_who_is_ignored_is_not_in_the_history_either(harness: Harness) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    bob.types("one", "two")
    alice.types("/ignore bob")
    assert alice.types("/history 1") == ["-- 0 lines, /more for earlier --"]
    alice.types("/unignore bob")
    assert alice.types("/more") == [
        "[2023-11-14 12:00] <bob> one",
        "-- 1 line, /more for earlier --",
    ]
