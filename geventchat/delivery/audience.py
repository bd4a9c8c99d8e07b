"""Who hears of an event, and how its author does.

MUST: append an event to each log it concerns exactly once, in the order in
which events are applied. MUST NOT: send, encode or wait; what has something
new collects in `touched_feeds` and `touched_outboxes`, for the flusher.
"""

from __future__ import annotations

from collections.abc import Sequence

from geventchat.chat.events import Entry, Said, Told
from geventchat.chat.rooms import Room
from geventchat.chat.sessions import Session
from geventchat.config import Config
from geventchat.delivery.devices import other_outboxes, outboxes_of, subscribed
from geventchat.delivery.encoder import Presenter
from geventchat.delivery.hearing import AUTHOR_HEARS, DEVICES_HEAR_APART, Hears
from geventchat.delivery.outbox import Outbox
from geventchat.delivery.progress import Progress
from geventchat.delivery.roomlog import ENTRY_BYTES, RoomLog, entry_bytes
from geventchat.delivery.subscription import Feed, Subscription, said_lines
from geventchat.delivery.watching import Watching

# The same as a set: asked once a line.
_IF_ECHOED = frozenset(kind for kind, hears in AUTHOR_HEARS.items() if hears is Hears.IF_ECHOED)


class Audience:
    """Implements `chat.outlet.Outlet` for the sessions of this process.

    config    its bounds; replaced when the settings are read again
    feeds     by the keys of their rooms, of those somebody is in
    outboxes  by the numbers of their connections; those elsewhere have none
    logs_bytes  about what all logs take
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.feeds: dict[str, Feed] = {}
        self.logs_bytes = 0
        self.outboxes: dict[int, Outbox] = {}
        self.touched_feeds: dict[Feed, None] = {}
        self.touched_outboxes: dict[Outbox, None] = {}
        # Of the connections whose users want to know what they missed, by their numbers.
        self.followed: dict[int, Progress] = {}
        self._watching = Watching()
        # The last lines of rooms that are about to be joined, by the numbers of connections.
        self._prepared: dict[int, tuple[Entry, ...]] = {}

    def settings_changed(self, config: Config) -> None:
        """Go by these from now on, for those who are here too."""
        self.config = config
        for outbox in self.outboxes.values():
            outbox.items_max = config.outbox_max_items
            outbox.presenter.settings_changed()

    def open(self, number: int, presenter: Presenter) -> Outbox:
        """An outbox for a connection of this process."""
        # The touched ones are emptied in place by the flusher, so sharing holds.
        outbox = Outbox(number, presenter, self.config.outbox_max_items, self.touched_outboxes)
        self.outboxes[number] = outbox
        return outbox

    def close(self, outbox: Outbox) -> None:
        """Send this connection nothing more, and keep nothing for it."""
        self._release(outbox)
        outbox.items.clear()
        self.outboxes.pop(outbox.number, None)
        self.touched_outboxes.pop(outbox, None)
        self._prepared.pop(outbox.number, None)
        self.followed.pop(outbox.number, None)

    def feed_of(self, room: Room) -> Feed:
        """A room's feed, made now if need be."""
        feed = self.feeds.get(room.key)
        if feed is None:
            config = self.config
            log = RoomLog(config.backlog_events, config.backlog_bytes)
            feed = self.feeds[room.key] = Feed(room, log, self.earlier_max)
        return feed

    @property
    def earlier_max(self) -> int:
        """How many of a room's last lines anybody is shown on joining."""
        config = self.config
        return max(config.history_on_join_lines, config.irc_history_on_join_lines)

    def _drop(self, room: Room) -> None:
        """Keep nothing of a room nobody is in; its lines are in the journal."""
        feed = self.feeds.pop(room.key, None)
        if feed is not None:
            feed.close()
            self.logs_bytes -= feed.weighed
            feed.weighed = 0

    def weigh(self, feeds: Sequence[Feed]) -> None:
        """Count what the logs of these feeds take now; let go of some if all take too much.

        The heaviest log gives up half of itself: who fills the memory loses it.
        """
        for feed in feeds:
            if self.feeds.get(feed.room.key) is feed:
                self.logs_bytes += feed.weigh()
        while self.logs_bytes > self.config.logs_max_bytes:
            heaviest = max(self.feeds.values(), key=lambda feed: feed.weighed, default=None)
            if heaviest is None or not heaviest.weighed:
                break
            heaviest.log.drop_encoded()
            heaviest.log.shrink(heaviest.log.weight // 2)
            self.logs_bytes += heaviest.weigh()

    def lacks_earlier(self, key: str) -> bool:
        """Whether a room's last lines must be read before somebody joins it."""
        feed = self.feeds.get(key)
        return feed is None or feed.earlier is None

    def prepare(self, number: int, lines: Sequence[Entry]) -> None:
        """Have the last lines of the room at hand that is about to be joined there."""
        self._prepared[number] = tuple(lines)

    def unprepare(self, number: int) -> None:
        """It was joined there, or that was refused."""
        self._prepared.pop(number, None)

    def watch(self, outbox: Outbox, keys: frozenset[str]) -> None:
        """Have a session hear of these nicks, and of no others, from now on."""
        self._watching.watch(outbox, keys)

    def to_room(self, room: Room, entry: Entry) -> None:
        feed = self.feeds.get(room.key) or self.feed_of(room)
        event = entry.event
        lines, request = 1, False
        if event.__class__ is not Said:
            lines, size = 0, entry_bytes(entry)
        else:  # Nearly always; so without a call where one can be saved.
            text: str = event.text
            size = ENTRY_BYTES + text.__sizeof__()
            if "\n" in text or text[:1] == "\x01":
                lines, request = said_lines(event)
        number = event.by.session
        author = self.outboxes.get(number)
        if author is not None:
            subscription = feed.subscriptions.get(number)
            if (
                subscription is not None
                and event.__class__ in _IF_ECHOED
                and not subscription.encoder.echoes(event)
            ):
                # What `_to_author` would do, without its detours: nearly every line comes here.
                subscription.skip_next(lines + (request and subscription.encoder.shows_requests))
            else:
                found = () if subscription is None else (subscription,)
                self._to_author(author, entry, found, lines, request)
        feed.log.append(entry, size, lines, request)
        self.touched_feeds[feed] = None

    def to_rooms(self, session: Session, rooms: Sequence[Room], entry: Entry) -> None:
        keys = tuple(room.key for room in rooms)
        author = self.outboxes.get(entry.event.by.session)
        if author is not None:
            self._to_author(author, entry, subscribed(author, keys))
        if not rooms or entry.event.__class__ in DEVICES_HEAR_APART:
            for outbox in other_outboxes(self.outboxes, session, entry):
                outbox.offer(entry, own=True)
                for subscription in subscribed(outbox, keys):
                    subscription.skip_next(0)
        for room in rooms:
            self._append(self.feed_of(room), entry._replace(members=room.size, rooms=keys))

    def to(self, session: Session, entry: Entry) -> None:
        for outbox in outboxes_of(self.outboxes, session):
            outbox.offer(entry)
            if outbox.number in self.followed and isinstance(entry.event, Told):
                self.followed[outbox.number].told(entry.number)

    def to_author(self, session: Session, entry: Entry, alone: bool = False) -> None:
        author = self.outboxes.get(entry.event.by.session)
        if author is not None:
            self._to_author(author, entry, ())
        if not alone:
            for outbox in other_outboxes(self.outboxes, session, entry):
                outbox.offer(entry, own=True)

    def to_watchers(
        self, session: Session, entry: Entry, *keys: str, but: Sequence[str] = ()
    ) -> None:
        for outbox in self._watching.watchers(keys):
            itself = session.has(outbox.number)
            if not (itself or any(room in outbox.subscriptions for room in but)):
                outbox.offer(entry)

    def joined(self, room: Room, session: Session, entry: Entry) -> None:
        feed = self.feed_of(room)
        prepared = self._prepared.pop(entry.event.by.session, None)
        if feed.earlier is None and prepared is not None:
            feed.earlier = prepared
        if session.appeared:
            self._append(feed, entry)
        else:
            feed.log.begin(entry.at)
        for outbox in outboxes_of(self.outboxes, session):
            # Its cursor stands behind its own arrival, of which it hears as an
            # item, in its place among everything else it is sent.
            outbox.subscribe(feed)
            if outbox.number in self.followed:
                self.followed[outbox.number].joined(room.key, entry.number)
            outbox.put(entry)
            outbox.restyle()  # Which room is talked in may have changed.

    def parted(self, room: Room, session: Session, entry: Entry) -> None:
        by = entry.event.by.session
        by_itself = session.has(by)
        for outbox in outboxes_of(self.outboxes, session):
            outbox.unsubscribe(room.key)
            if outbox.number in self.followed:
                self.followed[outbox.number].parted(room.key)
            if outbox.number == by:
                outbox.answer(entry)
            else:
                outbox.put(entry)
            outbox.restyle()
        if not room.members:
            self._drop(room)
        elif by_itself:
            self._append(self.feed_of(room), entry)
        else:
            self.to_room(room, entry)

    def departed(self, session: Session, rooms: Sequence[Room], entry: Entry) -> None:
        for outbox in outboxes_of(self.outboxes, session):
            self._release(outbox)
        for room in rooms:
            if not room.members:
                self._drop(room)
        remaining = [room for room in rooms if room.members]
        if session.appeared and remaining:
            self.to_rooms(session, remaining, entry)

    def attached(
        self, session: Session, rooms: Sequence[Room], left: Sequence[Room], entry: Entry
    ) -> None:
        outbox = self.outboxes.get(entry.event.by.session)
        if outbox is None:
            return
        outbox.presenter.attached(session, left)
        for room in rooms:
            # One after the other: what tells of a hundred rooms is made as it is read.
            outbox.subscribe(self.feed_of(room))
            if outbox.number in self.followed:
                self.followed[outbox.number].joined(room.key, entry.number)
            outbox.put(entry._replace(members=room.size, rooms=(room.key,)))
        outbox.restyle()

    def detached(self, connection: int) -> None:
        outbox = self.outboxes.get(connection)
        if outbox is not None:
            self._release(outbox)

    def _release(self, outbox: Outbox) -> None:
        """Send a connection nothing more but what has happened by now."""
        self.watch(outbox, frozenset())
        for key in list(outbox.subscriptions):
            outbox.unsubscribe(key)

    def hushed(self, room: Room, session: Session, on: bool) -> None:
        for outbox in outboxes_of(self.outboxes, session):
            outbox.presenter.hushed(room, on)

    def redacted(self, room: Room, number: int) -> None:
        self.feed_of(room).erase(number)

    def _to_author(
        self,
        author: Outbox,
        entry: Entry,
        subscriptions: Sequence[Subscription],
        lines: int = 0,
        request: bool = False,
    ) -> None:
        """Decide how an author hears of its event, before it is appended to its rooms' logs."""
        event = entry.event
        hears = AUTHOR_HEARS.get(event.__class__, Hears.ALWAYS)
        encoder = subscriptions[0].encoder if subscriptions else author.presenter.encoder
        if hears is Hears.NEVER or (hears is Hears.IF_ECHOED and not encoder.echoes(event)):
            pass
        elif author.captured is not None or not subscriptions:
            author.answer(entry)
        else:
            return
        for subscription in subscriptions:
            subscription.skip_next(lines + (request and subscription.encoder.shows_requests))

    def _append(self, feed: Feed, entry: Entry) -> None:
        """Append what is no line."""
        feed.log.append(entry, entry_bytes(entry), lines=0)
        self.touched_feeds[feed] = None
