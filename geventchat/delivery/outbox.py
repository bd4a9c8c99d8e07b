"""What one session has yet to be sent, in order: its own items, then its rooms' lines.

MUST: give out everything in the order in which it became this session's: a
reply comes behind all room lines that had happened when it was put here.
MUST: hold no copies of room lines, only places in their logs.
MUST: tell a gap, with the number of lines that were skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import compress
from typing import NamedTuple

from geventchat.chat.events import Entry
from geventchat.delivery.encoder import Encoder, Presenter
from geventchat.delivery.roomlog import Cursor
from geventchat.delivery.subscription import Feed, Sink, Subscription

# About what a send buffer takes at once; a slow reader holds this much, the
# rest stays in the shared log.
CHUNK_BYTES = 65536

Filter = Callable[[Entry], bool]


class Echo(NamedTuple):
    """An event of its own that its author is to see as an item of its own."""

    entry: Entry


class Span:
    """A closed stretch of a room's log that one session has yet to be sent.

    It holds cursors, not copies: the lines stay in the log, and what has fallen
    off the log by then is told as skipped. It is encoded as it was to be when
    it was closed, whatever the session asks for meanwhile.
    """

    __slots__ = ("encoder", "end", "start", "subscription")

    def __init__(self, subscription: Subscription, start: Cursor, end: Cursor) -> None:
        self.subscription = subscription
        self.encoder = subscription.encoder
        self.start = start
        self.end = end


# Lines are framed when they are sent; bytes are what no line is (telnet's own options).
Item = Sequence[str] | bytes | Entry | Echo | Span
# What an answer that must name its question is made of: units of lines, and own events.
Captured = list[Sequence[str] | Entry]


class Outbox:
    """The queue of one session, and its subscriptions by the keys of their rooms.

    number     of the session
    items      what this session alone is to be sent
    captured   while a list: what would be sent to it as an answer, its own events among it
    caught_up  see `Recipient`
    touched    shared by all outboxes: those with something new
    """

    __slots__ = (
        "_filter",
        "captured",
        "caught_up",
        "items",
        "items_max",
        "number",
        "presenter",
        "sink",
        "subscriptions",
        "touched",
    )

    def __init__(
        self, number: int, presenter: Presenter, items_max: int, touched: dict[Outbox, None]
    ) -> None:
        self.number = number
        self.presenter = presenter
        self.items_max = items_max
        self.touched = touched
        # A list, since an empty deque takes 0.7 KiB of every silent connection.
        self.items: list[Item] = []
        self.subscriptions: dict[str, Subscription] = {}
        self.captured: Captured | None = None
        self.caught_up = False
        self.sink: Sink | None = None
        self._filter: Filter | None = None

    @property
    def overfull(self) -> bool:
        """Whether more waits for this session alone than is kept for anyone."""
        return len(self.items) > self.items_max

    def put(self, item: Item) -> None:
        """Append something for this session alone, behind all room lines it has not been sent."""
        self.close_spans()
        self.items.append(item)
        self.caught_up = False
        self.touched[self] = None

    def answer(self, item: Sequence[str] | Entry) -> None:
        """Put an item into the answer that is being captured, or (if none is) send it."""
        if self.captured is not None:
            self.captured.append(item)
        else:
            self.put(Echo(item) if isinstance(item, Entry) else item)

    def capture(self) -> None:
        """Gather what is answered from now on, own events among it, until `release`."""
        self.captured = []

    def release(self) -> Captured:
        """What was gathered; from now on answers are sent again."""
        captured, self.captured = self.captured or [], None
        return captured

    def subscribe(self, feed: Feed, since: int) -> None:
        """Be sent what happens in a room from its log's head on."""
        subscription = Subscription(feed, self, since)
        self.subscriptions[feed.room.key] = feed.subscriptions[self.number] = subscription

    def unsubscribe(self, key: str) -> None:
        """Be sent nothing more of a room but what has happened there by now."""
        subscription = self.subscriptions.pop(key, None)
        if subscription is not None:
            self._close_span(subscription)
            subscription.feed.subscriptions.pop(self.number, None)

    def unread(self, key: str) -> int:
        """How many lines of a room wait for this session, counted as people are shown them."""
        subscription = self.subscriptions.get(key)
        if subscription is None:
            return 0
        return subscription.feed.log.head.shown - subscription.cursor.shown

    def restyle(self) -> None:
        """Have rooms encoded as the dialect says now; what came before is as it was."""
        self.close_spans()
        for subscription in self.subscriptions.values():
            subscription.encoder = self.presenter.encoder_in(subscription.feed.room)

    def filter(self, wanted: Filter | None) -> None:
        """Send only those room entries of which `wanted` says yes, from here on."""
        self.close_spans()
        self._filter = wanted
        self.caught_up = False

    def close_spans(self) -> None:
        """Queue what is unsent of all rooms, so that whatever follows comes after it."""
        for subscription in self.subscriptions.values():
            self._close_span(subscription)

    def _close_span(self, subscription: Subscription) -> None:
        head = subscription.feed.log.head
        if subscription.cursor is not head:
            self.items.append(Span(subscription, subscription.cursor, head))
            subscription.cursor = head
            self.caught_up = False

    def sent(self) -> None:
        """All there was has been sent: the short way is open, unless there is a filter."""
        self.caught_up = self._filter is None

    def next_chunk(self) -> bytes:
        """The next bytes for this session, about `CHUNK_BYTES`; empty when there are none."""
        pieces: list[bytes] = []
        size = 0
        items = self.items
        done = 0
        while done < len(items) and size < CHUNK_BYTES:
            piece, finished = self._piece(items[done])
            done += finished
            pieces.append(piece)
            size += len(piece)
        del items[:done]
        if not items:
            self._open_ends(pieces, size)
        return b"".join(pieces)

    def _piece(self, item: Item) -> tuple[bytes, bool]:
        """The bytes of an item, and whether that was all of it."""
        if isinstance(item, bytes):
            return item, True
        if isinstance(item, Span):
            piece, item.start = self._stretch(item.subscription, item.encoder, item.start, item.end)
            return piece, item.start.position == item.end.position
        if isinstance(item, Entry):
            return self._framed(self.presenter.present(item, echo=False)), True
        if isinstance(item, Echo):
            return self._framed(self.presenter.present(item.entry, echo=True)), True
        return self._framed(item), True

    def _framed(self, lines: Sequence[str]) -> bytes:
        return self.presenter.encoder.frame(lines)

    def _open_ends(self, pieces: list[bytes], size: int) -> None:
        for subscription in self.subscriptions.values():
            head = subscription.feed.log.head
            while subscription.cursor.position < head.position and size < CHUNK_BYTES:
                piece, subscription.cursor = self._stretch(
                    subscription, subscription.encoder, subscription.cursor, head
                )
                pieces.append(piece)
                size += len(piece)

    def _stretch(
        self, subscription: Subscription, encoder: Encoder, start: Cursor, end: Cursor
    ) -> tuple[bytes, Cursor]:
        """Encode from `start` towards `end`; return the bytes and how far they go."""
        log = subscription.feed.log
        first = log.readable_from
        notice = b""
        if start.position < first:
            resume = log.cursor_at(first) if first < end.position else end
            skipped = resume.shown - start.shown - subscription.forget_own(resume.position)
            if skipped > 0:
                notice = self._framed(self.presenter.gap(subscription.feed.room, skipped))
            if resume is end:
                return notice, end
            start = resume
        pieces = log.encoded(encoder, start.position, end.position)
        reached = start.position + _fitting(pieces)
        del pieces[reached - start.position :]
        if subscription.own or self._filter is not None or log.shared >= start.position:
            entries = log.between(start.position, reached)
            pieces = list(compress(pieces, self._wanted(subscription, entries, start.position)))
            subscription.forget_own(reached)
        cursor = end if reached == end.position else log.cursor_at(reached)
        return notice + b"".join(pieces), cursor

    def _wanted(self, subscription: Subscription, entries: list[Entry], start: int) -> list[bool]:
        """Which of a log's entries, from position `start` on, this session is to see there."""
        own, wanted = set(subscription.own or ()), self._filter
        return [
            position not in own
            and (wanted is None or wanted(entry))
            and (len(entry.rooms) < 2 or self._first_seen_in(subscription, entry))
            for position, entry in enumerate(entries, start)
        ]

    def _first_seen_in(self, subscription: Subscription, entry: Entry) -> bool:
        """Whether an entry that stands in several rooms' logs is to be seen in this one.

        A session sees it once: in the first of those rooms that it was in when
        the event happened.
        """
        for key in entry.rooms:
            shared = self.subscriptions.get(key)
            if shared is not None and shared.since < entry.number:
                return shared is subscription
        return True


def _fitting(pieces: list[bytes]) -> int:
    """How many pieces make a chunk."""
    size = 0
    for nth, piece in enumerate(pieces, 1):
        size += len(piece)
        if size >= CHUNK_BYTES:
            return nth
    return len(pieces)
