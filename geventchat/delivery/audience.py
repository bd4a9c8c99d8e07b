"""Who hears of an event, and how its author does.

MUST: append an event to each log it concerns exactly once, in the order in
which events are applied. MUST NOT: send, encode or wait; what has something
new collects in `touched_feeds` and `touched_outboxes`, for the flusher.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from geventchat.chat import events
from geventchat.chat.events import Entry, Event, Said
from geventchat.chat.rooms import Room
from geventchat.chat.sessions import Session
from geventchat.delivery.encoder import Presenter
from geventchat.delivery.outbox import Outbox
from geventchat.delivery.subscription import Feed, Subscription


class Hears(Enum):
    """How the author of an event hears of it."""

    ALWAYS = "as everybody does, in its place in the room; alone if it is in none of its rooms"
    IF_ECHOED = "as with ALWAYS, if its encoder echoes such events; else not at all"
    APART = "as an item of its own"
    NEVER = "not at all"


# What is not named here is heard by its author like everybody else.
AUTHOR_HEARS: dict[type[Event], Hears] = {
    # A terminal shows what was typed; IRC clients ask for echo-message.
    Said: Hears.IF_ECHOED,
    events.Tagged: Hears.IF_ECHOED,
    events.Told: Hears.IF_ECHOED,
    events.TaggedTo: Hears.IF_ECHOED,
    events.RedactedTo: Hears.IF_ECHOED,
    events.SaidToStatus: Hears.IF_ECHOED,
    # IRC answers these commands with numerics of their own.
    events.WentAway: Hears.IF_ECHOED,
    events.Invited: Hears.IF_ECHOED,
    # The welcome to a room and the farewell from it, each in its place among the rest.
    events.Joined: Hears.APART,
    events.Parted: Hears.APART,
    events.Left: Hears.NEVER,
    events.Restarted: Hears.NEVER,
    events.Arrived: Hears.NEVER,
    events.Announced: Hears.NEVER,  # It listens like everybody, or does not.
}
# The same as a set: asked once a line.
_IF_ECHOED = frozenset(kind for kind, hears in AUTHOR_HEARS.items() if hears is Hears.IF_ECHOED)
# What people at terminals are never shown, and what only in rooms of few.
_HIDDEN = frozenset({events.Tagged, events.Invited})
_SHOWN_AMONG_FEW = frozenset({events.Joined, events.Parted, events.Left})


class Audience:
    """Implements `chat.outlet.Outlet` for the sessions of this process.

    feeds     by the keys of their rooms
    outboxes  by the numbers of their sessions; sessions elsewhere have none
    join_lines_max_members  up to which size of a room people see who comes and goes
    """

    def __init__(
        self, backlog_events: int, outbox_max_items: int, join_lines_max_members: int
    ) -> None:
        self._backlog_events = backlog_events
        self._outbox_max_items = outbox_max_items
        self.join_lines_max_members = join_lines_max_members
        self.feeds: dict[str, Feed] = {}
        self.outboxes: dict[int, Outbox] = {}
        self.touched_feeds: dict[Feed, None] = {}
        self.touched_outboxes: dict[Outbox, None] = {}
        # Who wants to hear of a nick's comings and goings: key of the nick -> outboxes.
        self._watchers: dict[str, dict[Outbox, None]] = {}
        self._watched: dict[Outbox, frozenset[str]] = {}
        # The last lines of rooms that sessions are about to join, by their numbers.
        self._prepared: dict[int, tuple[Entry, ...]] = {}

    def open(self, number: int, presenter: Presenter) -> Outbox:
        """An outbox for a session of this process."""
        # The touched ones are emptied in place by the flusher, so sharing holds.
        outbox = Outbox(number, presenter, self._outbox_max_items, self.touched_outboxes)
        self.outboxes[number] = outbox
        return outbox

    def close(self, outbox: Outbox) -> None:
        """Send this session nothing more, and keep nothing for it."""
        self.watch(outbox, frozenset())
        for key in list(outbox.subscriptions):
            outbox.unsubscribe(key)
        outbox.items.clear()
        self.outboxes.pop(outbox.number, None)
        self.touched_outboxes.pop(outbox, None)
        self._prepared.pop(outbox.number, None)

    def feed_of(self, room: Room) -> Feed:
        """A room's feed, made now if need be."""
        feed = self.feeds.get(room.key)
        if feed is None:
            feed = self.feeds[room.key] = Feed(room, self._backlog_events)
        return feed

    def lacks_earlier(self, key: str) -> bool:
        """Whether a room's last lines must be read before somebody joins it."""
        feed = self.feeds.get(key)
        return feed is None or feed.earlier is None

    def prepare(self, number: int, lines: Sequence[Entry]) -> None:
        """Have the last lines of the room at hand that a session is about to join."""
        self._prepared[number] = tuple(lines)

    def unprepare(self, number: int) -> None:
        """That session has joined, or was refused."""
        self._prepared.pop(number, None)

    def watch(self, outbox: Outbox, keys: frozenset[str]) -> None:
        """Have a session hear of these nicks, and of no others, from now on."""
        before = self._watched.pop(outbox, frozenset())
        for key in before - keys:
            watchers = self._watchers[key]
            del watchers[outbox]
            if not watchers:
                del self._watchers[key]
        for key in keys - before:
            self._watchers.setdefault(key, {})[outbox] = None
        if keys:
            self._watched[outbox] = keys

    def to_room(self, room: Room, entry: Entry) -> None:
        feed = self.feeds.get(room.key) or self.feed_of(room)
        event = entry.event
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
                subscription.skip_next()
            else:
                self._to_author(author, entry, () if subscription is None else (subscription,))
        if event.__class__ is Said:
            feed.log.append(entry)
            self.touched_feeds[feed] = None
        else:
            self._append(feed, entry)

    def to_rooms(self, rooms: Sequence[Room], entry: Entry) -> None:
        keys = tuple(room.key for room in rooms)
        number = entry.event.by.session
        author = self.outboxes.get(number)
        if author is not None:
            found = (author.subscriptions.get(key) for key in keys)
            self._to_author(author, entry, [one for one in found if one is not None])
        for room in rooms:
            self._append(self.feed_of(room), entry._replace(members=len(room.members), rooms=keys))

    def to(self, session: Session, entry: Entry) -> None:
        outbox = self.outboxes.get(session.number)
        if outbox is not None:
            outbox.put(entry)

    def to_author(self, entry: Entry) -> None:
        author = self.outboxes.get(entry.event.by.session)
        if author is not None:
            self._to_author(author, entry, ())

    def to_watchers(self, entry: Entry, *keys: str, but: Sequence[str] = ()) -> None:
        watchers = [outbox for key in keys for outbox in self._watchers.get(key, ())]
        for outbox in dict.fromkeys(watchers):
            # Whoever it is about hears of it as its author.
            by_itself = outbox.number == entry.event.by.session
            if not (by_itself or any(room in outbox.subscriptions for room in but)):
                outbox.put(entry)

    def joined(self, room: Room, session: Session, entry: Entry) -> None:
        feed = self.feed_of(room)
        prepared = self._prepared.pop(session.number, None)
        if feed.earlier is None and prepared is not None:
            feed.earlier = prepared
        self._append(feed, entry)
        outbox = self.outboxes.get(session.number)
        if outbox is not None:
            # Its cursor stands behind its own arrival, of which it hears as an
            # item, in its place among everything else it is sent.
            outbox.subscribe(feed, entry.number)
            outbox.put(entry)
            outbox.restyle()  # Which room is talked in may have changed.

    def parted(self, room: Room, session: Session, entry: Entry) -> None:
        feed = self.feed_of(room)
        outbox = self.outboxes.get(session.number)
        by_itself = entry.event.by.session == session.number
        if outbox is not None:
            outbox.unsubscribe(room.key)
            if by_itself:
                outbox.answer(entry)
            else:
                outbox.put(entry)
            outbox.restyle()
        if by_itself:
            self._append(feed, entry)
        else:
            self.to_room(room, entry)

    def departed(self, session: Session, rooms: Sequence[Room], entry: Entry) -> None:
        outbox = self.outboxes.get(session.number)
        if outbox is not None:
            for room in rooms:
                outbox.unsubscribe(room.key)
            self.watch(outbox, frozenset())
        self.to_rooms(rooms, entry)

    def redacted(self, room: Room, number: int) -> None:
        self.feed_of(room).erase(number)

    def forgotten(self, room: Room) -> None:
        self.feeds.pop(room.key, None)

    def _to_author(
        self, author: Outbox, entry: Entry, subscriptions: Sequence[Subscription]
    ) -> None:
        """Decide how an author hears of its event, before it is appended to its rooms' logs."""
        event = entry.event
        hears = AUTHOR_HEARS.get(event.__class__, Hears.ALWAYS)
        encoder = subscriptions[0].encoder if subscriptions else author.presenter.encoder
        if hears is Hears.NEVER or (hears is Hears.IF_ECHOED and not encoder.echoes(event)):
            for subscription in subscriptions:
                subscription.skip_next()
        elif author.captured is not None or not subscriptions:
            author.answer(entry)
            for subscription in subscriptions:
                subscription.skip_next()

    def _append(self, feed: Feed, entry: Entry) -> None:
        kind = entry.event.__class__
        shown = kind not in _HIDDEN and (
            kind not in _SHOWN_AMONG_FEW or entry.members <= self.join_lines_max_members
        )
        feed.log.append(entry, shown)
        self.touched_feeds[feed] = None
