"""What a session has yet to be sent, as bytes: spans of room logs and its outbox."""

from __future__ import annotations

from typing import Any

from geventchat.chat.events import Entry
from geventchat.chat.presence import Membership, Session, Span
from geventchat.chat.roomlog import Cursor, RoomLog
from geventchat.dialects.base import Dialect, Encoder

# About what a send buffer takes at once; a slow reader holds this much, the
# rest stays in the shared log.
CHUNK_BYTES = 65536
# Different looks of one room's lines that are kept encoded. Beyond it the
# cache starts afresh: slower, never wrong.
ENCODERS_PER_LOG = 16


class Encoded:
    """The entries of one log, each encoded once for one encoder, lazily and in order."""

    __slots__ = ("_chunks", "_encoder", "_start")

    def __init__(self, encoder: Encoder, start: int) -> None:
        self._encoder = encoder
        self._start = start
        self._chunks: list[bytes] = []

    def between(self, log: RoomLog, start: int, end: int) -> list[bytes]:
        """One piece of bytes per entry from position `start` up to `end`."""
        chunks = self._chunks
        if start < self._start or start > self._start + len(chunks):
            chunks.clear()
            self._start = start
        have = self._start + len(chunks)
        if have < end:
            encode = self._encoder.encode
            chunks += [encode(entry) for entry in log.between(have, end)]
        excess = log.first - self._start
        if excess > 256:
            del chunks[:excess]
            self._start = log.first
        return chunks[start - self._start : end - self._start]


def encoded(log: RoomLog, encoder: Encoder, start: int, end: int) -> list[bytes]:
    """The encoded entries of a stretch of a log; once per encoder, not per reader."""
    cache: dict[Any, Any] = log.encodings
    found = cache.get(encoder)
    if found is None:
        if len(cache) >= ENCODERS_PER_LOG:
            cache.clear()
        found = cache[encoder] = Encoded(encoder, start)
    pieces: list[bytes] = found.between(log, start, end)
    return pieces


def encoder_of(membership: Membership) -> Encoder:
    """The encoder of a member of a room, asked of its dialect when there is none."""
    if membership.encoder is None:
        membership.encoder = membership.session.link.reader.dialect.encoder_in(membership)
    encoder: Encoder = membership.encoder
    return encoder


def forget_own(membership: Membership, position: int) -> int:
    """Drop the positions of own lines before `position`; return how many there were."""
    own, dropped = membership.own, 0
    while own and own[0] < position:
        own.popleft()
        dropped += 1
    return dropped


class Reader:
    """Takes what one session has yet to be sent, in order, a chunk at a time."""

    __slots__ = ("_outbox_max", "dialect", "session")

    def __init__(self, session: Session, dialect: Dialect, outbox_max_items: int) -> None:
        self.session = session
        self.dialect = dialect
        self._outbox_max = outbox_max_items

    @property
    def overfull(self) -> bool:
        """Whether more waits for this session alone than is kept for anyone."""
        return len(self.session.outbox) > self._outbox_max

    def next_chunk(self) -> bytes:
        """The next bytes for this session, about `CHUNK_BYTES`; empty when there are none."""
        pieces: list[bytes] = []
        size = 0
        outbox = self.session.outbox
        done = 0
        while done < len(outbox) and size < CHUNK_BYTES:
            piece, finished = self._item(outbox[done])
            done += finished
            pieces.append(piece)
            size += len(piece)
        del outbox[:done]
        if not outbox:
            self._open_spans(pieces, size)
        return b"".join(pieces)

    def _item(self, item: bytes | Entry | Span) -> tuple[bytes, bool]:
        """The bytes of an item of the outbox, and whether that was all of it."""
        if isinstance(item, bytes):
            return item, True
        if isinstance(item, Entry):
            return self.dialect.direct(item), True
        piece, item.start = self._stretch(item.membership, item.start, item.end)
        return piece, item.start.position == item.end.position

    def _open_spans(self, pieces: list[bytes], size: int) -> None:
        for membership in self.session.memberships.values():
            head = membership.room.log.head
            while membership.cursor.position < head.position and size < CHUNK_BYTES:
                piece, membership.cursor = self._stretch(membership, membership.cursor, head)
                pieces.append(piece)
                size += len(piece)

    def _stretch(self, membership: Membership, start: Cursor, end: Cursor) -> tuple[bytes, Cursor]:
        """Encode from `start` towards `end`; return the bytes and how far they go."""
        log = membership.room.log
        first = log.readable_from
        notice = b""
        if start.position < first:
            resume = log.cursor_at(first) if first < end.position else end
            skipped = resume.shown - start.shown - forget_own(membership, resume.position)
            if skipped > 0:
                notice = self.dialect.gap(membership, skipped)
            if resume is end:
                return notice, end
            start = resume
        encoder = encoder_of(membership)
        pieces = encoded(log, encoder, start.position, end.position)
        stop, size = len(pieces), 0
        for n, piece in enumerate(pieces):
            size += len(piece)
            if size >= CHUNK_BYTES:
                stop = n + 1
                break
        reached = start.position + stop
        if membership.own or self.dialect.filters or log.shared >= start.position:
            pieces = self._chosen(membership, encoder, pieces[:stop], start.position)
            forget_own(membership, reached)
        else:
            pieces = pieces[:stop]
        mark = end if reached == end.position else log.cursor_at(reached)
        return notice + b"".join(pieces), mark

    def _chosen(
        self, membership: Membership, encoder: Encoder, pieces: list[bytes], start: int
    ) -> list[bytes]:
        """Leave out own lines the encoder does not return, and what the session does not want."""
        entries = membership.room.log.between(start, start + len(pieces))
        own = set(membership.own or ())
        return [
            piece
            for position, (piece, entry) in enumerate(zip(pieces, entries, strict=True), start)
            if piece
            and (position not in own or self.dialect.returns(encoder, entry))
            and self.dialect.wants(membership, entry)
        ]
