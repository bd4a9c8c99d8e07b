"""What a session has yet to be sent: order, own lines, gaps, and each line encoded once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.chat.events import Entry, Event, Identity, Said
from geventchat.chat.rooms import Room
from geventchat.delivery.audience import Audience
from geventchat.delivery.outbox import CHUNK_BYTES, Outbox, Span
from geventchat.delivery.subscription import Subscription
from geventchat.dialects.human.encoder import HumanEncoder, Look
from geventchat.errors import Refused
from tests.harness import FakeLine, Harness, HumanClient

BY = Identity(1, "alice", "u", "h")


def said(number: int, rooms: tuple[str, ...] = ()) -> Entry:
    return Entry(number, 0, Said(BY, "#a", str(number)), rooms=rooms)


class Reader:
    """A dialect that shows everything and says nothing."""

    encoder = HumanEncoder(Look(), True)

    def encoder_in(self, room: Room) -> HumanEncoder:
        return self.encoder

    def present(self, entry: Entry, echo: bool) -> list[str]:
        return self.encoder.encode(entry)

    def gap(self, room: Room, lines: int) -> list[str]:
        return [f"{lines} skipped"]

    def refused(self, event: Event | None, refusal: Refused) -> None:
        raise refusal

    def killed(self, reason: str) -> None:
        raise AssertionError(reason)


def box_in(*keys: str) -> tuple[Audience, Outbox]:
    """An outbox of somebody else than the author, in rooms of these keys."""
    audience = Audience(16, 16, 50)
    outbox = audience.open(2, Reader())
    for key in keys:
        outbox.subscribe(audience.feed_of(Room(key, key)), 0)
    return audience, outbox


def test_a_reply_stands_behind_the_lines_that_came_before_it() -> None:
    audience, outbox = box_in("#a")
    room = audience.feeds["#a"].room
    audience.to_room(room, said(1))
    audience.to_room(room, said(2))
    outbox.put(["reply"])
    audience.to_room(room, said(3))
    span, reply = outbox.items
    assert isinstance(span, Span)
    assert (span.start.position, span.end.position) == (0, 2)
    assert reply == ["reply"]
    assert outbox.subscriptions["#a"].cursor.position == 2


def test_a_reply_with_nothing_before_it_stands_alone() -> None:
    _, outbox = box_in("#a", "#b")
    outbox.put(["reply"])
    outbox.put(["another"])
    assert list(outbox.items) == [["reply"], ["another"]]


def test_a_reply_closes_the_spans_of_all_rooms() -> None:
    audience, outbox = box_in("#a", "#b")
    for subscription in outbox.subscriptions.values():
        audience.to_room(subscription.feed.room, said(1))
    outbox.put(["reply"])
    spans = [item.subscription.feed.room.key for item in outbox.items if isinstance(item, Span)]
    assert spans == ["#a", "#b"]


def test_an_entry_of_several_rooms_is_seen_in_one_of_them() -> None:
    _, outbox = box_in("#b", "#c")
    entry = said(7, ("#a", "#b", "#c"))
    shown = [outbox._first_seen_in(s, entry) for s in outbox.subscriptions.values()]
    assert shown == [True, False]


def test_a_room_joined_later_does_not_count() -> None:
    _, outbox = box_in("#a", "#b")
    outbox.subscriptions["#a"].since = 9
    entry = said(7, ("#a", "#b"))
    shown = [outbox._first_seen_in(s, entry) for s in outbox.subscriptions.values()]
    assert shown == [False, True]


@pytest.fixture
def harness() -> Harness:
    return Harness(backlog_events=16)


class PlainLine(FakeLine):
    """Reads an outbox line by line, without chunks and caches: what there should be, spelt out."""

    def deliver(self) -> None:
        outbox = self.outbox
        if outbox is None or not self.reads:
            return
        items, outbox.items[:] = list(outbox.items), []
        for item in items:
            if isinstance(item, Span):
                positions = range(item.start.position, item.end.position)
                self._entries(outbox, item.subscription, item.encoder, positions)
            else:
                self.taken += outbox._piece(item)[0]
        for subscription in outbox.subscriptions.values():
            start, subscription.cursor = subscription.cursor, subscription.feed.log.head
            positions = range(start.position, subscription.cursor.position)
            self._entries(outbox, subscription, subscription.encoder, positions)

    def _entries(
        self, outbox: Outbox, subscription: Subscription, encoder: Any, positions: range
    ) -> None:
        for position in positions:
            (entry,) = subscription.feed.log.between(position, position + 1)
            own = position in (subscription.own or ())
            (wanted,) = outbox._wanted(subscription, [entry], position)
            if wanted and not own:
                self.taken += encoder.frame(encoder.encode(entry))
        subscription.forget_own(positions.stop)


TYPED = (
    *("hello", "/me waves", "/ping", "/join #dev", "/part", "/nick x", "/msg bob psst"),
    *("/away x", "/topic t", "/quiet", "/ignore alice", "/set time off", "/switch lobby"),
)
STEPS = st.lists(
    st.tuples(st.sampled_from(["alice", "bob", "carol"]), st.sampled_from(TYPED), st.booleans()),
    max_size=40,
)


@given(STEPS)
def test_it_sends_what_the_dialect_says_whenever_it_is_asked(
    steps: list[tuple[str, str, bool]],
) -> None:
    """Two runs: one reads entry by entry without caches, the other as a server does."""
    screens = []
    for make in (PlainLine, FakeLine):
        harness = Harness()
        people = {}
        for nick in ("alice", "bob", "carol"):
            people[nick] = HumanClient(harness, line=make())
            people[nick].come_in()
            people[nick].types(f"/nick {nick}")
        for person in people.values():
            person.hears()
        screen: dict[str, list[str]] = {nick: [] for nick in people}
        for nick, typed, looks in steps:
            for name, person in people.items():
                person.line.reads = looks or name == nick
            people[nick].does(f"{typed}\r\n".encode())
            for name, person in people.items():
                if person.line.reads:
                    screen[name] += person.hears()
        for name, person in people.items():
            person.line.reads = True
            screen[name] += person.hears()
        screens.append(screen)
    assert screens[0] == screens[1]


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=8), st.booleans())
def test_a_gap_is_told_exactly(steps: list[tuple[int, bool]], replies: bool) -> None:
    """Delivered and skipped make up all of it, however reading and writing alternate."""
    harness = Harness(backlog_events=16)
    late, writer = harness.human("late"), harness.human("writer")
    late.hears()
    number = 0
    screen: list[str] = []
    for count, reads in steps:
        late.line.reads = False
        for _ in range(count):
            writer.types(f"line {number}")
            number += 1
        if replies:
            late.does(b"/ping\r\nmine\r\n")
        if reads:
            late.line.reads = True
            screen += late.hears()
    late.line.reads = True
    screen += late.hears()
    came = [int(line.split()[-1]) for line in screen if "> line" in line]
    skipped = sum(int(line.split()[1]) for line in screen if "skipped" in line)
    assert len(came) + skipped == number
    assert came == sorted(came)
    assert not any("mine" in line for line in screen)


def test_the_end_of_the_backlog_is_what_comes_after_a_gap(harness: Harness) -> None:
    late, writer = harness.human("late"), harness.human("writer")
    late.hears()
    for number in range(100):
        writer.types(f"line {number}")
    assert late.hears() == ["-- 84 lines skipped; /history 84 --"] + [
        f"[12:00] <writer> line {number}" for number in range(84, 100)
    ]


def test_a_chunk_has_its_size() -> None:
    harness = Harness()
    late, writer = harness.human("late"), harness.human("writer")
    late.hears()
    for _ in range(200):
        writer.types("x" * 4000)
    sizes = []
    assert late.outbox is not None
    while chunk := late.outbox.next_chunk():
        assert chunk.endswith(b"\r\n")
        sizes.append(len(chunk))
    assert sum(sizes) > 200 * 4000
    assert max(sizes) < CHUNK_BYTES + 4200


def test_what_came_before_is_shown_the_old_way(harness: Harness) -> None:
    """A client that changes what it wants does so from there on, not backwards."""
    al, bo = harness.irc("al"), harness.irc("bo")
    for client in (al, bo):
        client.types("JOIN #a")
    al.line.reads = False
    bo.types("PRIVMSG #a :before")
    al.does(b"CAP REQ :message-tags\r\n")
    bo.types("PRIVMSG #a :after")
    al.line.reads = True
    lines = al.hears()
    assert ":bo!~bo@192.0.2.7 PRIVMSG #a :before" in lines
    assert lines[-1].startswith("@msgid=") and lines[-1].endswith("PRIVMSG #a :after")


def test_a_filter_needs_no_reply_to_take_hold(harness: Harness) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.hears()
    assert alice.outbox is not None
    alice.outbox.sent()
    assert alice.outbox.caught_up
    alice.outbox.filter(lambda entry: False)
    assert not alice.outbox.caught_up
    bob.types("hello")
    assert alice.hears() == []
    alice.outbox.filter(None)
    bob.types("again")
    assert alice.hears() == ["[12:00] <bob> again"]


def test_answers_are_captured_and_what_is_of_others_is_not(harness: Harness) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.hears()
    outbox = alice.outbox
    assert outbox is not None
    outbox.capture()
    outbox.answer(["an answer"])
    alice.does(b"/topic tea\r\n")
    bob.types("/msg alice psst")
    captured = outbox.release()
    assert captured[0] == ["an answer"]
    assert isinstance(captured[1], Entry)
    assert alice.hears() == ["[PM from bob] psst"]
