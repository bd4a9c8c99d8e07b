"""What `apply` makes of events that concern sessions: coming, going, names, private words.

Each function is given the `ChatState`, the entry and its event, after the
rights were checked. They are the state's hands: deterministic, no clock.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geventchat.chat.events import (
    Announced,
    Arrived,
    Entry,
    Left,
    RealNameSet,
    RedactedTo,
    Renamed,
    Restarted,
    TaggedTo,
    Told,
    UserModesSet,
    WentAway,
)
from geventchat.chat.modes import DEFAULT_FLAGS, RoomModes
from geventchat.chat.names import fold
from geventchat.chat.presence import Session

if TYPE_CHECKING:  # The state has a table of these functions.
    from geventchat.chat.state import ChatState


def restarted(state: ChatState, entry: Entry, event: Restarted) -> None:
    state.sessions.clear()
    state.nicks.clear()
    state.started_at = entry.at
    for room in state.rooms.values():
        room.members.clear()
        room.modes = RoomModes(DEFAULT_FLAGS)


def arrived(state: ChatState, entry: Entry, event: Arrived) -> None:
    number = event.by.session
    who = replace(event.by, realname=event.realname)
    session = state.expected.pop(number, None) or Session(who, event.via)
    session.identity = who
    session.arrived = entry.number
    session.arrived_at = session.last_line_at = entry.at
    state.sessions[number] = session
    state.sessions_max = max(state.sessions_max, len(state.sessions))
    key = fold(event.by.nick)
    state.nicks[key] = session
    state.tell_watchers(entry, key)


def left(state: ChatState, entry: Entry, event: Left) -> None:
    session = state.sessions.pop(event.by.session)
    key = fold(session.nick)
    del state.nicks[key]
    state.watch(session, frozenset())
    memberships = list(session.memberships.values())
    for membership in memberships:
        state.vacate(membership.room, event.by.session)
    session.memberships.clear()
    state.whowas.append((session.identity, entry.at))
    state.tell_rooms(entry, memberships)
    state.tell_watchers(entry, key)


def renamed(state: ChatState, entry: Entry, event: Renamed) -> None:
    session = state.sessions[event.by.session]
    old, new = fold(session.nick), fold(event.nick)
    del state.nicks[old]
    if old != new:
        state.whowas.append((session.identity, entry.at))
    session.identity = replace(session.identity, nick=event.nick)
    state.nicks[new] = session
    _tell_about(state, entry, session)
    if not session.memberships and session.captured is None:
        state.hand(session, entry)
    if old != new:
        state.tell_watchers(entry, old)
        state.tell_watchers(entry, new)


def went_away(state: ChatState, entry: Entry, event: WentAway) -> None:
    session = state.sessions[event.by.session]
    session.away = event.reason
    state.tell_rooms(entry, list(session.memberships.values()), own=True)
    state.tell_watchers(entry, fold(session.nick), but=tuple(session.memberships))


def real_name_set(state: ChatState, entry: Entry, event: RealNameSet) -> None:
    session = state.sessions[event.by.session]
    session.identity = replace(session.identity, realname=event.realname)
    _tell_about(state, entry, session)
    if not session.memberships and session.captured is None:
        state.hand(session, entry)
    state.tell_watchers(entry, fold(session.nick), but=tuple(session.memberships))


def _tell_about(state: ChatState, entry: Entry, session: Session) -> None:
    """Log what its author must hear of once: in the answer it waits for, or in a room."""
    if session.captured is not None:
        session.captured.append(entry)
    own = session.captured is not None
    state.tell_rooms(entry, list(session.memberships.values()), own=own)


def user_modes_set(state: ChatState, entry: Entry, event: UserModesSet) -> None:
    session = state.sessions[event.by.session]
    on, modes = True, set(session.modes)
    for letter in event.changes:
        if letter in "+-":
            on = letter == "+"
        elif on:
            modes.add(letter)
        else:
            modes.discard(letter)
    session.modes = "".join(sorted(modes))
    session.identity = replace(session.identity, bot="B" in modes)
    state.hand_back(session, entry)


def told(state: ChatState, entry: Entry, event: Told | TaggedTo | RedactedTo) -> None:
    author, target = state.sessions[event.by.session], state.sessions[event.to]
    if isinstance(event, Told):
        author.last_line_at = entry.at
        target.reply_to = event.by.nick
    if author.echoes and author is not target:
        state.hand_back(author, entry)
    elif author.echoes and author.captured is not None:
        author.captured.append(entry)
    state.hand(target, entry)


def announced(state: ChatState, entry: Entry, event: Announced) -> None:
    for session in state.sessions.values():
        if "w" in session.modes:
            state.hand(session, entry)
