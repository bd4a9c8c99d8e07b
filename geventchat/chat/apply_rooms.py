"""What `apply` makes of events in rooms: who is in them, what is said, what holds there.

The other half of `apply_sessions`, under the same rules.
"""

from __future__ import annotations

from dataclasses import replace

from geventchat.chat import bans, events, keys, masks, rights
from geventchat.chat.apply_sessions import addressed
from geventchat.chat.events import Entry
from geventchat.chat.modes import INVITED_MAX, STATUS_OF, STATUSES, with_status
from geventchat.chat.names import fold
from geventchat.chat.outlet import Outlet
from geventchat.chat.rooms import Membership, Room
from geventchat.chat.sessions import Session
from geventchat.chat.state import ChatState
from geventchat.chat.text import clean_for_storage


def joined(state: ChatState, entry: Entry, event: events.Joined, outlet: Outlet) -> None:
    session = state.sessions[event.by.session]
    # It was empty when somebody asked for its place, but may not be any more.
    state.forget(event.forgets)
    room = state.ensure_room(event.room, entry.number)
    status = ""
    if not room.members and not room.owner:
        room.begin(entry.number, entry.at)
        # The founder becomes its operator; the lobby belongs to everybody.
        status = "" if room.key == state.lobby else "o"
        account = state.account_of(session)
        if status and event.claims and account is not None:
            state.own(room, account)
    rank = room.rank_of(session.identity)
    status = "o" if rank == "owner" else rank or status
    room.used_at = entry.at
    room.modes.invited.pop(session.number, None)
    if event.quiet:
        session.appeared = False
    state.enter(room, Membership(session, status, room.reads_from))
    outlet.joined(room, session, entry._replace(members=room.size))


def appeared(state: ChatState, entry: Entry, event: events.Appeared, outlet: Outlet) -> None:
    session = state.sessions[event.by.session]
    session.appeared = True
    for room in state.rooms_of(session):
        room.unseen -= 1
        here = replace(event, by=session.identity, room=room.name)
        outlet.to_room(room, entry._replace(event=here, members=room.size))


def parted(state: ChatState, entry: Entry, event: events.Parted, outlet: Outlet) -> None:
    room, session = state.rooms[fold(event.room)], state.sessions[event.by.session]
    _take_out(state, room, session, entry, outlet)


def kicked(state: ChatState, entry: Entry, event: events.Kicked, outlet: Outlet) -> None:
    target = state.sessions[event.to]
    entry = addressed(entry, event, target)
    _take_out(state, state.rooms[fold(event.room)], target, entry, outlet)


def _take_out(state: ChatState, room: Room, session: Session, entry: Entry, outlet: Outlet) -> None:
    del session.rooms[room.key]
    state.vacate(room, session.number, entry.number)
    room.used_at = entry.at
    # Whoever was put out of the room where they had yet to appear is in none now.
    session.appeared = session.appeared or not session.rooms
    outlet.parted(room, session, entry._replace(members=room.size))


def invited(state: ChatState, entry: Entry, event: events.Invited, outlet: Outlet) -> None:
    room = state.rooms[fold(event.room)]
    # An operator's lets in whom a ban, a key or a limit keeps out.
    if rights.keeps_order(room, state.sessions[event.by.session]):
        waiting = room.modes.invited
        waiting[event.to] = None
        if len(waiting) > INVITED_MAX:
            del waiting[next(iter(waiting))]
    target = state.sessions[event.to]
    entry = addressed(entry, event, target)
    outlet.to_room(room, entry)
    outlet.to(target, entry)


def modes_set(state: ChatState, entry: Entry, event: events.ModesSet, outlet: Outlet) -> None:
    room = state.rooms[fold(event.room)]
    guarded = room.modes.guarded
    concerned = [(one, rights.hushed(room, one)) for one in bans.concerned(state, room, event)]
    changes = []
    for change in event.changes:
        letter = change.mode[1]
        if letter in STATUSES:
            member = room.members[change.session]
            member.status = with_status(member.status, letter, change.mode[0] == "+")
            change = change._replace(argument=member.session.nick)
        else:
            meant = state.session_of(masks.nick_of(change.argument)) if letter == "b" else None
            session = 0 if meant is None else meant.number
            kept = change
            if change.mode == "+k":
                kept = change._replace(argument=event.verifier or keys.UNKNOWN)
            room.modes.change(kept, event.by.nick, entry.at, session, entry.number)
        changes.append(change)
    if guarded and not room.modes.guarded:
        room.open(entry.number)
    outlet.to_room(room, entry._replace(event=replace(event, changes=tuple(changes))))
    for membership, before in concerned:
        if rights.hushed(room, membership) is not before:
            outlet.hushed(room, membership.session, not before)


def topic_set(state: ChatState, entry: Entry, event: events.TopicSet, outlet: Outlet) -> None:
    room = state.rooms[fold(event.room)]
    room.set_topic(clean_for_storage(event.topic), event.by.nick, entry.at)
    outlet.to_room(room, entry)


def said(state: ChatState, entry: Entry, event: events.Said, outlet: Outlet) -> None:
    state.sessions[event.by.session].last_line_at = entry.at
    outlet.to_room(state.rooms[fold(event.room)], entry)


def shown(state: ChatState, entry: Entry, event: events.Tagged, outlet: Outlet) -> None:
    """An event of a room that changes nothing: it is shown, and that is all."""
    outlet.to_room(state.rooms[fold(event.room)], entry)


def said_to_status(
    state: ChatState, entry: Entry, event: events.SaidToStatus, outlet: Outlet
) -> None:
    author = state.sessions[event.by.session]
    author.last_line_at = entry.at
    outlet.to_author(author, entry)
    least = STATUSES.index(STATUS_OF[event.status])
    for membership in state.rooms[fold(event.room)].members.values():
        ranks = map(STATUSES.index, membership.status)
        if membership.session is not author and min(ranks, default=9) <= least:
            outlet.to(membership.session, entry)


def redacted(state: ChatState, entry: Entry, event: events.Redacted, outlet: Outlet) -> None:
    room = state.rooms[fold(event.room)]
    outlet.redacted(room, event.number)
    outlet.to_room(room, entry)
