"""What a session has yet to be sent: order, own lines, gaps, and each line encoded once."""

from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.chat.events import Entry, Event, Identity, Said
from geventchat.chat.rooms import Room
from geventchat.chat.sessions import Session
from geventchat.config import Config
from geventchat.delivery.audience import Audience
from geventchat.delivery.outbox import Outbox
from geventchat.delivery.span import Span
from geventchat.dialects.human.encoder import HumanEncoder, Look
from geventchat.errors import Refused
from tests.harness import FakeLine, Harness, HumanClient

BY = Identity(1, "alice", "u", "h")


def said(number: int, rooms: tuple[str, ...] = ()) -> Entry:
    return Entry(number, 0, Said(BY, "#a", str(number)), rooms=rooms)


class Reader:
    """A dialect that shows everything and says nothing."""

    encoder = HumanEncoder(Look(), True)
    screen = None

    def encoder_in(self, room: Room) -> HumanEncoder:
        return self.encoder

    def present(self, entry: Entry, echo: bool) -> list[str]:
        return self.encoder.encode(entry)

    def gap(self, room: Room | None, lines: int) -> list[str]:
        return [f"{lines} skipped"]

    def standing(self, room: Room) -> list[str]:
        return []

    def refused(self, event: Event | None, refusal: Refused) -> None:
        raise refusal

    def hushed(self, room: Room, on: bool) -> None:
        raise AssertionError("nobody is muted here")

    def killed(self, reason: str) -> None:
        raise AssertionError(reason)


def box_in(*keys: str) -> tuple[Audience, Outbox]:
    """An outbox of somebody else than the author, in rooms of these keys."""
    audience = Audience(Config(backlog_events=16, outbox_max_items=16))
    outbox = audience.open(2, Reader())
    for key in keys:
        outbox.subscribe(audience.feed_of(Room(key, key)))
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


def test_an_entry_of_several_rooms_is_seen_once() -> None:
    audience, outbox = box_in("#b", "#c")
    rooms = [subscription.feed.room for subscription in outbox.subscriptions.values()]
    audience.to_rooms(Session(BY, "telnet"), rooms, said(7))
    assert outbox.next_chunk() == b"[00:00] <alice> 7\r\n"
    assert outbox.next_chunk() == b""


def test_words_under_a_new_name_come_behind_the_news_of_it_in_whichever_room(
    harness: Harness,
) -> None:
    """The rooms are joined in the wrong order for reading them one by one."""
    late, rob = harness.human("late"), harness.human("bob")
    late.types("/join #two")
    late.types("/join #three")
    late.types("/join #one")
    rob.types("/join #three", "/join #one", "/join #two")
    late.hears()
    late.line.reads = False
    rob.types("old", "/nick rob", "/switch #one", "new", "/switch #three", "newer")
    late.line.reads = True
    assert late.hears() == [
        "[12:00] #two <bob> old",
        "*** bob is now known as rob.",
        "[12:00] <rob> new",
        "[12:00] #three <rob> newer",
    ]


@pytest.mark.parametrize("lines", [0, 3])
def test_who_is_kicked_from_the_first_room_still_hears_who_left_once(
    harness: Harness, lines: int
) -> None:
    late, al, bob = harness.human("late"), harness.human("al"), harness.human("bob")
    for person in (al, late, bob):
        person.types("/join #two", "/join #one")
    late.hears()
    late.line.reads = False
    for number in range(lines):
        al.types(f"line {number}")
    bob.leaves()
    al.types("/kick late")
    al.types("/switch #two", "after")
    late.line.reads = True
    heard = late.hears()
    assert heard[-3:] == [
        "-> You were kicked from #one by al.",
        "-> You are not talking in any room now: /switch #two or /join #room.",
        "[12:00] #two <al> after",
    ]
    assert heard[:-3] == [f"[12:00] <al> line {n}" for n in range(lines)] + ["*** bob left."]


@pytest.fixture
def harness() -> Harness:
    return Harness(backlog_events=16)


class PlainLine(FakeLine):
    """Reads an outbox line by line, without chunks and caches: what there should be, spelt out."""

    def deliver(self) -> None:
        outbox = self.outbox
        if outbox is None or not self.reads:
            return
        outbox.close_spans()
        items, outbox.items[:] = list(outbox.items), []
        for spans, group in groupby(items, key=lambda item: isinstance(item, Span)):
            if spans:
                self._entries(outbox, [item for item in group if isinstance(item, Span)])
            else:
                for item in group:
                    self.taken += outbox._piece(item)

    def _entries(self, outbox: Outbox, spans: list[Span]) -> None:
        found: dict[int, bytes] = {}
        for span in spans:
            own = {position for position, _ in span.subscription.own or ()}
            for position in range(span.start.position, span.end.position):
                (entry,) = span.log.between(position, position + 1)
                wanted = outbox._filter is None or outbox._filter(entry)
                if position not in own and wanted:
                    piece = span.encoder.frame(span.encoder.encode(entry))
                    found[entry.number] = found.get(entry.number) or piece
        # One room after the other, unless something stands in several.
        order = sorted(found) if any(span.stands_elsewhere for span in spans) else found
        self.taken += b"".join(found[number] for number in order)
        for span in spans:
            span.read_to(span.end.position)


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
    assert alice.hears() == ["[12:00] [PM from bob] psst"]
