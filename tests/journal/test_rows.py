"""Events as rows, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geventchat.chat import events, events_accounts
from geventchat.chat.apply import KINDS
from geventchat.chat.events import (
    Arrived,
    Change,
    Entry,
    Erased,
    Event,
    Form,
    Identity,
    Invited,
    Joined,
    Kicked,
    Left,
    ModesSet,
    Renamed,
    Said,
    Told,
    TopicSet,
)
from geventchat.chat.events_accounts import Attached
from geventchat.chat.names import fold
from geventchat.chat.text import clean_for_terminal
from geventchat.journal.rows import NUMBER_MAX, entry_of, readable, row_of
from tests.journal.entries import ALICE, EVENTS, EVENTS_OF


def folded(event: Event) -> Event:
    """An ordinary line is stored under its room's key; how it was spelt then is not kept.

    Neither is the key that opens a room.
    """
    if isinstance(event, ModesSet):
        changes = [c._replace(argument="") if c.mode == "+k" else c for c in event.changes]
        return replace(event, changes=tuple(changes))
    plain = Said(event.by, event.room, event.text) if isinstance(event, Said) else None
    if plain == event and not (event.by.account or event.by.bot):
        return Said(event.by, fold(event.room), event.text)
    return event


@pytest.mark.parametrize("kind", EVENTS_OF, ids=[kind.__name__ for kind in EVENTS_OF])
def test_what_goes_into_a_row_comes_out_of_it(kind: type[Event]) -> None:
    @settings(max_examples=50)
    @given(st.integers(1, 2**60), st.integers(0, 2**47), EVENTS_OF[kind])
    def check(number: int, at: int, event: Event) -> None:
        row = row_of(Entry(number, at, event, members=5, rooms=("#a", "#b")))
        assert entry_of(row) == Entry(number, at, folded(event))
        assert all(value is None or isinstance(value, int | str) for value in row)

    check()


def test_every_event_has_its_kind_and_is_tried_here() -> None:
    classes = {
        value
        for value in (*vars(events).values(), *vars(events_accounts).values())
        if isinstance(value, type) and issubclass(value, Event)
    }
    assert set(KINDS) == set(EVENTS_OF) == classes - {Event, Erased}


def test_the_room_column_is_the_key() -> None:
    row = row_of(Entry(1, 0, Joined(ALICE, "#DevOps")))
    assert row[3] == "#devops"
    assert entry_of(row).event == Joined(ALICE, "#DevOps")


def test_a_rooms_key_is_not_kept() -> None:
    changes = Change("+k", "secret"), Change("-k", "secret"), Change("+l", "9")
    row = row_of(Entry(1, 0, ModesSet(ALICE, "#a", changes, "salt$digest")))
    left = Change("+k"), Change("-k"), Change("+l", "9")
    assert entry_of(row).event == ModesSet(ALICE, "#a", left, "salt$digest")
    assert "secret" not in str(row)


def test_only_an_arrival_keeps_its_address_beside_its_cloak() -> None:
    by = replace(ALICE, host="k3j2h4qp.w7d6s5aa.ip", address="192.0.2.7")
    arrived = Entry(1, 0, Arrived(by, "irc"))
    assert entry_of(row_of(arrived)) == arrived
    attached = Entry(2, 0, Attached(replace(by, account="al"), 7, "irc", "phone"))
    assert entry_of(row_of(attached)) == attached
    for event in (Said(by, "#a", "hello"), Joined(by, "#a"), Left(by, "bye")):
        assert "192.0.2.7" not in str(row_of(Entry(1, 0, event)))
    plain = replace(ALICE, address=ALICE.host)
    assert row_of(Entry(1, 0, Arrived(plain, "irc"))) == row_of(Entry(1, 0, Arrived(ALICE, "irc")))


def test_a_field_that_nothing_needs_any_more_is_passed_over() -> None:
    *row, _ = row_of(Entry(1, 5, Joined(ALICE, "#a", opened=3)))
    detail = '{"gone": [0, "tea"], "opened": 3}'
    assert entry_of((*row, detail)).event == Joined(ALICE, "#a", opened=3)


def test_an_ordinary_line_has_no_detail() -> None:
    row = row_of(Entry(7, 99, Said(ALICE, "#a", "hello")))
    assert row == (7, 99, "said", "#a", 1, "alice", "~telnet", "192.0.2.1", "hello", None)


# Clear the screen, hide what follows, turn it around, go to another line, half a character.
EVIL = st.sampled_from(["ev\x1b[2Jil", "\x9b8m", "\u202eevil", "a\r\nb", "\ud800", "\x0304a"])
# These are cleaned where they are rendered.
WORDS = {"text", "topic", "reason", "away", "realname", "tags", "value"}


def spoilt(value: Any, evil: str) -> Any:
    """The value with something evil in place of every string."""
    if isinstance(value, list):
        return [spoilt(item, evil) for item in value]
    return evil if isinstance(value, str) else value


@st.composite
def evil_rows(draw: st.DrawFn) -> tuple[Any, ...]:
    """Rows as no server of ours writes them: evil in every name, wherever it stands."""
    number, at, kind, room, session, *_, detail = row_of(Entry(1, 0, draw(EVENTS)))
    more = {name: draw(EVIL) for name in ("account", "address", "room") if draw(st.booleans())}
    kept = json.loads(detail or "{}")
    if room is None:
        more.pop("room", None)
    kept = {
        name: value if name == "form" else spoilt(value, draw(EVIL)) for name, value in kept.items()
    }
    written = json.dumps(kept | more) if kept or more else None
    room = None if room is None else draw(EVIL)
    nick, user, host, text = (draw(EVIL) for _ in range(4))
    return number, at, kind, room, session, nick, user, host, text, written


def names_in(value: Any) -> Iterator[str]:
    """Every string of an event that is no one's words."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from names_in(item)
    elif isinstance(value, Event | Identity):
        for field in fields(value):
            if field.name not in WORDS:
                yield from names_in(getattr(value, field.name))


