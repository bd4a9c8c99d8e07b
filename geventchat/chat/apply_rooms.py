"""What `apply` makes of events in rooms: who is in them, what is said, what holds there.

See `occurrences`; these are the other half of the state's hands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geventchat.chat.events import (
    Entry,
    Invited,
    Joined,
    Kicked,
    ModesSet,
    Parted,
    Redacted,
    Said,
    SaidToStatus,
    Tagged,
    TopicSet,
)
from geventchat.chat.modes import INVITED_MAX, STATUS_OF, STATUSES, with_status
from geventchat.chat.names import fold
from geventchat.chat.presence import Membership, Room
from geventchat.chat.text import clean_for_storage

if TYPE_CHECKING:  # The state has a table of these functions.
    from geventchat.chat.state import ChatState


def joined(state: ChatState, entry: Entry, event: Joined) -> None:
    session = state.sessions[event.by.session]
    room = state.ensure_room(event.room)
    if room.earlier is None:
        room.earlier = state.warmed.pop(room.key, ())
    status = ""
    if not room.members:
        room.created_at = entry.at
        # Who opens a room rules it; the lobby belongs to everybody.
        status = "" if room.key == fold(state.config.lobby) else "o"
    room.modes.invited.pop(event.by.session, None)
    members = len(room.members) + 1
    entry = entry._replace(members=members)
    few = members <= state.config.join_lines_max_members
    state.append(room, entry, shown=few)
    # The new member's cursor starts behind its own arrival, of which it
    # hears as a reply, in its place among everything else it is sent.
    membership = Membership(session, room, entry.number, status)
    room.members[event.by.session] = membership
    session.memberships[room.key] = membership
    state.hand(session, entry)


def parted(state: ChatState, entry: Entry, event: Parted) -> None:
    session = state.sessions[event.by.session]
    membership = session.memberships[fold(event.room)]
    entry = _out(state, membership, entry)
    state.hand_back(session, entry)


def kicked(state: ChatState, entry: Entry, event: Kicked) -> None:
    membership = state.sessions[event.to].memberships[fold(event.room)]
    author = state.sessions[event.by.session]
    own = author.memberships.get(fold(event.room))
    if own is not None and own is not membership and author.captured is not None:
        author.captured.append(entry)
        own.note_own()
    state.hand(membership.session, _out(state, membership, entry))


def _out(state: ChatState, membership: Membership, entry: Entry) -> Entry:
    """Take a member out of its room; return the entry as it was logged there."""
    session, room = membership.session, membership.room
    del session.memberships[room.key]
    session.close_span(membership)
    state.vacate(room, session.identity.session)
    members = len(room.members)
    entry = entry._replace(members=members)
    state.append(room, entry, shown=members <= state.config.join_lines_max_members)
    return entry


def invited(state: ChatState, entry: Entry, event: Invited) -> None:
    room = state.rooms[fold(event.room)]
    invited = room.modes.invited
    invited[event.to] = None
    if len(invited) > INVITED_MAX:
        del invited[next(iter(invited))]
    membership = state.sessions[event.by.session].memberships.get(room.key)
    if membership is not None:
        membership.note_own()
    state.append(room, entry, shown=False)
    state.hand(state.sessions[event.to], entry)


def modes_set(state: ChatState, entry: Entry, event: ModesSet) -> None:
    room = state.rooms[fold(event.room)]
    for change in event.changes:
        letter = change.mode[1]
        if letter in STATUSES:
            member = room.members[change.session]
            member.status = with_status(member.status, letter, change.mode[0] == "+")
        else:
            room.modes.change(change, event.by.nick, entry.at)
    _log_own(state, room, entry)


def topic_set(state: ChatState, entry: Entry, event: TopicSet) -> None:
    room = state.ensure_room(event.room)
    room.topic, room.topic_by, room.topic_at = (
        clean_for_storage(event.topic),
        event.by.nick,
        entry.at,
    )
    _log_own(state, room, entry)


def _log_own(state: ChatState, room: Room, entry: Entry) -> None:
    """Log what its author sees like everybody else, unless it waits for it as an answer."""
    author = state.sessions.get(entry.event.by.session)
    if author is not None:
        membership = author.memberships.get(room.key)
        if author.captured is not None:
            author.captured.append(entry)
            if membership is not None:
                membership.note_own()
        elif membership is None:
            state.hand(author, entry)
    state.append(room, entry)


def said(state: ChatState, entry: Entry, event: Said) -> None:
    session = state.sessions[event.by.session]
    session.last_line_at = entry.at
    _say(state, entry, event)


def tagged(state: ChatState, entry: Entry, event: Tagged) -> None:
    _say(state, entry, event, shown=False)


def _say(state: ChatState, entry: Entry, event: Said | Tagged, shown: bool = True) -> None:
    session = state.sessions[event.by.session]
    key = fold(event.room)
    membership = session.memberships.get(key)
    if membership is None:  # A room without `n`, spoken into from outside.
        if session.echoes:
            state.hand_back(session, entry)
        state.append(state.rooms[key], entry, shown)
        return
    if session.captured is not None and session.echoes:
        session.captured.append(entry)
    membership.note_own()
    state.append(membership.room, entry, shown)


def said_to_status(state: ChatState, entry: Entry, event: SaidToStatus) -> None:
    author = state.sessions[event.by.session]
    author.last_line_at = entry.at
    if author.echoes:
        state.hand_back(author, entry)
    least = STATUSES.index(STATUS_OF[event.status])
    for membership in state.rooms[fold(event.room)].members.values():
        ranks = map(STATUSES.index, membership.status)
        if membership.session is not author and min(ranks, default=9) <= least:
            state.hand(membership.session, entry)


def redacted(state: ChatState, entry: Entry, event: Redacted) -> None:
    room = state.rooms.get(fold(event.room))
    if room is not None:
        room.erase(event.number)
        _log_own(state, room, entry)
