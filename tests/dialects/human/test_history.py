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


@pytest.mark.parametrize("rest", ["0", "-1", "x", "2w", "1 2 x", "٣", "1e3", "9" * 12])
def test_history_of_nonsense(alice: HumanClient, rest: str) -> None:
    assert alice.types(f"/history {rest}") == ["-> Usage: /history [N or 2h] [#room]"]


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


def test_settings_are_shown(alice: HumanClient) -> None:
    assert alice.types("/set") == [
        "-> time on, tz server, colour off, bell off, width 80, screenreader off"
    ]


@pytest.mark.parametrize(
    ("setting", "answer", "line"),
    [
        ("time off", "-> time is off now.", "<bob> hi"),
        ("TIME Off", "-> time is off now.", "<bob> hi"),
        ("tz Europe/Vienna", "-> tz is Europe/Vienna now.", "[13:00] <bob> hi"),
        ("tz -03:30", "-> tz is -03:30 now.", "[08:30] <bob> hi"),
        ("tz server", "-> tz is server now.", "[12:00] <bob> hi"),
        ("colour on", "-> colour is on now.", "\x1b[2m[12:00] \x1b[0m<\x1b[1mbob\x1b[0m> hi"),
        ("color on", "-> colour is on now.", "\x1b[2m[12:00] \x1b[0m<\x1b[1mbob\x1b[0m> hi"),
        ("screenreader on", "-> screenreader is on now.", "[12:00] bob: hi"),
        ("bell on", "-> bell is on now.", "[12:00] <bob> hi"),
    ],
)
def test_set(alice: HumanClient, bob: HumanClient, setting: str, answer: str, line: str) -> None:
    assert alice.types(f"/set {setting}") == [answer]
    bob.types("hi")
    assert alice.hears() == [line]


def test_the_bell_rings_for_private_lines(alice: HumanClient, bob: HumanClient) -> None:
    alice.types("/set bell on")
    bob.types("/msg alice psst")
    assert alice.hears() == ["[12:00] [PM from bob] psst\a"]


@pytest.mark.parametrize(
    ("setting", "answer"),
    [
        ("time", "-> time: say on or off"),
        ("bell maybe", "-> bell: say on or off"),
        ("tz Nowhere/Else", "-> tz: a zone such as Europe/Vienna, +02:00, or server"),
        ("tz", "-> tz: a zone such as Europe/Vienna, +02:00, or server"),
        ("tz ../../etc/passwd", "-> tz: a zone such as Europe/Vienna, +02:00, or server"),
        ("tz /etc/passwd", "-> tz: a zone such as Europe/Vienna, +02:00, or server"),
        ("tz +25:00", "-> tz: a zone such as Europe/Vienna, +02:00, or server"),
        ("width 19", "-> width: a number of columns from 20 to 500"),
        ("width 501", "-> width: a number of columns from 20 to 500"),
        ("width ٨٠", "-> width: a number of columns from 20 to 500"),
        ("shoes red", "-> There is no setting shoes: time, tz, colour, bell, width, screenreader."),
    ],
)
def test_what_cannot_be_set(alice: HumanClient, setting: str, answer: str) -> None:
    before = alice.types("/set")
    assert alice.types(f"/set {setting}") == [answer]
    assert alice.types("/set") == before


def test_tables_keep_to_the_width(alice: HumanClient) -> None:
    alice.types("/away " + "z" * 60)
    assert max(map(len, alice.types("/who"))) <= 80
    alice.types("/set width 40")
    assert max(map(len, alice.types("/who"))) <= 40
    alice.types("/set width 80", "/set time on")
    alice.answer_to(b"\xff\xfa\x1f\x00\x32\x00\x18\xff\xf0")
    assert max(map(len, alice.types("/who"))) <= 50


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
