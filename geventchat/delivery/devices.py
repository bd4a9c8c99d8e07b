"""A session's connections ("devices"), each with an outbox of its own.

What is sent, shown and left out on one is nothing to the others: none of them waits for
another. That each is told of all that concerns the session is the audience's care.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geventchat.chat.events import Entry
from geventchat.chat.sessions import Session
from geventchat.delivery.outbox import Outbox
from geventchat.delivery.subscription import Subscription


def outboxes_of(outboxes: Mapping[int, Outbox], session: Session) -> list[Outbox]:
    """Those of all connections of a session, out of all there are by their numbers."""
    if session.devices is None:
        outbox = outboxes.get(session.number)
        return [] if outbox is None else [outbox]
    return [outboxes[number] for number in session.devices if number in outboxes]


def other_outboxes(outboxes: Mapping[int, Outbox], session: Session, entry: Entry) -> list[Outbox]:
    """As `outboxes_of`, but for the connection that did it."""
    if session.devices is None:
        return []
    by = entry.event.by.session
    return [outbox for outbox in outboxes_of(outboxes, session) if outbox.number != by]


def subscribed(outbox: Outbox, keys: Sequence[str]) -> list[Subscription]:
    """Its places in the logs of those of these rooms that it is sent."""
    found = (outbox.subscriptions.get(key) for key in keys)
    return [subscription for subscription in found if subscription is not None]
