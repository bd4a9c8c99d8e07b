"""The log of a room: order, bound, cursors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.chat.events import Entry, Identity, Renamed, Said
from geventchat.delivery.roomlog import ENCODERS_PER_LOG, RoomLog
from geventchat.dialects.human.encoder import HumanEncoder
from tests.harness import Harness

BY = Identity(1, "alice", "u", "h")


def entry(number: int, rooms: tuple[str, ...] = ()) -> Entry:
    return Entry(number, 0, Said(BY, "#a", str(number)), rooms=rooms)


def log_of(bound: int, count: int) -> RoomLog:
    log = RoomLog(bound, 1 << 20)
    for number in range(count):
        log.append(entry(number), 300)
    return log


def test_a_new_log_is_empty() -> None:
    log = RoomLog(16, 1 << 20)
    assert log.head == (0, 0, 0)
    assert log.readable_from == 0
    assert log.between(0, 0) == []


@given(st.integers(1, 40), st.lists(st.booleans(), max_size=200))
def test_what_is_readable_is_the_end_of_what_was_appended(bound: int, shown: list[bool]) -> None:
    log = RoomLog(bound, 1 << 20)
    everything = [entry(number) for number in range(len(shown))]
    for one, seen in zip(everything, shown, strict=True):
        log.append(one, 300, int(seen))
        assert len(log.entries) <= bound + bound // 4
    first, head = log.readable_from, log.head.position
    assert head == len(everything)
    assert head - first == min(bound, len(everything))
    assert log.between(first, head) == everything[first:]


@given(st.integers(1, 40), st.lists(st.booleans(), max_size=200))
def test_cursors_tell_a_gap_exactly(bound: int, shown: list[bool]) -> None:
    log = RoomLog(bound, 1 << 20)
    cursors = [log.head]
    for number, seen in enumerate(shown):
        log.append(entry(number), 300, int(seen), request=not seen)
        cursors.append(log.head)
    for position in range(log.readable_from, log.head.position + 1):
        cursor = log.cursor_at(position)
        assert cursor == cursors[position]
        assert cursor.lines == sum(shown[:position])
        assert cursor.requests == position - cursor.lines


def test_the_cursor_of_the_head_is_the_head_itself() -> None:
    log = log_of(16, 5)
    assert log.cursor_at(5) is log.head


@pytest.mark.parametrize("rooms", [(), ("#a",)])
def test_an_entry_of_one_room_is_not_shared(rooms: tuple[str, ...]) -> None:
    log = log_of(16, 3)
    log.append(entry(3, rooms), 300)
    assert log.shared < 0


def test_the_latest_entry_of_several_rooms_is_known() -> None:
    log = log_of(16, 3)
    log.append(Entry(4, 0, Renamed(BY, "al"), rooms=("#a", "#b")), 300, lines=0)
    log.append(entry(5), 300)
    assert log.shared == 3


def test_a_line_is_encoded_once_for_all_who_see_it_the_same_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    harness = Harness()
    readers = [harness.human() for _ in range(20)]
    writer = harness.human("writer")
    for reader in readers:
        reader.hears()
    encoded: list[Entry] = []
    encode = HumanEncoder.encode

    def counted(encoder: HumanEncoder, entry: Entry) -> list[str]:
        encoded.append(entry)
        return encode(encoder, entry)

    monkeypatch.setattr(HumanEncoder, "encode", counted)
    writer.does(b"one\r\ntwo\r\nthree\r\n")
    assert [len(reader.hears()) for reader in readers] == [3] * 20
    assert len(encoded) == 3


def test_many_looks_do_not_pile_up() -> None:
    harness = Harness()
    writer = harness.human("writer")
    for number in range(60):
        person = harness.human()
        person.types(
            f"/set tz +{number % 14:02}:{number % 60:02}",
            f"/set bell {'on' * (number % 2) or 'off'}",
        )
        writer.does(b"hello\r\n")
        assert [line for line in person.hears() if "hello" in line]
    assert len(harness.audience.feeds["#lobby"].log._encoded) <= ENCODERS_PER_LOG
