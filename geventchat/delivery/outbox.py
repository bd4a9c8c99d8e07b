"""What one connection has yet to be sent, in order: its own items, then its rooms' lines.

MUST: give out everything in the order in which it became this connection's: a
reply comes behind all room lines that had happened when it was put here, and
what several rooms hear of at once (a rename) before what follows it in any.
MUST: hold no copies of room lines, only places in their logs.
MUST: tell a gap, with the number of lines that were skipped, and close nobody
for what others send to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import merge

from geventchat.chat.events import Entry
from geventchat.chat.rooms import Room
from geventchat.delivery.encoder import Presenter
from geventchat.delivery.items import Captured, Echo, Item, Missed, leading_spans
from geventchat.delivery.span import CHUNK_BYTES, Filter, Span
from geventchat.delivery.subscription import Feed, Sink, Subscription


class Outbox:
    """The queue of one connection, and its subscriptions by the keys of their rooms.

    number     of the connection
    items      what this connection alone is to be sent
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
    def chooses(self) -> bool:
        """Whether what it is sent has to be looked at one by one."""
        return self._filter is not None

    def put(self, item: Item, at_once: bool = True) -> None:
        """Append something for this session alone, behind all room lines it has not been sent.

        What is not sent `at_once` waits for what is put here next, and travels with it.
        """
        self.close_spans()
        self.items.append(item)
        self.caught_up = False
        if at_once:
            self.touched[self] = None

    def put_first(self, data: bytes) -> None:
        """Have these bytes sent before all that waits."""
        self.items.insert(0, data)
        self.caught_up = False
        self.touched[self] = None

    def offer(self, entry: Entry, own: bool = False) -> None:
        """Append what somebody else sends to this session alone, if it is wanted.

        Or what it has done itself (`own`) elsewhere. Where too much waits already it is counted
        and told of in its place: nobody can fill another's queue, nor have them closed for it.
        """
        if not own and self._filter is not None and not self._filter(entry):
            return
        if len(self.items) < self.items_max:
            self.put(Echo(entry) if own else entry)
            return
        last = self.items[-1]
        if not isinstance(last, Missed):
            last = Missed()
            self.items.append(last)
        last.lines += len(self.presenter.present(entry, echo=own))

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

    def subscribe(self, feed: Feed) -> None:
        """Be sent what happens in a room from its log's head on."""
        subscription = Subscription(feed, self)
        self.subscriptions[feed.room.key] = feed.subscriptions[self.number] = subscription

    def unsubscribe(self, key: str) -> None:
        """Be sent nothing more of a room but what has happened there by now."""
        if key in self.subscriptions:
            # All of them, so that what is queued first has also happened first.
            self.close_spans()
            self.subscriptions.pop(key).feed.subscriptions.pop(self.number, None)

    def unread(self, key: str) -> int:
        """How many lines of a room wait for this session."""
        subscription = self.subscriptions.get(key)
        if subscription is None:
            return 0
        waiting = subscription.feed.log.head.lines - subscription.cursor.lines
        spans = (item for item in self.items if isinstance(item, Span))
        return waiting + sum(
            span.end.lines - span.start.lines for span in spans if span.subscription is subscription
        )

    def restyle(self) -> None:
        """Have rooms encoded as the dialect says now; what came before is as it was."""
        self.close_spans()
        for subscription in self.subscriptions.values():
            subscription.encoder = self.presenter.encoder_in(subscription.feed.room)

    def filter(self, wanted: Filter | None) -> None:
        """Send only those entries of others of which `wanted` says yes, from here on."""
        self.close_spans()
        self._filter = wanted
        self.caught_up = False

    def close_spans(self) -> None:
        """Queue what every room's log holds for this session by now."""
        covering: Span | None = None
        covered: tuple[int, ...] = ()
        shown: tuple[bool, ...] | None = None
        for subscription in self.subscriptions.values():
            log = subscription.feed.log
            start, head = subscription.cursor, log.head
            if start is head:
                continue
            self.caught_up = False
            # A rename or a departure stands in every room it was heard in. Of a hundred
            # rooms with that same news one is read, and the others are not even looked at.
            numbers = log.shared_numbers(start.position) if log.shared >= start.position else ()
            if (
                covering is not None
                and numbers
                and numbers == covered
                and (shown is None or shown == log.shown(subscription.encoder, start.position))
            ):
                covering.cover(subscription, head)
                continue
            span = Span(subscription, head)
            self.items.append(span)
            if numbers:
                covering, covered = span, numbers
                shown = log.shown(span.encoder, start.position)
                # What is all shown here need not be looked at elsewhere.
                shown = None if all(shown) else shown

    def pass_over(self, subscription: Subscription, first: int, entries: list[Entry]) -> None:
        """These entries of a log are about to be let go: count what is missed; see `Recipient`."""
        assert self._filter is not None
        self.close_spans()
        for item in self.items:
            if isinstance(item, Span) and item.subscription is subscription:
                item.pass_over(first, entries, self._filter)
        subscription.forget_own(first + len(entries))

    def sent(self) -> None:
        """All there was has been sent: the short way is open, unless there is more to do."""
        self.caught_up = self._filter is None and self.presenter.screen is None

    def next_chunk(self) -> bytes:
        """The next bytes for this session, about `CHUNK_BYTES`; empty when there are none."""
        pieces: list[bytes] = []
        size = done = 0
        items = self.items
        while size < CHUNK_BYTES:
            if done == len(items):
                items.clear()
                done = 0
                self.close_spans()
                if not items:
                    break
            item = items[done]
            if isinstance(item, Span):
                run = leading_spans(items[done:])
                size = self._read_spans(run, pieces, size)
                items[done : done + len(run)] = [span for span in run if not span.finished]
            else:
                done += 1
                pieces.append(self._piece(item))
                size += len(pieces[-1])
        del items[:done]
        screen = self.presenter.screen
        return b"".join(pieces) if screen is None else screen.above(b"".join(pieces))

    def rest(self) -> bytes:
        """Give up what is left: how much of it will not be sent, for whoever is hung up on."""
        self.close_spans()
        rooms: dict[Room | None, int] = {}
        for item in self.items:
            room = item.subscription.feed.room if isinstance(item, Span) else None
            rooms[room] = rooms.get(room, 0) + self._given_up(item)
        self.items.clear()
        gaps = (self.presenter.gap(room, lines) for room, lines in rooms.items() if lines)
        told = self._framed([line for lines in gaps for line in lines])
        screen = self.presenter.screen
        return told if screen is None else screen.close() + told

    def _given_up(self, item: Item) -> int:
        if isinstance(item, Span):
            return item.give_up(self._filter)
        if isinstance(item, Missed):
            return item.lines
        return len(self.presenter.present(item, echo=False)) if isinstance(item, Entry) else 0

    def _piece(self, item: Item) -> bytes:
        """The bytes of an item that is no span."""
        if isinstance(item, bytes):
            return item
        if isinstance(item, Entry):
            return self._framed(self.presenter.present(item, echo=False))
        if isinstance(item, Echo):
            return self._framed(self.presenter.present(item.entry, echo=True))
        if isinstance(item, Missed):
            return self._framed(self.presenter.gap(None, item.lines)) if item.lines else b""
        assert not isinstance(item, Span)
        return self._framed(item)

    def _framed(self, lines: Sequence[str]) -> bytes:
        return self.presenter.encoder.frame(lines)

    def _read_spans(self, run: list[Span], pieces: list[bytes], size: int) -> int:
        """Read spans that were closed one behind the other, until there is a chunk; its size."""
        for span in run:
            missed = span.gap(self._filter)
            if missed is not None:
                pieces.append(self._told_gap(span.subscription.feed.room, missed))
                pieces += [self._told_gap(room, 0) for room in span.covers]
                size += sum(map(len, pieces[-1 - len(span.covers) :]))
        if len(run) > 1 and any(span.stands_elsewhere for span in run):
            return self._read_merged(run, pieces, size)
        for span in run:
            while size < CHUNK_BYTES and not span.finished:
                pieces.append(span.read(self._filter))
                size += len(pieces[-1])
        return size

    def _told_gap(self, room: Room, missed: int) -> bytes:
        """That lines of a room were skipped, and how things stand there now."""
        standing = self.presenter.standing(room) if room.key in self.subscriptions else []
        return self._framed([*self.presenter.gap(room, missed), *standing])

    def _read_merged(self, run: list[Span], pieces: list[bytes], size: int) -> int:
        """Read spans in the order of events, since some stand in several rooms' logs.

        A rename must be seen before the words that bear the new name, whichever
        room they are in, and once.
        """
        streams = [span.one_by_one(nth, self._filter) for nth, span in enumerate(run)]
        last = 0
        reached: dict[int, int] = {}
        for number, nth, position, heading, piece in merge(*streams):
            if number != last:
                if size >= CHUNK_BYTES:
                    break
                pieces += (heading, piece)
                size += len(heading) + len(piece)
            elif not pieces[-1]:
                # Its author, say, is not to see it in the one room but in the other.
                pieces[-1] = piece
                size += len(piece)
            last = number
            reached[nth] = position + 1
        for nth, position in reached.items():
            run[nth].read_to(position)
        return size
