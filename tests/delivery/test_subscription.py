"""A room's feed and a member's place in it."""

from __future__ import annotations

from geventchat.chat.events import Entry, Erased, Identity, Joined, Said
from geventchat.chat.rooms import Room
from geventchat.delivery.roomlog import RoomLog
from geventchat.delivery.subscription import Feed
from tests.harness import Harness

BY = Identity(1, "alice", "u", "h")


def said(number: int) -> Entry:
    return Entry(number, 0, Said(BY, "#a", str(number)))


def test_recent_lines_are_the_latest_ones_oldest_first() -> None:
    feed = Feed(Room("#a", "#a"), RoomLog(16, 1 << 20), 20)
    feed.earlier = (said(1), said(2))
    feed.log.append(Entry(3, 0, Joined(BY, "#a")), 300, lines=0)
    feed.log.append(said(4), 300)
    feed.log.append(said(5), 300)
    assert [entry.number for entry in feed.recent(3, before=99)] == [2, 4, 5]
    assert [entry.number for entry in feed.recent(9, before=5)] == [1, 2, 4]
    assert feed.recent(0, before=99) == []


def test_words_taken_back_are_nowhere() -> None:
    feed = Feed(Room("#a", "#a"), RoomLog(16, 1 << 20), 20)
    feed.earlier = (said(1), said(2))
    feed.log.append(said(3), 300)
    feed.erase(2)
    feed.erase(3)
    assert [entry.number for entry in feed.recent(9, before=99)] == [1]
    assert isinstance(feed.log.entries[0].event, Erased)


def test_who_talks_and_never_reads_takes_no_more_memory_for_it() -> None:
    harness = Harness(backlog_events=16)
    alice = harness.human("alice")
    alice.line.reads = False
    for number in range(1000):
        alice.does(f"line {number}\r\n".encode())
    assert alice.outbox is not None
    subscription = alice.outbox.subscriptions["#lobby"]
    assert len(subscription.own or ()) <= 16
    assert len(subscription.feed.log.entries) <= 20
    alice.line.reads = True
    assert alice.hears() == []
