"""Events as rows, and back."""

from __future__ import annotations

from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from geventchat.chat.events import Entry, Event, Form, Joined, Said
from geventchat.chat.names import fold
from geventchat.journal.rows import KINDS, entry_of, row_of
from tests.journal.entries import ALICE, EVENTS


def folded(event: Event) -> Event:
    """An ordinary line is stored under its room's key; how it was spelt then is not kept."""
    if isinstance(event, Said) and event.form is Form.MESSAGE:
        return Said(event.by, fold(event.room), event.text)
    return event


@settings(max_examples=300)
@given(st.integers(1, 2**60), st.integers(0, 2**50), EVENTS)
def test_what_goes_into_a_row_comes_out_of_it(number: int, at: int, event: Event) -> None:
    row = row_of(Entry(number, at, event, members=5, rooms=("#a", "#b")))
    assert entry_of(row) == Entry(number, at, folded(event))
    assert all(value is None or isinstance(value, int | str) for value in row)


def test_every_kind_of_event_has_a_row() -> None:
    assert {cls for cls, _ in KINDS.values()} == set(get_args(Event))


def test_the_room_column_is_the_key() -> None:
    row = row_of(Entry(1, 0, Joined(ALICE, "#DevOps")))
    assert row[3] == "#devops"
    assert entry_of(row).event == Joined(ALICE, "#DevOps")


def test_an_ordinary_line_has_no_detail() -> None:
    row = row_of(Entry(7, 99, Said(ALICE, "#a", "hello")))
    assert row == (7, 99, "said", "#a", 1, "alice", "~telnet", "192.0.2.1", "hello", None)
