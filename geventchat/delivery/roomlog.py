"""The log of a room: appended once, read by every member from its own place."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import NamedTuple

from geventchat.chat.events import Entry, Event
from geventchat.delivery.encoder import Encoder

# Different formats of one room's lines that are kept encoded. Beyond it the
# cache starts afresh: slower, never wrong.
ENCODERS_PER_LOG = 16
# Encoded entries are let go in bulk, like the entries themselves.
_ENCODED_EXCESS = 256
# What an entry takes beside its text: the named tuple, the event, their numbers.
ENTRY_BYTES = 300
# No day begins within a minute, wherever one lives.
_MINUTE_MS = 60_000


class Cursor(NamedTuple):
    """A place in a log, between two entries.

    position  how many entries were ever appended before it
    lines     how many lines were said in those, so that a gap can be told exactly
    requests  and how many requests of programs to programs (CTCP), which people are not shown

    Members that were sent the same share one cursor object; comparing cursors
    by identity is what makes the common case of the fan-out one comparison.
    """

    position: int
    lines: int
    requests: int = 0


def entry_bytes(entry: Entry) -> int:
    """About what an entry takes in memory."""
    event = entry.event
    texts = (getattr(event, name, "") for name in ("tags", "topic", "text", "reason"))
    return ENTRY_BYTES + sum(text.__sizeof__() for text in texts if text)


class RoomLog:
    """The latest entries of a room.

    At least `bound` entries stay readable, unless they take more than `bytes_max`;
    a quarter more are kept before the oldest are let go, because trimming in
    bulk is cheaper than one by one.

    end      how many entries were ever appended
    shared   position of the latest entry that stands in other rooms' logs too, or -1
    turned   position of the latest entry of another minute than the one before it, or -1
    flushed  the head when everyone was last sent what there was
    encoded_bytes  what the encoded entries take
    let_go   called with (position of the first, the entries) before the oldest are let go
    """

    __slots__ = (
        "_at_before",
        "_bytes_before",
        "_encoded",
        "_head",
        "_lines",
        "_lines_before",
        "_minute",
        "_requests",
        "_requests_gone",
        "_shared_tail",
        "_taken",
        "bound",
        "bytes_max",
        "encoded_bytes",
        "end",
        "entries",
        "first",
        "flushed",
        "let_go",
        "shared",
        "turned",
    )

    def __init__(self, bound: int, bytes_max: int) -> None:
        self.bound = bound
        self.bytes_max = bytes_max
        self.entries: list[Entry] = []
        self._lines_before: list[int] = []
        self._bytes_before: list[int] = []
        # Positions of the requests that are still here: there are few.
        self._requests: list[int] = []
        self._requests_gone = 0
        self.first = 0
        self.end = 0
        self._lines = 0
        self._head: Cursor | None = None
        self.flushed = self.head
        self.shared = self.turned = -1
        # When what came before the first entry happened; 0 while nothing did.
        self._at_before = self._minute = 0
        self._encoded: dict[Encoder, _Encoded] = {}
        self._taken = self.encoded_bytes = 0
        self._shared_tail: tuple[int, int, tuple[int, ...]] = (0, 0, ())
        self.let_go: Callable[[int, list[Entry]], None] | None = None

    def append(self, entry: Entry, size: int, lines: int = 1, request: bool = False) -> None:
        """Add an entry that takes about `size` bytes.

        `lines` is how many were said in it; `request` says that a program asked others.
        """
        if len(entry.rooms) > 1:
            self.shared = self.end
        minute = entry.at // _MINUTE_MS
        if minute != self._minute:
            self._minute, self.turned = minute, self.end
        if request:
            self._requests.append(self.end)
        self.entries.append(entry)
        self._lines_before.append(self._lines)
        self._bytes_before.append(self._taken)
        self._lines += lines
        self._taken += size
        self.end += 1
        self._head = None
        if len(self.entries) > self.bound + self.bound // 4:
            self._trim(len(self.entries) - self.bound)
        elif self._taken - self._bytes_before[0] > self.bytes_max:
            self.shrink(self.bytes_max - self.bytes_max // 4)

    @property
    def weight(self) -> int:
        """About what the entries take."""
        return self._taken - self._bytes_before[0] if self._bytes_before else 0

    def shrink(self, size: int) -> None:
        """Let go of the oldest entries until the rest takes `size` bytes at most."""
        self._trim(bisect_left(self._bytes_before, self._taken - size))

    def _trim(self, excess: int) -> None:
        gone = self.entries[:excess]
        if gone:
            self._at_before = gone[-1].at
        if self.let_go is not None:
            self.let_go(self.first, gone)
        del self.entries[:excess]
        del self._lines_before[:excess]
        del self._bytes_before[:excess]
        self.first += excess
        passed = bisect_left(self._requests, self.first)
        del self._requests[:passed]
        self._requests_gone += passed

    def replace(self, number: int, event: Event) -> None:
        """Put another event in the place of the one of that number, if it is still here."""
        place = bisect_left(self.entries, number, key=lambda entry: entry.number)
        if place < len(self.entries) and self.entries[place].number == number:
            self.entries[place] = Entry(number, self.entries[place].at, event)
            self.drop_encoded()

    def begin(self, at: int) -> None:
        """Somebody reads it from then on (milliseconds since 1970), though it is still empty."""
        if not (self.end or self._at_before):
            self._at_before = at

    def number_before(self, position: int) -> int:
        """The number of the entry before a position; 0 when it is not here any more."""
        place = position - 1 - self.first
        return self.entries[place].number if 0 <= place < len(self.entries) else 0

    def at_number(self, number: int) -> int:
        """When the last entry up to this number happened (milliseconds since 1970)."""
        place = bisect_right(self.entries, number, key=lambda entry: entry.number)
        return self.entries[place - 1].at if place else self._at_before

    def heading(self, encoder: Encoder, position: int) -> bytes:
        """What stands before an entry because of the one before it: that a day has begun.

        It is not kept with the entry's own bytes, since it is for those too who are not
        to see the entry (its author, say).
        """
        place = position - self.first
        at = self.entries[place].at
        before = self.entries[place - 1].at if place else self._at_before or at
        if at // _MINUTE_MS == before // _MINUTE_MS:
            return b""
        return encoder.frame(encoder.heading(before, at))

    def put_headings(self, encoder: Encoder, start: int, pieces: list[bytes]) -> None:
        """Put what stands before entries before their pieces; the first is at `start`."""
        if self.turned < start:
            return
        for nth, piece in enumerate(pieces):
            pieces[nth] = self.heading(encoder, start + nth) + piece

    def drop_encoded(self) -> None:
        """Keep nothing encoded; whoever still has to read encodes it again."""
        self._encoded.clear()
        self.encoded_bytes = 0

    @property
    def head(self) -> Cursor:
        """The cursor behind the latest entry: the same object until another is appended.

        Made when it is asked for, which is once a batch and not once a line.
        """
        if self._head is None:
            requests = self._requests_gone + len(self._requests)
            self._head = Cursor(self.end, self._lines, requests)
        return self._head

    @property
    def readable_from(self) -> int:
        """Position of the oldest entry a member may still be sent."""
        return max(self.first, self.end - self.bound)

    def shared_numbers(self, start: int) -> tuple[int, ...]:
        """Numbers of the entries from `start` to the end, if all stand in other logs too.

        Empty if one does not. Asked by every reader in turn, so kept until something is appended.
        """
        if self._shared_tail[:2] != (start, self.end):
            tail = self.between(start, self.end) if start >= self.first else []
            everywhere = all(len(entry.rooms) > 1 for entry in tail)
            numbers = tuple(entry.number for entry in tail) if everywhere else ()
            self._shared_tail = (start, self.end, numbers)
        return self._shared_tail[2]

    def shown(self, encoder: Encoder, start: int) -> tuple[bool, ...]:
        """Of the entries from `start` to the end, which an encoder shows."""
        return tuple(map(bool, self.encoded(encoder, start, self.end)))

    def cursor_at(self, position: int) -> Cursor:
        """The cursor before the entry at `position`, which must still be in the log."""
        if position == self.end:
            return self.head
        requests = self._requests_gone + bisect_left(self._requests, position)
        return Cursor(position, self._lines_before[position - self.first], requests)

    def between(self, start: int, end: int) -> list[Entry]:
        """Entries from position `start` up to (not including) `end`."""
        return self.entries[start - self.first : end - self.first]

    def encoded(self, encoder: Encoder, start: int, end: int) -> list[bytes]:
        """The bytes of each entry from `start` up to `end`: made once per encoder, not per reader.

        But anew each time where an encoder is one reader's. The list is the caller's own.
        """
        if not encoder.shared:
            return [encoder.frame(encoder.encode(entry)) for entry in self.between(start, end)]
        found = self._encoded.get(encoder)
        if found is None:
            if len(self._encoded) >= ENCODERS_PER_LOG:
                self.drop_encoded()
            found = self._encoded[encoder] = _Encoded(encoder, start)
        pieces = found.between(self, start, end)
        if self.encoded_bytes > self.bytes_max:
            self.drop_encoded()
        return pieces


class _Encoded:
    """The entries of one log, each encoded once by one encoder, lazily and in order."""

    __slots__ = ("_encoder", "_pieces", "_start")

    def __init__(self, encoder: Encoder, start: int) -> None:
        self._encoder = encoder
        self._start = start
        self._pieces: list[bytes] = []

    def between(self, log: RoomLog, start: int, end: int) -> list[bytes]:
        pieces = self._pieces
        if start < self._start or start > self._start + len(pieces):
            log.encoded_bytes -= sum(map(len, pieces))
            pieces.clear()
            self._start = start
        have = self._start + len(pieces)
        if have < end:
            encode, frame = self._encoder.encode, self._encoder.frame
            fresh = [frame(encode(entry)) for entry in log.between(have, end)]
            log.encoded_bytes += sum(map(len, fresh))
            pieces += fresh
        excess = log.first - self._start
        if excess > _ENCODED_EXCESS:
            log.encoded_bytes -= sum(map(len, pieces[:excess]))
            del pieces[:excess]
            self._start = log.first
        return pieces[start - self._start : end - self._start]
