"""What somebody missed while a device of theirs was away, for every dialect alike.

A dialect asks `Resume` before its connection becomes an account's device, so that
nothing that happens meanwhile is lost or counted twice; then it logs in, enters the
rooms, and asks what there is.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import merge
from operator import attrgetter
from typing import Any

from geventchat.chat import visibility
from geventchat.chat.events import Entry, Said
from geventchat.chat.history import LINES, HistoryQuery, HistoryRange, end_of
from geventchat.chat.names import fold
from geventchat.chat.sessions import Session
from geventchat.chat.state import ChatState
from geventchat.delivery.progress import PRIVATE, Progress
from geventchat.dialects.absence import (
    CountMissed,
    Dismiss,
    Leave,
    Missed,
    Reading,
    ReadMissed,
    Request,
    Resume,
    SetMarker,
    Shown,
)
from geventchat.dialects.ports import Services

# More lines of one room than this are counted as so many "and more".
COUNTED_MAX = 1000


NOTHING = Missed()


def perform(services: Services, me: Session | None, number: int, request: Request) -> Any:
    """Carry out such a request for the connection of that number. Waits."""
    outbox, marks = services.audience.outboxes[number], services.marks
    if isinstance(request, Resume):
        account = services.proposals.state.accounts.get(request.account)
        since = 0 if account is None else account.created_at
        absence = marks.resume(outbox, request.account, request.device, since)
        progress = services.audience.followed[number]
        if me is not None:
            for subscription in outbox.subscriptions.values():
                progress.here(subscription.feed, number, me.arrived)
        return absence
    if isinstance(request, Leave):
        if request.became:
            marks.end(outbox, goodbye=True)
        services.audience.followed.pop(number, None)
        return None
    followed = services.audience.followed.get(number)
    if isinstance(request, Shown):
        if followed is not None:
            for target, (until, whole) in request.reading.until.items():
                followed.shown(target, until, whole)
        return None
    if isinstance(request, Dismiss):
        if followed is not None:
            targets = list(followed.held) if request.target is None else [request.target]
            for target in targets:
                followed.shown(target, services.history.end - 1, whole=True)
        return None
    assert me is not None
    if isinstance(request, SetMarker):
        last = services.history.number_at(request.at)
        return marks.set_read(fold(me.identity.account), request.target, last, request.at)
    if followed is None:
        return NOTHING if isinstance(request, CountMissed) else Reading([], False, {})
    if isinstance(request, CountMissed):
        return _count(services, me, followed)
    return _read(services, me, followed, request)


def _stretches(
    state: ChatState, me: Session, followed: Progress, target: str | None
) -> list[tuple[str, int, int]]:
    """What was missed of the rooms somebody is in: keys, and the events before and behind it."""
    found = []
    for key, (after, before) in followed.held.items():
        if key != PRIVATE and key in me.rooms and target in (None, key):
            after = max(after, visibility.reads_from(state, me, key) - 1)
            found.append((key, after, before))
    return found


def _count(services: Services, me: Session, followed: Progress) -> Missed:
    history, rooms = services.history, []
    for key, after, before in _stretches(services.proposals.state, me, followed, None):
        count = history.count(key, after, before, COUNTED_MAX)
        if count:
            rooms.append((key, count))
        else:
            followed.shown(key, before, whole=True)
    private, until = _private(services, me, followed, COUNTED_MAX)
    if not private:
        followed.shown(PRIVATE, until, whole=True)
    return Missed(tuple(rooms), len(private))


def _read(services: Services, me: Session, followed: Progress, request: ReadMissed) -> Reading:
    """The oldest lines of all that was missed, as many as are wanted.

    Of each target the first so many are read; what lies behind the last line that all
    of them together reach is left for the next time.
    """
    limit, until = request.limit, dict[str, tuple[int, bool]]()
    found: list[list[Entry]] = []
    horizon = 1 << 62
    for key, after, before in _stretches(services.proposals.state, me, followed, request.target):
        within = HistoryRange(after=after, before=before)
        query = HistoryQuery(within, limit + 1, False, key, kinds=LINES)
        entries = services.history.history(query, end_of(me.identity), 0)
        found.append(entries)
        until[key] = (before - 1, True)
        if len(entries) > limit:
            horizon = min(horizon, entries[limit].number)
    if request.target in (None, PRIVATE) and PRIVATE in followed.held:
        entries, last = _private(services, me, followed, limit + 1)
        found.append(entries)
        until[PRIVATE] = (last, True)
        if len(entries) > limit:
            horizon = min(horizon, entries[limit].number)
    merged = list(merge(*found, key=attrgetter("number")))
    if len(merged) > limit:
        horizon = min(horizon, merged[limit].number)
    taken = [entry for entry in merged if entry.number < horizon][:limit]
    if len(taken) < len(merged):
        last = taken[-1].number if taken else 0
        until = {target: (min(end, last), end <= last) for target, (end, _) in until.items()}
    return Reading(taken, len(taken) < len(merged), until)


def _private(
    services: Services, me: Session, followed: Progress, limit: int
) -> tuple[list[Entry], int]:
    """Private lines to somebody that they missed, and up to which event all were looked at."""
    if PRIVATE not in followed.held:
        return [], 0
    after = max(followed.held[PRIVATE][0], visibility.talks_since(services.proposals.state, me))
    history, end, missed = services.history, services.history.end, list[Entry]()
    mine = fold(me.identity.account)
    while True:
        entries = history.told(end_of(me.identity), after, end, limit)
        missed += (
            entry
            for entry in entries
            if entry.number not in followed.live and fold(entry.event.by.account) != mine
        )
        # One's own, and those that came by themselves, are not counted but read all the same.
        if len(entries) < limit or len(missed) >= limit:
            return missed[:limit], end - 1
        after = entries[-1].number


def rooms_of(entries: Iterable[Entry]) -> set[str]:
    """The rooms in which lines were said."""
    return {entry.event.room for entry in entries if isinstance(entry.event, Said)}
