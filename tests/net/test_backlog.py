"""What a session has yet to be sent: order, own lines, gaps, and each line encoded once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.chat.events import Entry
from geventchat.net.backlog import CHUNK_BYTES, Reader
from tests.harness import Harness, HumanClient


def reader_of(person: HumanClient) -> Reader:
    """A reader, linked as a connection would link it."""
    reader = Reader(person.session, person.dialect, person.harness.config.outbox_max_items)
    person.session.link = SimpleNamespace(reader=reader)
    return reader


def taken(reader: Reader) -> list[str]:
    raw = b""
    while chunk := reader.next_chunk():
        raw += chunk
    return raw.decode().split("\r\n")[:-1]


@pytest.fixture
def harness() -> Harness:
    return Harness(backlog_events=16)


def test_nothing_waits_at_first(harness: Harness) -> None:
    assert taken(reader_of(harness.human("alice"))) == []


TYPED = (
    *("hello", "/me waves", "/ping", "/join #dev", "/part", "/nick x", "/msg bob psst"),
    *("/away x", "/topic t", "/quiet", "/ignore alice", "/set time off", "/switch lobby"),
)
DOINGS = st.lists(
    st.tuples(
        st.sampled_from(["alice", "bob", "carol"]),
        st.sampled_from(TYPED),
        st.booleans(),
    ),
    max_size=40,
)


@given(DOINGS)
def test_it_sends_what_the_dialect_says_whenever_it_is_asked(
    include_events: list[tuple[str, str, bool]],
) -> None:
    """Two runs: one reads line by line without caches, the other through `Reader`."""
    screens = []
    for through_reader in (False, True):
        harness = Harness()
        people = {nick: harness.human(nick) for nick in ("alice", "bob", "carol")}
        readers = {nick: reader_of(person) for nick, person in people.items()}
        screen: dict[str, list[str]] = {nick: [] for nick in people}
        for nick, typed, look in include_events:
            person = people[nick]
            person._drive(person.dialect.received(f"{typed}\r\n".encode()))
            for name in people:
                if look or name == nick:
                    got = taken(readers[name]) if through_reader else people[name].hears()
                    screen[name] += got
        for name in people:
            screen[name] += taken(readers[name]) if through_reader else people[name].hears()
        screens.append(screen)
    assert screens[0] == screens[1]


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=8), st.booleans())
def test_a_gap_is_told_exactly(steps: list[tuple[int, bool]], replies: bool) -> None:
    """Delivered and skipped make up all of it, however reading and writing alternate."""
    harness = Harness(backlog_events=16)
    late, writer = harness.human("late"), harness.human("writer")
    reader = reader_of(late)
    number = own = 0
    screen: list[str] = []
    for count, reads in steps:
        for _ in range(count):
            writer.types(f"line {number}")
            number += 1
        if replies:
            late._drive(late.dialect.received(b"/ping\r\nmine\r\n"))
            own += 1
        if reads:
            screen += taken(reader)
    screen += taken(reader)
    came = [int(line.split()[-1]) for line in screen if "> line" in line]
    skipped = sum(int(line.split()[1]) for line in screen if "skipped" in line)
    assert len(came) + skipped == number
    assert came == sorted(came)
    assert not any("mine" in line for line in screen)


def test_the_end_of_the_backlog_is_what_comes_after_a_gap(harness: Harness) -> None:
    late, writer = harness.human("late"), harness.human("writer")
    reader = reader_of(late)
    for number in range(100):
        writer.types(f"line {number}")
    assert taken(reader) == ["-- 84 lines skipped; /history 84 --"] + [
        f"[12:00] <writer> line {number}" for number in range(84, 100)
    ]


def test_a_chunk_has_its_size() -> None:
    harness = Harness()
    late, writer = harness.human("late"), harness.human("writer")
    reader = reader_of(late)
    for _ in range(200):
        writer.types("x" * 4000)
    sizes = []
    while chunk := reader.next_chunk():
        assert chunk.endswith(b"\r\n")
        sizes.append(len(chunk))
    assert sum(sizes) > 200 * 4000
    assert max(sizes) < CHUNK_BYTES + 4200


def test_a_line_is_encoded_once_for_all_who_see_it_the_same_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from geventchat.dialects.human.encoder import HumanEncoder

    harness = Harness()
    readers = [reader_of(harness.human()) for _ in range(20)]
    writer = harness.human("writer")
    for reader in readers:
        taken(reader)
    encoded: list[Entry] = []
    encode = HumanEncoder.encode

    def counted(encoder: HumanEncoder, entry: Entry) -> bytes:
        encoded.append(entry)
        return encode(encoder, entry)

    monkeypatch.setattr(HumanEncoder, "encode", counted)
    writer._drive(writer.dialect.received(b"one\r\ntwo\r\nthree\r\n"))
    assert [len(taken(reader)) for reader in readers] == [3] * 20
    assert len(encoded) == 3


def test_many_looks_do_not_pile_up() -> None:
    harness = Harness()
    writer = harness.human("writer")
    for number in range(60):
        person: Any = harness.human()
        person.types(
            f"/set tz +{number % 14:02}:{number % 60:02}",
            f"/set bell {'on' * (number % 2) or 'off'}",
        )
        reader = reader_of(person)
        writer._drive(writer.dialect.received(b"hello\r\n"))
        assert [line for line in taken(reader) if "hello" in line]
    assert len(harness.state.rooms["#lobby"].log.encodings) <= 32
