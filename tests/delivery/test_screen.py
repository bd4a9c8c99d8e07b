"""A terminal of which the server keeps a row: what is sent goes above it, in order."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.chat.events import Entry, Event
from geventchat.dialects.human.dialect import HumanDialect
from geventchat.dialects.human.encoder import HumanEncoder, Look
from tests.harness import Harness, HumanClient


class Row:
    """A row that says when it is drawn, changed and taken away."""

    def __init__(self) -> None:
        self.typed = self.shown = "_"

    def above(self, lines: bytes) -> bytes:
        if lines:
            lines = b"{gone %s}" % self.shown.encode() + lines + b"{row %s}" % self.typed.encode()
        elif self.shown != self.typed:
            lines = b"{%s becomes %s}" % (self.shown.encode(), self.typed.encode())
        self.shown = self.typed
        return lines

    def close(self) -> bytes:
        return b"{gone %s}{end}" % self.shown.encode()


class RowDialect(HumanDialect):
    """A dialect whose screen is the test's."""

    screen: Row | None = None  # type: ignore[assignment]


class Person(HumanClient):
    def _dialect(self, via: str) -> RowDialect:
        h = self.harness
        return RowDialect(h.proposals, h.now, h.host(h.address), h.address, via)


def with_row(harness: Harness, nick: str = "alice") -> tuple[Person, Row]:
    """Somebody who has read all there was, and has a row from now on."""
    person = Person(harness)
    person.come_in()
    person.types(f"/nick {nick}")
    row = person.dialect.screen = Row()
    return person, row


def test_lines_go_above_the_row() -> None:
    harness = Harness()
    bob = harness.human("bob")
    alice, _ = with_row(harness)
    bob.types("one", "two")
    assert alice.receives() == b"{gone _}[12:00] <bob> one\r\n[12:00] <bob> two\r\n{row _}"
    assert alice.receives() == b""


def test_what_is_typed_changes_the_row_alone() -> None:
    alice, row = with_row(Harness())
    row.typed += "h"
    assert alice.receives() == b"{_ becomes _h}"


def test_a_row_is_drawn_as_often_as_it_can_be_sent() -> None:
    """Who types and never reads piles up nothing."""
    harness = Harness()
    bob = harness.human("bob")
    alice, row = with_row(harness)
    alice.line.reads = False
    for key in "hello":
        row.typed += key
        alice.does(b"")
    assert alice.outbox is not None
    assert alice.outbox.items == []
    bob.types("hi")
    alice.line.reads = True
    assert alice.receives() == b"{gone _}[12:00] <bob> hi\r\n{row _hello}"


def test_what_was_typed_is_let_out_at_once() -> None:
    alice, row = with_row(Harness())
    row.typed = "x"
    alice.does(b"")
    assert alice.line.taken == b"{_ becomes x}"


def test_a_row_is_never_on_the_short_way() -> None:
    alice, row = with_row(Harness())
    assert alice.outbox is not None
    alice.dialect.screen = None
    alice.outbox.sent()
    assert alice.outbox.caught_up
    alice.dialect.screen = row
    alice.outbox.put(b"")
    alice.receives()
    alice.outbox.sent()
    assert not alice.outbox.caught_up


def test_a_gap_is_told_above_the_row() -> None:
    harness = Harness(backlog_events=16)
    bob = harness.human("bob")
    alice, _ = with_row(harness)
    for nth in range(40):
        bob.types(f"line {nth}")
    shown = alice.receives().decode()
    assert shown.startswith("{gone _}-- 24 lines skipped; /history 24 --\r\n[12:00] <bob> line 24")
    assert shown.endswith("<bob> line 39\r\n{row _}")


def test_what_comes_first_comes_before_all_that_waits() -> None:
    harness = Harness()
    bob = harness.human("bob")
    alice, row = with_row(harness)
    bob.types("hi", "/msg alice psst")
    assert alice.outbox is not None
    alice.outbox.put_first(row.close())
    alice.dialect.screen = None
    assert alice.receives() == (b"{gone _}{end}[12:00] <bob> hi\r\n[12:00] [PM from bob] psst\r\n")


def test_who_is_hung_up_on_has_the_row_taken_away_before_the_last_words() -> None:
    alice, _ = with_row(Harness())
    alice.does(b"/quit\r\n")
    assert alice.end is not None
    last = alice.driver.finish(alice.end)
    assert alice.line.taken.endswith(b"0 lines.\r\n{row _}")
    assert last == b"{gone _}{end}"


class OwnEncoder(HumanEncoder):
    """The encoder of one session alone."""

    shared = False
    encoded = 0

    def encode(self, entry: Entry) -> list[str]:
        self.encoded += 1
        return super().encode(entry)

    def echoes(self, event: Event) -> bool:
        return True


def test_what_one_session_alone_wants_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room's log has place for few encoders; whoever has one of its own takes none."""
    harness = Harness()
    alice, bob = harness.human("alice"), harness.human("bob")
    own = OwnEncoder(Look(), True)
    monkeypatch.setattr(type(alice.dialect), "encoder_in", lambda self, room: own)
    assert alice.outbox is not None
    alice.outbox.restyle()
    bob.hears()
    log = harness.audience.feeds["#lobby"].log
    log.drop_encoded()
    alice.does(b"own\r\n")
    assert alice.hears() == ["[12:00] <alice> own"]
    assert own.encoded == 1
    assert log.encoded_bytes == 0


STEPS = st.lists(
    st.tuples(st.sampled_from(["says", "tells", "floods", "presses", "asks"]), st.booleans()),
    max_size=30,
)
_TOKEN = re.compile(r"\{([^}]*)\}")


@given(STEPS)
def test_there_is_one_row_below_all_lines_and_they_are_the_same(
    steps: list[tuple[str, bool]],
) -> None:
    """Beside her sits somebody who hears the same without a row, as often or as rarely."""
    harness = Harness(backlog_events=16, outbox_max_items=16)
    twin, bob = harness.human("twin"), harness.human("bob")
    alice, row = with_row(harness)
    twin.hears()
    sent, plain = "", ""
    for nth, (does, reads) in enumerate(steps):
        alice.line.reads = twin.line.reads = reads
        if does == "says":
            bob.types(f"line {nth}")
        elif does == "tells":
            bob.types(f"/msg alice {nth}", f"/msg twin {nth}")
        elif does == "floods":
            bob.types(*(f"flood {nth} {n}" for n in range(20)))
        elif does == "asks":
            alice.does(b"/ping\r\n")
            twin.does(b"/ping\r\n")
        else:
            row.typed += "x"
        if reads:
            sent, plain = sent + alice.receives().decode(), plain + twin.receives().decode()
    alice.line.reads = twin.line.reads = True
    sent, plain = sent + alice.receives().decode(), plain + twin.receives().decode()
    assert _TOKEN.sub("", sent) == plain
    _check_rows(sent, row)


def _check_rows(sent: str, row: Row) -> None:
    """Nothing is written where the row is, and what is taken away is what was drawn."""
    shown: str | None = "_"
    for nth, part in enumerate(_TOKEN.split(sent)):
        if nth % 2 == 0:
            assert part == "" or (shown is None and part.endswith("\r\n"))
        elif part.startswith("gone "):
            assert part == f"gone {shown}"
            shown = None
        elif part.startswith("row "):
            assert shown is None
            shown = part.removeprefix("row ")
        else:
            before, _, shown = part.partition(" becomes ")
            assert before != shown
    assert shown == row.typed
