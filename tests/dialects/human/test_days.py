"""Days: whoever reads on past midnight is told which day it is, in their own zone."""

from __future__ import annotations

from datetime import UTC, date, timedelta, timezone

from geventchat.dialects.human.days import day, day_told, local
from tests.harness import NOON, Harness, HumanClient

HOUR = 3_600_000
TUESDAY, WEDNESDAY = "*** Tuesday, 14 November 2023", "*** Wednesday, 15 November 2023"


def test_a_moment_is_of_the_day_it_is_there() -> None:
    before_midnight = NOON + 12 * HOUR - 1
    assert day(before_midnight, UTC) == date(2023, 11, 14)
    assert day(before_midnight, timezone(timedelta(hours=1))) == date(2023, 11, 15)
    assert f"{local(before_midnight, timezone(timedelta(hours=1))):%H:%M}" == "00:59"
    assert day_told(date(2026, 11, 1)) == "Sunday, 1 November 2026"


def test_the_first_line_of_a_day_stands_under_its_name(
    alice: HumanClient, bob: HumanClient
) -> None:
    bob.types("good night")
    assert alice.hears() == ["[12:00] <bob> good night"]
    alice.harness.clock += 20 * HOUR
    bob.types("good morning", "tea?")
    assert alice.hears() == [WEDNESDAY, "[08:00] <bob> good morning", "[08:00] <bob> tea?"]


def test_who_speaks_first_is_told_the_day_too(alice: HumanClient, bob: HumanClient) -> None:
    alice.harness.clock += 20 * HOUR
    assert alice.types("good morning") == [WEDNESDAY]
    assert bob.hears() == [WEDNESDAY, "[08:00] <alice> good morning"]
    bob.types("tea?")
    assert alice.hears() == ["[08:00] <bob> tea?"]


def test_who_ignores_the_first_to_speak_is_told_the_day(
    alice: HumanClient, bob: HumanClient
) -> None:
    alice.types("/ignore bob")
    alice.harness.clock += 20 * HOUR
    bob.types("good morning")
    assert alice.hears() == [WEDNESDAY]


def test_a_day_begins_where_the_reader_lives(alice: HumanClient, bob: HumanClient) -> None:
    alice.types("/set tz +05:37")
    bob.types("/set tz -03:00")
    carol = alice.harness.human("carol")
    alice.harness.clock += 6 * HOUR + 22 * 60_000
    carol.types("one")
    alice.harness.clock += 60_000
    carol.types("two")
    assert alice.hears() == ["[23:59] <carol> one", WEDNESDAY, "[00:00] <carol> two"]
    assert bob.hears() == ["[15:22] <carol> one", "[15:23] <carol> two"]


def test_who_wants_no_times_is_told_no_days(alice: HumanClient, bob: HumanClient) -> None:
    alice.types("/set time off")
    alice.harness.clock += 20 * HOUR
    bob.types("hi")
    assert alice.hears() == ["<bob> hi"]


def test_lines_of_an_earlier_day_do_not_look_like_todays(harness: Harness) -> None:
    alice = harness.human("alice")
    alice.types("one")
    harness.clock += 20 * HOUR
    alice.types("two")
    alice.leaves()
    bob = HumanClient(harness)
    assert bob.come_in()[-5:-1] == [
        TUESDAY,
        "[12:00] <alice> one",
        WEDNESDAY,
        "[08:00] <alice> two",
    ]


def test_what_a_newcomer_reads_goes_on_under_the_right_day(harness: Harness) -> None:
    """Told once: by the lines shown on joining, or before the first line that comes."""
    alice = harness.human("alice")
    alice.types("one")
    harness.clock += 20 * HOUR
    quiet = HumanClient(harness)
    assert quiet.come_in()[-3:-1] == [TUESDAY, "[12:00] <alice> one"]
    alice.types("two")
    assert quiet.hears() == [WEDNESDAY, "[08:00] <alice> two"]
    alice.types("/join #dev", "three")
    harness.clock += 24 * HOUR
    later = harness.human("later")
    assert later.types("/join #dev")[1:-1] == [
        WEDNESDAY,
        "[08:00] <alice> three",
        "*** Thursday, 16 November 2023",
    ]
    alice.types("four")
    assert later.hears() == ["[08:00] <alice> four"]


def test_who_waits_alone_overnight_is_told_the_day(harness: Harness) -> None:
    """The room's log is empty until then: whoever only looks is announced to nobody."""
    alone = HumanClient(harness)
    alone.come_in()
    harness.clock += 20 * HOUR
    other = HumanClient(harness)
    other.come_in()
    other.types("hello")
    assert alone.hears()[0] == WEDNESDAY


def test_a_departure_from_two_rooms_is_told_once_under_its_day(
    alice: HumanClient, bob: HumanClient
) -> None:
    for one in (alice, bob):
        one.types("/join #dev")
    alice.hears()
    alice.harness.clock += 20 * HOUR
    bob.leaves("tired")
    assert alice.hears() == [WEDNESDAY, "*** bob left (tired)."]


def test_what_is_encoded_again_says_the_same() -> None:
    """Also when the entry before the first one that is left has been let go."""
    harness = Harness(backlog_events=16)
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.hears()
    log = harness.audience.feeds["#lobby"].log
    seen: dict[int, bytes] = {}
    for number in range(40):
        harness.clock += HOUR
        bob.types(f"line {number}")
        for _ in range(2):
            pieces = log.encoded(alice.dialect.encoder, log.first, log.end)
            log.put_headings(alice.dialect.encoder, log.first, pieces)
            for entry, piece in zip(log.entries, pieces, strict=True):
                assert seen.setdefault(entry.number, piece) == piece
            log.drop_encoded()
    assert sum(piece.startswith(b"***") and b"2023" in piece for piece in seen.values()) == 2
