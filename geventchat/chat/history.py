"""What somebody wants to read of the past."""

from __future__ import annotations

from typing import NamedTuple

from geventchat.chat import events
from geventchat.chat.apply import KINDS
from geventchat.chat.events import Event, Identity
from geventchat.chat.names import fold

# What a room's history consists of: its lines, and beside them what clients may replay.
LINES: tuple[type[Event], ...] = (events.Said,)
REPLAYED = (*LINES, *(event for event, kind in KINDS.items() if kind.replay))
# The same of a private talk.
PRIVATE_LINES: tuple[type[Event], ...] = (events.Told,)
PRIVATE_REPLAYED = (*PRIVATE_LINES, events.TaggedTo)
# What is only said: without it, the state is the same.
WORDS = tuple(event for event, kind in KINDS.items() if not kind.changes)

# What is between two people.
Private = events.Told | events.TaggedTo | events.RedactedTo


def end_of(identity: Identity) -> str:
    """Whose private talk it is: an account's, over all runs, or one session's.

    No account's name begins with `~`.
    """
    return fold(identity.account) if identity.account else guest_end(identity.session)


def guest_end(session: int) -> str:
    """Whose private talk it is that a session has without an account."""
    return f"~{session}"


def ends_of(event: Private) -> dict[str, str]:
    """The owners of a private talk (one, if somebody talks to themself), and for each the key
    of the nick that it talks with."""
    to = fold(event.account) if event.account else guest_end(event.to)
    return {to: fold(event.by.nick), end_of(event.by): fold(event.nick)}


class HistoryRange(NamedTuple):
    """A part of history, its ends excluded: by event number and by milliseconds since 1970."""

    after: int = 0
    before: int = 1 << 62
    after_at: int = -1
    before_at: int = 1 << 62


class HistoryQuery(NamedTuple):
    """Up to `limit` events of some kinds, of a room or a private talk.

    They are the latest of the range, or its first; both oldest first. `room` is
    a room's key; without one, `peer` is the key of the nick that was talked with.
    """

    within: HistoryRange
    limit: int
    latest: bool
    room: str = ""
    peer: str = ""
    kinds: tuple[type[Event], ...] = LINES
