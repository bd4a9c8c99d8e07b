"""Which drafts may be committed together: those of which none can make a later one impossible.

A draft is checked when it is proposed and once more just before it is
committed. What is committed in one transaction is applied only after it, so a
draft must not depend on another of the same transaction; else it would stand in
the journal and be refused, and a crash at that moment would leave it there.

Each event takes something from those behind it (a nick, a session, a
membership), and its check wants such things. A kind that nothing is known of
takes everything, so that it ends its batch.

MUST: be asked with drafts that all may happen now, in the state as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from geventchat.chat import events, events_accounts
from geventchat.chat.events import Event
from geventchat.chat.events_accounts import Attached
from geventchat.chat.modes import INVITED_MAX
from geventchat.chat.names import fold
from geventchat.chat.state import ChatState

# A session's number; a nick's or a room's key; or one of those below.
Thing = int | str | tuple[str, str] | tuple[int, str]


def _exists(room: str) -> Thing:
    """That somebody is in the room, which matters to who acts in it from outside."""
    return ("exists", room)


def _place(room: str) -> Thing:
    """A place in the room, or an invitation to it."""
    return ("place", room)


def _appearing(session: int) -> Thing:
    """That the others have yet to be told of a session, which is done once."""
    return (session, "appearing")


def _of_left(state: ChatState, event: events.Left) -> Iterable[Thing]:
    session = state.sessions.get(event.by.session)
    if session is None:  # It may have been put out twice.
        return [event.by.session]
    # It may be the last of several connections once those before it have gone.
    connections = session.devices or () if event.whole else ()
    return [event.by.session, session.number, *connections, *map(_exists, session.rooms)]


def _of_attached(state: ChatState, event: Attached) -> Iterable[Thing]:
    own = state.sessions.get(event.by.session)
    return [event.by.session, *map(_exists, () if own is None else own.rooms)]


def _of_joined(state: ChatState, event: events.Joined) -> Iterable[Thing]:
    key = fold(event.room)
    room = state.rooms.get(key)
    mine: list[Thing] = [(state.number_of(event.by.session), key)]
    return [*mine, _place(key)] if room is not None and room.modes.limit else mine


def _of_invited(state: ChatState, event: events.Invited) -> Iterable[Thing]:
    key = fold(event.room)
    room = state.rooms.get(key)
    # One invitation too many makes the oldest lapse.
    return [_place(key)] if room and len(room.modes.invited) + 1 >= INVITED_MAX else []


_TAKES: dict[type[Event], Callable[[ChatState, Any], Iterable[Thing]]] = {
    events.Arrived: lambda state, event: [fold(event.by.nick)],
    events.Renamed: lambda state, event: [fold(event.nick)],
    events.Left: _of_left,
    Attached: _of_attached,
    events.UserModesSet: lambda state, event: [state.number_of(event.by.session)],
    events.Joined: _of_joined,
    events.Appeared: lambda state, event: [_appearing(state.number_of(event.by.session))],
    events.Parted: lambda state, event: [
        (state.number_of(event.by.session), fold(event.room)),
        _exists(fold(event.room)),
    ],
    events.Kicked: lambda state, event: [(event.to, fold(event.room)), _exists(fold(event.room))],
    events.Invited: _of_invited,
    events.ModesSet: lambda state, event: [fold(event.room)],
}
# What is said or shown, and no more. A batch of these alone, as nearly all are, is not looked at.
TAKE_NOTHING: frozenset[type[Event]] = frozenset(
    {
        events.WentAway,
        events.RealNameSet,
        events.TopicSet,
        events.Pinned,
        events.Said,
        events.Told,
        events.SaidToStatus,
        events.Tagged,
        events.TaggedTo,
        events.Redacted,
        events.RedactedTo,
        events.Announced,
        events_accounts.PasswordSet,
        events_accounts.MetadataSet,
    }
)


def _wanted(state: ChatState, event: Event) -> Iterator[Thing]:
    """What the check of an event asks for."""
    yield event.by.session
    by = state.number_of(event.by.session)
    yield by
    if isinstance(event, events.Arrived):
        yield fold(event.by.nick)
    elif isinstance(event, events.Renamed):
        yield fold(event.nick)
    if isinstance(event, events.Renamed | events.RealNameSet) and by in state.sessions:
        yield from state.sessions[by].rooms  # Where one may not speak, nothing of one changes.
    to = getattr(event, "to", 0)
    if to:
        yield to
    account = getattr(event, "account", "") or event.by.account
    if account:
        yield fold(account)
    room = getattr(event, "room", "")
    if not room:
        return
    key = fold(room)
    yield key
    if isinstance(event, events.Joined):
        yield _place(key)
    elif isinstance(event, events.Appeared):
        yield _appearing(by)
    found = state.rooms.get(key)
    if found is None or by not in found.members:
        yield _exists(key)
    sessions = [by, to]
    if isinstance(event, events.ModesSet):
        sessions += [change.session for change in event.changes]
    for session in sessions:
        yield session
        yield (session, key)


# Comings and goings in one commit. Each is a welcome, or news in many rooms, and all of
# a commit is sent in one go: a crowd of 2,000 at once would hold the loop for 200 ms.
CHANGES_MAX = 50


def together(state: ChatState, drafts: Sequence[Event]) -> int:
    """How many of the drafts, from the first on, can be committed in one transaction."""
    taken: set[Thing] = set()
    left = CHANGES_MAX
    for count, event in enumerate(drafts):
        if (taken and not taken.isdisjoint(_wanted(state, event))) or not left:
            return count
        if event.__class__ not in TAKE_NOTHING:
            left -= 1
            takes = _TAKES.get(event.__class__)
            if takes is None:
                return count + 1
            taken.update(takes(state, event))
    return len(drafts)
