"""Drafts that wait for a commit, and which of them make up the next one.

A draft was checked when it was proposed. If the state has changed since, it is
checked again before it is taken; and no two are taken together of which the
first could make the second impossible. So what is taken can be applied.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from geventchat.chat.conflicts import TAKE_NOTHING
from geventchat.chat.events import Entry, Event
from geventchat.chat.history import WORDS
from geventchat.errors import Refused

# The number of the session that proposed the event (0 for none), and the event.
Draft = tuple[int, Event]
NOBODY = 0
_WORDS = frozenset(WORDS)


class Rules(NamedTuple):
    """What the chat's state says of events.

    check     raises `Refused` unless the event may happen now
    together  how many drafts, from the first on, can be committed together
    apply     changes the state by an entry, or raises `Refused`
    """

    check: Callable[[Event], object]
    together: Callable[[Sequence[Event]], int]
    apply: Callable[[Entry], None]


class Batch(NamedTuple):
    """Drafts for one commit, their kinds, and those that have become impossible."""

    drafts: list[Draft]
    kinds: set[type[Event]]
    refused: list[tuple[Draft, Refused]]


class Drafts:
    """The drafts that are `pending`, in the order of their proposal.

    `changes` counts those taken that change the state.
    """

    def __init__(self, rules: Rules, batch_max: int) -> None:
        self.pending: list[Draft] = []
        self.changes = 0
        self._rules = rules
        self._batch_max = batch_max
        # So many, from the first on, were proposed before the state last changed.
        self._outdated = 0

    def outdate(self) -> None:
        """The state has changed: what is pending may have become impossible."""
        self._outdated = len(self.pending)

    def take(self) -> Batch:
        """Take the next drafts that can be committed together."""
        pending = self.pending
        drafts = pending[: self._batch_max]
        del pending[: self._batch_max]
        refused: list[tuple[Draft, Refused]] = []
        if self._outdated:
            drafts, refused = self._checked(drafts)
        # Nearly all drafts are words alone, and each is asked: by its class alone.
        kinds = {event.__class__ for _, event in drafts}
        if not kinds <= TAKE_NOTHING:
            count = self._rules.together([event for _, event in drafts])
            rest = drafts[count:]
            if rest:
                del drafts[count:]
                pending[:0] = rest
                self._outdated += len(rest)
                kinds = {event.__class__ for _, event in drafts}
        if not kinds <= _WORDS:
            self.changes += sum(event.__class__ not in _WORDS for _, event in drafts)
        return Batch(drafts, kinds, refused)

    def _checked(self, drafts: list[Draft]) -> tuple[list[Draft], list[tuple[Draft, Refused]]]:
        """Those of the drafts that may still happen, and those that may not, and why."""
        outdated, fresh = drafts[: self._outdated], drafts[self._outdated :]
        self._outdated -= len(outdated)
        possible: list[Draft] = []
        refused: list[tuple[Draft, Refused]] = []
        for draft in outdated:
            try:
                self._rules.check(draft[1])
            except Refused as refusal:
                refused.append((draft, refusal))
            else:
                possible.append(draft)
        return possible + fresh, refused
