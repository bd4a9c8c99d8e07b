"""What `apply` makes of events that concern sessions: coming, going, names, private words.

Each function is given the state, the entry, its event and the outlet, after
the rights were checked. First the state changes, then the outlet is told.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from itertools import islice

from geventchat.chat import events
from geventchat.chat.events import Entry
from geventchat.chat.events_accounts import Attached
from geventchat.chat.names import fold
from geventchat.chat.outlet import Outlet
from geventchat.chat.rooms import Room
from geventchat.chat.sessions import Session
from geventchat.chat.state import ChatState


def restarted(state: ChatState, entry: Entry, event: events.Restarted, outlet: Outlet) -> None:
    state.sessions.clear()
    state.nicks.clear()
    state.metadata.clear()
    for account in state.accounts.values():
        account.sessions.clear()
    state.started_at = entry.at
    state.vacate_all(entry.number, entry.at)
    state.lobby = fold(event.lobby) or state.lobby
    if event.departed_max:
        state.whowas = deque(state.whowas, event.departed_max)
    if event.rooms_max:
        too_many = state.rooms_counted - event.rooms_max
        for key in list(islice(state.forgettable(), max(0, too_many))):
            state.forget(key)


def arrived(state: ChatState, entry: Entry, event: events.Arrived, outlet: Outlet) -> None:
    # Where no address is stored, it is the host.
    address = event.by.address or event.by.host
    who = replace(event.by, realname=event.realname, address=address)
    session = Session(who, event.via, entry.number, entry.at)
    account = state.account_of(session)
    if account is not None:
        state.log_in(session, account, event.device or event.via)
    state.sessions[session.number] = session
    state.last_session = max(state.last_session, session.number)
    key = fold(session.nick)
    state.nicks[key] = session
    state.sessions_max = max(state.sessions_max, len(state.users))
    outlet.to_watchers(session, entry, key)


def attached(state: ChatState, entry: Entry, event: Attached, outlet: Outlet) -> None:
    number, session = event.by.session, state.sessions[event.to]
    own = state.sessions.get(number)
    left_rooms: list[Room] = []
    if own is not None:  # To everybody else it is a guest who quits.
        left_rooms = state.rooms_of(own)
        gone = events.Left(own.identity, "", tuple(own.rooms), quit=True)
        _end(state, entry._replace(event=gone), own, outlet)
    if session.devices is None:
        session.devices = {session.number: session.via}
    session.devices[number] = event.device
    state.sessions[number] = session
    state.last_session = max(state.last_session, number)
    here = replace(event, by=replace(session.identity, session=number))
    entry = entry._replace(event=here)
    outlet.attached(session, state.rooms_of(session), left_rooms, entry)


def left(state: ChatState, entry: Entry, event: events.Left, outlet: Outlet) -> None:
    number = event.by.session
    session = state.sessions[number]
    devices = session.devices
    if devices is not None and len(devices) > 1 and not event.whole:
        del devices[number]
        if number != session.number:  # By which it is known until the last one goes.
            del state.sessions[number]
        outlet.detached(number)
        return
    if session.nick != event.by.nick:  # Put out by somebody who knew it by an earlier name.
        entry = entry._replace(event=replace(event, by=session.identity))
    _end(state, entry, session, outlet)


def _end(state: ChatState, entry: Entry, session: Session, outlet: Outlet) -> None:
    """Take a session out of the server and all its rooms."""
    for number in (session.number, *(session.devices or ())):
        state.sessions.pop(number, None)
    key = fold(session.nick)
    del state.nicks[key]
    rooms = state.rooms_of(session)
    for room in rooms:
        state.vacate(room, session.number, entry.number)
        room.used_at = entry.at
    state.metadata.pop(session.number, None)
    account = state.account_of(session)
    if account is not None:
        account.sessions.pop(session.number, None)
    session.rooms.clear()
    if session.appeared:
        state.whowas.append((session.identity, entry.at))
    outlet.departed(session, rooms, entry)
    outlet.to_watchers(session, entry, key)


def addressed(
    entry: Entry,
    event: events.Told | events.TaggedTo | events.RedactedTo | events.Invited | events.Kicked,
    target: Session,
) -> Entry:
    """An entry that names whom it is for as they are called now.

    They may have taken another name since it was proposed; who is told of both
    would look for somebody who is not there.
    """
    if target.nick == event.nick:
        return entry
    return entry._replace(event=replace(event, nick=target.nick))


def renamed(state: ChatState, entry: Entry, event: events.Renamed, outlet: Outlet) -> None:
    session = state.sessions[event.by.session]
    old, new = fold(session.nick), fold(event.nick)
    del state.nicks[old]
    if old != new and session.appeared:
        state.whowas.append((session.identity, entry.at))
    session.identity = replace(session.identity, nick=event.nick)
    state.nicks[new] = session
    if session.appeared:
        outlet.to_rooms(session, state.rooms_of(session), entry)
    else:
        outlet.to_author(session, entry)
    if old != new:
        outlet.to_watchers(session, entry, old, new)


def went_away(state: ChatState, entry: Entry, event: events.WentAway, outlet: Outlet) -> None:
    session = state.sessions[event.by.session]
    session.away = event.reason
    tell_about(state, entry, session, outlet)


def real_name_set(
    state: ChatState, entry: Entry, event: events.RealNameSet, outlet: Outlet
) -> None:
    session = state.sessions[event.by.session]
    session.identity = replace(session.identity, realname=event.realname)
    tell_about(state, entry, session, outlet)


def tell_about(state: ChatState, entry: Entry, session: Session, outlet: Outlet) -> None:
    """Tell what concerns everybody who knows a session; those who share a room hear it there."""
    outlet.to_rooms(session, state.rooms_of(session), entry)
    outlet.to_watchers(session, entry, fold(session.nick), but=tuple(session.rooms))


def user_modes_set(
    state: ChatState, entry: Entry, event: events.UserModesSet, outlet: Outlet
) -> None:
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
    outlet.to_author(session, entry)


def told(state: ChatState, entry: Entry, event: events.Told, outlet: Outlet) -> None:
    author = state.sessions[event.by.session]
    author.last_line_at = entry.at
    target = recipient(state, event)
    if target is not None:
        target.reply_to = (author.number, event.by.nick)
    to_both(state, entry, event, outlet)


def recipient(
    state: ChatState, event: events.Told | events.TaggedTo | events.RedactedTo
) -> Session | None:
    """Whom it is for, if they are here: that session, or another that bears the account's name."""
    target = state.user(event.to)
    return state.session_on(event.account) if target is None and event.account else target


def to_both(
    state: ChatState,
    entry: Entry,
    event: events.Told | events.TaggedTo | events.RedactedTo,
    outlet: Outlet,
) -> None:
    """An event between two sessions that changes nothing."""
    author, target = state.sessions[event.by.session], recipient(state, event)
    if target is None:  # It waits for the account's next login.
        outlet.to_author(author, entry)
        return
    entry = addressed(entry, event, target)
    outlet.to_author(author, entry, alone=author is target)
    outlet.to(target, entry)


def announced(state: ChatState, entry: Entry, event: events.Announced, outlet: Outlet) -> None:
    """To everybody; who asked not to be told such things is not shown it."""
    for session in state.users:
        outlet.to(session, entry)