@settings(max_examples=500)
@given(evil_rows())
def test_names_are_clean_whatever_stands_in_the_row(row: tuple[Any, ...]) -> None:
    found = list(names_in(entry_of(row).event))
    assert len(found) >= 3
    assert found == [clean_for_terminal(name) for name in found]


EVIL_NAME, CLEAN = "ev\x1b[2Jil", "ev[2Jil"
ANYONE = (1, "al", "u", "h")
BY = Identity(*ANYONE)


@pytest.mark.parametrize(
    ("kind", "room", "who", "text", "detail", "event"),
    [
        (
            "said",
            "#a",
            (1, EVIL_NAME, EVIL_NAME, EVIL_NAME),
            "hi",
            {"bot": True, "account": EVIL_NAME},
            Said(Identity(1, CLEAN, CLEAN, CLEAN, "", CLEAN, True), "#a", "hi"),
        ),
        ("said", EVIL_NAME, ANYONE, "hi", {}, Said(BY, CLEAN, "hi")),
        (
            "said",
            "#a",
            ANYONE,
            "hi",
            {"room": EVIL_NAME, "form": "action"},
            Said(BY, CLEAN, "hi", Form.ACTION),
        ),
        ("renamed", None, ANYONE, EVIL_NAME, {}, Renamed(BY, CLEAN)),
        ("invited", "#a", ANYONE, EVIL_NAME, {"to": 2}, Invited(BY, "#a", 2, CLEAN)),
        (
            "kicked",
            "#a",
            ANYONE,
            "why",
            {"to": 2, "nick": EVIL_NAME},
            Kicked(BY, "#a", 2, CLEAN, "why"),
        ),
        ("told", None, ANYONE, "hi", {"to": 2, "nick": EVIL_NAME}, Told(BY, 2, CLEAN, "hi")),
        ("left", None, ANYONE, "", {"rooms": [EVIL_NAME]}, Left(BY, "", (CLEAN,))),
        (
            "modes",
            "#a",
            ANYONE,
            None,
            {"changes": [["+o", EVIL_NAME, 2]]},
            ModesSet(BY, "#a", (Change("+o", CLEAN, 2),)),
        ),
        ("topic", "#a", ANYONE, "\x02tea\x02", {}, TopicSet(BY, "#a", "\x02tea\x02")),
    ],
)
def test_a_row_that_another_program_wrote(
    kind: str, room: str, who: Any, text: str, detail: Any, event: Event
) -> None:
    row = (1, 0, kind, room, *who, text, json.dumps(detail) if detail else None)
    assert entry_of(row) == Entry(1, 0, event)


GOOD = (1, 10, "said", "#a", 1, "al", "u", "h", "hi", None)


@pytest.mark.parametrize(
    "change",
    [
        {"number": 0},
        {"number": NUMBER_MAX + 1},
        {"at": "yesterday"},
        {"at": -1},
        {"at": 1 << 60},  # No calendar goes that far: it could not be shown.
        {"kind": "shouted"},
        {"kind": None},
        {"kind": "modes", "text": None, "detail": '{"changes": [["+o", "al"]]}'},
        {"kind": "modes", "text": None, "detail": '{"changes": "none"}'},
        {"session": "al"},
        {"nick": None},
        {"host": 7},
        {"room": None},
        {"room": 7},
        {"text": None},
        {"text": b"hi"},
        {"detail": "nonsense"},
        {"detail": "[1]"},
        {"detail": '"hi"'},
        {"detail": '{"form": "shouted"}'},
        {"detail": '{"form": []}'},
        {"detail": '{"tags": 7}'},
        {"detail": '{"bot": "yes"}'},
        {"detail": '{"account": 7}'},
        {"detail": '{"joined": ["one"]}'},
        {"detail": "[" * 100_000},
    ],
    ids=lambda change: str(change)[:40],
)
def test_a_row_without_sense_is_left_out_and_known(change: dict[str, Any]) -> None:
    columns = "number", "at", "kind", "room", "session", "nick", "user", "host", "text", "detail"
    bad = tuple((dict(zip(columns, GOOD, strict=True)) | change).values())
    unreadable: set[int] = set()
    good = readable([GOOD, bad, GOOD], unreadable)
    assert good == [entry_of(GOOD)] * 2
    assert unreadable == {bad[0]}
