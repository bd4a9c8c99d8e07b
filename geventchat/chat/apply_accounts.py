"""What `apply` makes of events that concern accounts and what belongs to them.

The third part beside `apply_sessions` and `apply_rooms`, under the same rules.
"""

from __future__ import annotations

from geventchat.chat import events_accounts as events
from geventchat.chat.accounts import PRIVATE, Account
from geventchat.chat.apply_sessions import tell_about
from geventchat.chat.events import Change, Entry, Identity, ModesSet
from geventchat.chat.modes import with_status
from geventchat.chat.names import fold
from geventchat.chat.outlet import Outlet
from geventchat.chat.rooms import Room
from geventchat.chat.sessions import Session
from geventchat.chat.state import ChatState


def registered(state: ChatState, entry: Entry, event: events.Registered, outlet: Outlet) -> None:
    account = Account(event.account, event.credential, entry.at, entry.number)
    state.accounts[account.key] = account
    session = state.sessions.get(event.by.session)
    if session is not None:
        _log_in(state, entry, session, account, session.via, outlet)


def logged_in(state: ChatState, entry: Entry, event: events.LoggedIn, outlet: Outlet) -> None:
    session = state.sessions[event.by.session]
    account = state.accounts[fold(event.account)]
    _log_in(state, entry, session, account, event.device, outlet)


def _log_in(
    state: ChatState, entry: Entry, session: Session, account: Account, device: str, outlet: Outlet
) -> None:
    state.log_in(session, account, device)
    if session.appeared:
        tell_about(state, entry, session, outlet)
    else:  # Others are told of it when they are told that it is here.
        outlet.to_author(session, entry)
    for room in state.rooms_of(session):
        raise_rank(room, session, entry, session.identity, outlet)


def logged_out(state: ChatState, entry: Entry, event: events.LoggedOut, outlet: Outlet) -> None:
    session = state.sessions[event.by.session]
    state.log_out(session)
    tell_about(state, entry, session, outlet)


def raise_rank(room: Room, session: Session, entry: Entry, by: Identity, outlet: Outlet) -> None:
    """Give a member the status of its rank there, and tell the room."""
    letter = {"owner": "o"}.get(rank := room.rank_of(session.identity), rank)
    member = room.members[session.number]
    if letter and letter not in member.status:
        _set_status(room, session, f"+{letter}", entry, by, outlet)


def _set_status(
    room: Room, session: Session, mode: str, entry: Entry, by: Identity, outlet: Outlet
) -> None:
    member = room.members[session.number]
    member.status = with_status(member.status, mode[1], mode[0] == "+")
    change = Change(mode, session.nick, session.number)
    outlet.to_room(room, entry._replace(event=ModesSet(by, room.name, (change,))))


def password_set(state: ChatState, entry: Entry, event: events.PasswordSet, outlet: Outlet) -> None:
    state.accounts[fold(event.account)].credential = event.credential


def account_set(state: ChatState, entry: Entry, event: events.AccountSet, outlet: Outlet) -> None:
    account = state.accounts[fold(event.account)]
    if event.flag == "oper":
        account.oper = event.on
    else:
        account.disabled = event.on


def metadata_set(state: ChatState, entry: Entry, event: events.MetadataSet, outlet: Outlet) -> None:
    if event.room:
        room = state.rooms[fold(event.room)]
        _set(room.metadata, event)
        outlet.to_room(room, entry)
        return
    target = state.sessions[event.to]
    account = state.account_of(target)
    if account is not None:
        _set(account.metadata, event)
    elif event.name[:1] == PRIVATE:
        return  # Of nobody's account: it was logged out of meanwhile.
    else:
        own = state.metadata.setdefault(target.number, {})
        _set(own, event)
        if not own:
            del state.metadata[target.number]
    if event.name[:1] != PRIVATE:
        tell_about(state, entry, target, outlet)


def _set(metadata: dict[str, str], event: events.MetadataSet) -> None:
    if event.value:
        metadata[event.name] = event.value
    else:
        metadata.pop(event.name, None)


def deleted(state: ChatState, entry: Entry, event: events.Deleted, outlet: Outlet) -> None:
    account = state.accounts[fold(event.account)]
    for number in list(account.sessions):
        session = state.sessions[number]
        state.log_out(session)
        out = entry._replace(event=events.LoggedOut(session.identity))
        tell_about(state, out, session, outlet)
    del state.accounts[account.key]
    for key in account.rooms:
        state.disown(state.rooms[key], entry.number)
    for room in state.rooms.values():
        room.ranks.pop(account.key, None)


def granted(state: ChatState, entry: Entry, event: events.Granted, outlet: Outlet) -> None:
    room, account = state.rooms[fold(event.room)], state.accounts[fold(event.account)]
    before = room.ranks.pop(account.key, "")
    if event.rank == "owner":
        former = state.accounts[room.owner]
        del former.rooms[room.key]
        room.ranks[former.key] = "o"
        state.own(room, account)
    elif event.rank:
        room.ranks[account.key] = event.rank
    if not room.members:
        return
    outlet.to_room(room, entry)
    for number in account.sessions:
        session, membership = state.sessions[number], room.members.get(number)
        if membership is None:
            continue
        if before and before in membership.status and event.rank != "owner":
            _set_status(room, session, f"-{before}", entry, event.by, outlet)
        raise_rank(room, session, entry, event.by, outlet)


def dropped(state: ChatState, entry: Entry, event: events.Dropped, outlet: Outlet) -> None:
    room = state.rooms[fold(event.room)]
    if room.members:
        outlet.to_room(room, entry)
    del state.accounts[room.owner].rooms[room.key]
    state.disown(room, entry.number)
