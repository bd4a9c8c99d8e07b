"""The one flusher: after each batch, send everyone what is new to them.

MUST: go on whatever happens to one client; it is called by the journal's writer.
MUST: never wait. What the kernel does not take at once becomes that
connection's tail, and the others go on.
MUST: encode an event once per encoder, however many members there are.
MUST: send a room's lines to its members in log order, without a gap untold.
"""

from __future__ import annotations

import logging

from geventchat.delivery.audience import Audience
from geventchat.delivery.encoder import Encoder
from geventchat.delivery.subscription import Feed, Sink, Subscription
from geventchat.errors import CloseReason

log = logging.getLogger(__name__)


class Flusher:
    """Delivers what the audience has touched."""

    def __init__(self, audience: Audience) -> None:
        self._audience = audience

    def flush(self) -> None:
        """Send what there is to everyone it concerns."""
        feeds = self._audience.touched_feeds
        if feeds:
            touched = list(feeds)
            feeds.clear()
            others: dict[Sink, None] = {}
            for feed in touched:
                _flush_feed(feed, others)
            # Once each, however many rooms they share: a rename in a hundred rooms of a
            # hundred members would cost a million looks otherwise.
            for sink in others:
                _deliver(sink)
            self._audience.weigh(touched)
        outboxes = self._audience.touched_outboxes
        if outboxes:
            waiting = list(outboxes)
            outboxes.clear()
            for outbox in waiting:
                if outbox.sink is not None:
                    _deliver(outbox.sink)


def _deliver(sink: Sink) -> None:
    """Send what waits for one client. Our bug in wording it is that client's trouble alone."""
    try:
        sink.deliver()
    except Exception:
        log.exception("cannot deliver")
        sink.abort(CloseReason.CRASH)


def _flush_feed(feed: Feed, others: dict[Sink, None]) -> None:
    """Send the new lines of one room.

    Nearly every member has been sent the same as every other, wants all of it,
    and has nothing else waiting: for those a turn of this loop is a few
    comparisons and one system call. The rest go the long way round, once all
    rooms are through: they collect in `others`.
    """
    log = feed.log
    start, head = log.flushed, log.head
    log.flushed = head
    if start is head:
        return
    buffers: dict[Encoder, bytes] = {}
    common = log.shared < start.position and start.position >= log.readable_from
    for subscription in feed.subscriptions.values():
        recipient = subscription.recipient
        sink = recipient.sink
        if sink is None:
            continue
        if not (common and subscription.cursor is start and recipient.caught_up):
            # From here on it goes the long way in every room, so that nothing overtakes.
            recipient.caught_up = False
            others[sink] = None
            continue
        data = buffers.get(subscription.encoder)
        if data is None or subscription.own:
            data = _turn(subscription, buffers)
        subscription.cursor = head
        if data:
            # Here and not in a method of the sink's: a call is a tenth of what the send costs.
            try:
                sent = sink.send(data)
            except OSError as error:
                sink.failed(error, data)
            else:
                if sent != len(data):
                    sink.keep(data, sent)


def _turn(subscription: Subscription, buffers: dict[Encoder, bytes]) -> bytes:
    """What is new to a member since its cursor: the same bytes for all who share its encoder.

    For an author it is the same without the lines it is not to see.
    """
    log = subscription.feed.log
    start = subscription.cursor.position
    encoder = subscription.encoder
    pieces = log.encoded(encoder, start, log.end)
    own = subscription.own
    if own:
        for position, _ in own:
            pieces[position - start] = b""
        subscription.own = None
        log.put_headings(encoder, start, pieces)
        return b"".join(pieces)
    log.put_headings(encoder, start, pieces)
    data = buffers[encoder] = b"".join(pieces)
    return data
