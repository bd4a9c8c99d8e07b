"""A closed stretch of a room's log that one session has yet to be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from geventchat.chat.events import Entry
from geventchat.chat.rooms import Room
from geventchat.delivery.roomlog import Cursor, RoomLog
from geventchat.delivery.subscription import Subscription, said_lines

# About what a send buffer takes at once; a slow reader holds this much, the
# rest stays in the shared log.
CHUNK_BYTES = 65536

Filter = Callable[[Entry], bool]


class Span:
    """From one place in a log to another.

    It holds cursors, not copies: the lines stay in the log, and what has fallen
    off the log by then is told as skipped. It is encoded as it was to be when
    it was closed, whatever the session asks for meanwhile.
    """

    __slots__ = ("_covers", "_missed", "encoder", "end", "start", "subscription")

    def __init__(self, subscription: Subscription, end: Cursor) -> None:
        """Close the open end of a subscription; its cursor moves on."""
        self.subscription = subscription
        self.encoder = subscription.encoder
        self.start = subscription.cursor
        self.end = subscription.cursor = end
        # Lines lost before the start and not told of yet; -1 when none can have been.
        self._missed = -1
        self._covers: list[Room] | None = None

    @property
    def covers(self) -> Sequence[Room]:
        """Other rooms whose logs say nothing else than this stretch."""
        return self._covers or ()

    def cover(self, subscription: Subscription, end: Cursor) -> None:
        """Stand for the open end of another subscription, which says the same."""
        subscription.cursor = end
        if subscription.own:
            subscription.forget_own(end.position)
        if self._covers is None:
            self._covers = []
        self._covers.append(subscription.feed.room)

    @property
    def log(self) -> RoomLog:
        return self.subscription.feed.log

    @property
    def finished(self) -> bool:
        """Whether all of it was read."""
        return self.start.position >= self.end.position

    @property
    def stands_elsewhere(self) -> bool:
        """Whether some of it may stand in other rooms' logs too."""
        return self.log.shared >= self.start.position

    def pass_over(self, first: int, entries: list[Entry], wanted: Filter) -> None:
        """These entries are lost to it: from position `first` on, while they are still there."""
        start, until = self.start.position, min(first + len(entries), self.end.position)
        if start < until:
            self._miss(*self._counted(entries[start - first : until - first], start, wanted))
            self.start = self.log.cursor_at(until)

    def gap(self, wanted: Filter | None) -> int | None:
        """Go on from the oldest entry that is left; how many lines that skips, None if nothing.

        They are counted as this session would have been sent them: without its
        own, without those it does not want, and without what programs ask each
        other where its format does not show that.
        """
        first = self.log.readable_from
        if self.start.position < first and not self.finished:
            self._skip(self.log.cursor_at(first) if first < self.end.position else self.end, wanted)
        missed, self._missed = self._missed, -1
        return None if missed < 0 else missed

    def give_up(self, wanted: Filter | None) -> int:
        """Read nothing more of it; how many lines that skips."""
        missed = self.gap(wanted) or 0
        self._skip(self.end, wanted)
        return missed + (self.gap(wanted) or 0)

    def _skip(self, resume: Cursor, wanted: Filter | None) -> None:
        """Go on from a later place."""
        log, start = self.log, self.start
        if wanted is not None and start.position >= log.first:
            lost = log.between(start.position, resume.position)
            self._miss(*self._counted(lost, start.position, wanted))
            self.subscription.forget_own(resume.position)
        else:
            requests = resume.requests - start.requests if self.encoder.shows_requests else 0
            own_entries, own_lines = self.subscription.forget_own(resume.position)
            entries = resume.position - start.position - own_entries
            self._miss(entries, resume.lines - start.lines + requests - own_lines)
        self.start = resume

    def _miss(self, entries: int, lines: int) -> None:
        if entries:
            self._missed = max(0, self._missed) + lines

    def _counted(self, lost: list[Entry], start: int, wanted: Filter) -> tuple[int, int]:
        """How many of these it would have been sent, and how many lines are in those."""
        own = {position for position, _ in self.subscription.own or ()}
        entries = total = 0
        for position, entry in enumerate(lost, start):
            if position not in own and wanted(entry):
                entries += 1
                lines, request = said_lines(entry.event)
                total += lines + (request and self.encoder.shows_requests)
        return entries, total

    def read(self, wanted: Filter | None) -> bytes:
        """The next bytes, about a chunk."""
        log, subscription, start = self.log, self.subscription, self.start.position
        pieces = log.encoded(self.encoder, start, self.end.position)
        reached = start + _fitting(pieces)
        del pieces[reached - start :]
        if subscription.own or wanted is not None:
            own = {position for position, _ in subscription.own or ()}
            entries = log.between(start, reached)
            chosen = (
                position not in own and (wanted is None or wanted(entry))
                for position, entry in enumerate(entries, start)
            )
            pieces = [piece if one else b"" for piece, one in zip(pieces, chosen, strict=True)]
        log.put_headings(self.encoder, start, pieces)
        self.read_to(reached)
        return b"".join(pieces)

    def one_by_one(
        self, nth: int, wanted: Filter | None
    ) -> Iterator[tuple[int, int, int, bytes, bytes]]:
        """What is left of it, lazily: number of each entry, `nth`, its position, heading, bytes."""
        log = self.log
        own = {position for position, _ in self.subscription.own or ()}
        start, end = self.start.position, self.end.position
        for position, entry in enumerate(log.between(start, end), start):
            shown = position not in own and (wanted is None or wanted(entry))
            (piece,) = log.encoded(self.encoder, position, position + 1)
            heading = log.heading(self.encoder, position)
            yield entry.number, nth, position, heading, piece if shown else b""

    def read_to(self, position: int) -> None:
        """All before this position was read."""
        self.subscription.forget_own(position)
        done = position >= self.end.position
        self.start = self.end if done else self.log.cursor_at(position)


def _fitting(pieces: list[bytes]) -> int:
    """How many pieces make a chunk."""
    size = 0
    for nth, piece in enumerate(pieces, 1):
        size += len(piece)
        if size >= CHUNK_BYTES:
            return nth
    return len(pieces)
