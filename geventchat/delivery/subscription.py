"""A room's feed, and each member's place in it."""

from __future__ import annotations

from collections import deque
from itertools import chain
from typing import Protocol

from geventchat.chat.events import SERVER, Entry, Erased, Said
from geventchat.chat.rooms import Room
from geventchat.delivery.encoder import Encoder, Presenter
from geventchat.delivery.roomlog import Cursor, RoomLog
from geventchat.errors import CloseReason


class Sink(Protocol):
    """The connection that takes the bytes. It never waits."""

    def send(self, data: bytes, /) -> int:
        """Give the kernel what it takes now; how many bytes that was. Raises `OSError`."""

    def failed(self, error: OSError, data: bytes) -> None:
        """Sending `data` raised that."""

    def keep(self, data: bytes, sent: int) -> None:
        """All but the first `sent` bytes of `data` must be sent before anything else."""

    def deliver(self) -> None:
        """Send all there is for this session, as far as the kernel takes it."""

    def request_close(self, reason: CloseReason) -> None:
        """Have the connection ended in good order."""

    def abort(self, reason: CloseReason) -> None:
        """The connection is of no more use."""


class Recipient(Protocol):
    """Whoever holds a subscription, as far as the fan-out looks.

    caught_up  nothing waits for it and nothing needs choosing: it may be sent a room's lines now
    sink       where its bytes go; None before there is a connection and after it
    presenter  its dialect
    """

    caught_up: bool
    sink: Sink | None
    presenter: Presenter


class Feed:
    """What the members of a room are sent: its log, and who reads it.

    `earlier` are the last lines before the log begins, read from the journal
    when the first member came; None until then.
    """

    __slots__ = ("earlier", "log", "room", "subscriptions")

    def __init__(self, room: Room, backlog_events: int) -> None:
        self.room = room
        self.log = RoomLog(backlog_events)
        self.subscriptions: dict[int, Subscription] = {}
        self.earlier: tuple[Entry, ...] | None = None

    def recent(self, lines: int, before: int) -> list[Entry]:
        """The latest lines said with a number below `before`, oldest first."""
        found: list[Entry] = []
        begun = self.log.entries[0].number if self.log.entries else before
        earlier = (entry for entry in reversed(self.earlier or ()) if entry.number < begun)
        for entry in chain(reversed(self.log.entries), earlier):
            if len(found) == lines:
                break
            if entry.number < before and entry.event.__class__ is Said:
                found.append(entry)
        return found[::-1]

    def erase(self, number: int) -> None:
        """Forget the words of an event, here and in whatever is kept encoded of it."""
        self.log.replace(number, Erased(SERVER, self.room.name))
        if self.earlier:
            self.earlier = tuple(entry for entry in self.earlier if entry.number != number)


class Subscription:
    """One session's place in one room's log.

    cursor   how far it has been sent the log
    since    number of the event that joined it; earlier events of the log are not news to it
    own      positions in the log, from the cursor on, that it is not to be sent: it wrote them
    encoder  how its dialect wants what lies behind the cursor encoded
    """

    __slots__ = ("cursor", "encoder", "feed", "own", "recipient", "since")

    def __init__(self, feed: Feed, recipient: Recipient, since: int) -> None:
        self.feed = feed
        self.recipient = recipient
        self.since = since
        self.cursor = feed.log.head
        self.own: deque[int] | None = None
        self.encoder: Encoder = recipient.presenter.encoder_in(feed.room)

    def skip_next(self) -> None:
        """Leave out the next entry of the log.

        Who writes and never reads must not pile up memory: beyond the log's
        bound the oldest note is folded into the cursor, as a line already seen.
        """
        log = self.feed.log
        if self.own is None:
            self.own = deque()
        self.own.append(log.end)
        if len(self.own) > log.bound:
            self.own.popleft()
            self.cursor = Cursor(self.cursor.position, self.cursor.shown + 1)

    def forget_own(self, position: int) -> int:
        """Drop the positions of own lines before `position`; return how many there were."""
        own, dropped = self.own, 0
        while own and own[0] < position:
            own.popleft()
            dropped += 1
        return dropped
