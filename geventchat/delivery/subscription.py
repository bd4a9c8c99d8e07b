"""A room's feed, and each member's place in it."""

from __future__ import annotations

from bisect import bisect_left
from itertools import chain, islice, takewhile
from typing import Protocol

from geventchat.chat.events import SERVER, Entry, Erased, Event, Said
from geventchat.chat.names import fold
from geventchat.chat.rights import is_request
from geventchat.chat.rooms import Room
from geventchat.chat.text import lines_in
from geventchat.delivery.encoder import Encoder, Presenter
from geventchat.delivery.roomlog import Cursor, RoomLog
from geventchat.errors import CloseReason


class Sink(Protocol):
    """The connection that takes the bytes. It never waits. `address` is where it comes from."""

    address: str

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
    chooses    whether it leaves out some entries that others are sent
    """

    caught_up: bool
    sink: Sink | None
    presenter: Presenter

    @property
    def chooses(self) -> bool:
        """Whether what it is sent has to be looked at one by one."""

    def pass_over(self, subscription: Subscription, first: int, entries: list[Entry]) -> None:
        """These entries, from position `first` on, are about to be let go."""


def said_lines(event: Event) -> tuple[int, bool]:
    """How many lines were said in an event, and whether it is a request of a program (CTCP)."""
    if not isinstance(event, Said):
        return 0, False
    if is_request(event):
        return 0, True
    return len(lines_in(event.text, event.joined)), False


class Feed:
    """What the members of a room are sent: its log, and who reads it.

    earlier   the last lines before the log begins, at most `earlier_max`: read from the
              journal when the first member came, None until then
    weighed   what the log took when that was last counted
    """

    __slots__ = ("earlier", "earlier_max", "log", "room", "subscriptions", "weighed")

    def __init__(self, room: Room, log: RoomLog, earlier_max: int) -> None:
        self.room = room
        self.log = log
        self.subscriptions: dict[int, Subscription] = {}
        self.earlier: tuple[Entry, ...] | None = None
        self.earlier_max = earlier_max
        self.weighed = 0
        log.let_go = self._let_go

    def close(self) -> None:
        """Nobody reads it any more, but whoever is still to be sent some of it."""
        self.log.let_go = None

    def weigh(self) -> int:
        """By how many bytes it has become heavier since it was last asked."""
        before, self.weighed = self.weighed, self.log.weight + self.log.encoded_bytes
        return self.weighed - before

    def _let_go(self, first: int, entries: list[Entry]) -> None:
        """Keep the last lines for newcomers, and have those who are behind count what they miss."""
        if self.earlier is not None:
            said = (entry for entry in reversed(entries) if entry.event.__class__ is Said)
            latest = list(islice(chain(said, reversed(self.earlier)), self.earlier_max))
            self.earlier = tuple(reversed(latest))
        for subscription in self.subscriptions.values():
            recipient = subscription.recipient
            if not recipient.caught_up and recipient.chooses:
                recipient.pass_over(subscription, first, entries)

    def recent(self, lines: int, before: int, after: int = 0) -> list[Entry]:
        """The latest lines said with a number below `before`, from `after` on, oldest first."""
        found: list[Entry] = []
        begun = self.log.entries[0].number if self.log.entries else before
        earlier = (entry for entry in reversed(self.earlier or ()) if entry.number < begun)
        for entry in chain(reversed(self.log.entries), earlier):
            if len(found) == lines or entry.number < after:
                break
            if entry.number < before and entry.event.__class__ is Said:
                found.append(entry)
        return found[::-1]

    def erase(self, number: int) -> None:
        """Forget the words of an event, here and in whatever is kept encoded of it."""
        self.log.replace(number, Erased(SERVER, self.room.name))
        if self.earlier:
            self.earlier = tuple(entry for entry in self.earlier if entry.number != number)

    def forget_before(self, at: int) -> None:
        """Forget the words of whatever was said before a moment (milliseconds since 1970)."""
        if self.earlier:
            self.earlier = tuple(entry for entry in self.earlier if entry.at >= at)
        old = takewhile(lambda entry: entry.at < at, self.log.entries)
        for number in [entry.number for entry in old if entry.event.__class__ is Said]:
            self.erase(number)

    def forget_by(self, account: str) -> None:
        """Forget the words of whatever an account (its key) has said."""

        def theirs(entry: Entry) -> bool:
            by = entry.event.by
            return entry.event.__class__ is Said and fold(by.account) == account

        if self.earlier:
            self.earlier = tuple(entry for entry in self.earlier if not theirs(entry))
        for number in [entry.number for entry in self.log.entries if theirs(entry)]:
            self.erase(number)


class Subscription:
    """One session's place in one room's log.

    cursor   how far it has been sent the log
    own      what in the log, from the cursor on, it is not to be sent, since it wrote it:
             (position, lines said)
    encoder  how its dialect wants what lies behind the cursor encoded
    """

    __slots__ = ("cursor", "encoder", "feed", "own", "recipient")

    def __init__(self, feed: Feed, recipient: Recipient) -> None:
        self.feed = feed
        self.recipient = recipient
        self.cursor = feed.log.head
        # A list, since an empty deque takes 0.6 KiB of everybody who was announced once.
        self.own: list[tuple[int, int]] | None = None
        self.encoder: Encoder = recipient.presenter.encoder_in(feed.room)

    def skip_next(self, lines: int = 1) -> None:
        """Leave out the next entry of the log, in which so many lines are said.

        Who writes and never reads must not pile up memory: beyond the log's
        bound the oldest note is folded into the cursor, as a line already seen.
        """
        log = self.feed.log
        if self.own is None:
            self.own = []
        self.own.append((log.end, lines))
        if len(self.own) > log.bound:
            first, lines = self.own.pop(0)
            position, before, requests = self.cursor
            self.cursor = Cursor(position + (first == position), before + lines, requests)

    def forget_own(self, position: int) -> tuple[int, int]:
        """Drop what it wrote before `position`; return how many entries and lines that was."""
        if not self.own:
            return 0, 0
        entries = bisect_left(self.own, (position, 0))
        lines = sum(lines for _, lines in self.own[:entries])
        del self.own[:entries]
        if not self.own:
            self.own = None
        return entries, lines
