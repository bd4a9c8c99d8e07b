"""What `apply` makes of events that concern accounts and what belongs to them.

The third part beside `apply_sessions` and `apply_rooms`, under the same rules.
"""

from __future__ import annotations

from geventchat.chat import events_accounts as events
from geventchat.chat import rights
from geventchat.chat.accounts import PRIVATE, Account
from geventchat.chat.apply_sessions import tell_about
from geventchat.chat.events import Change, Entry, ModesSet
from geventchat.chat.modes import with_status
from geventchat.chat.names import fold
from geventchat.chat.outlet import Outlet
from geventchat.chat.rooms import Membership, Room
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
        changes = _raised(room, room.members[session.number])
        if changes:
            event = ModesSet(session.identity, room.name, tuple(changes))
            outlet.to_room(room, entry._replace(event=event))


def logged_out(state: ChatState, entry: Entry, event: events.LoggedOut, outlet: Outlet) -> None:
    session = state.sessions[event.by.session]
    state.log_out(session)
    tell_about(state, entry, session, outlet)


def _raised(room: Room, membership: Membership) -> list[Change]:
    """Give a member the status of its rank there, if it has not got it."""
    letter = {"owner": "o"}.get(rank := room.rank_of(membership.session.identity), rank)
    if not letter or letter in membership.status:
        return []
    return [_set_status(membership, f"+{letter}")]


def _set_status(membership: Membership, mode: str) -> Change:
    membership.status = with_status(membership.status, mode[1], mode[0] == "+")
    return Change(mode, membership.session.nick, membership.session.number)


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
    changes, hushed = list[Change](), list[tuple[Session, bool]]()
    for number in account.sessions:
        membership = room.members.get(number)
        if membership is None:
            continue
        was_hushed = rights.hushed(room, membership)
        if before and before in membership.status and event.rank != "owner":
            changes.append(_set_status(membership, f"-{before}"))
        changes += _raised(room, membership)
        if rights.hushed(room, membership) is not was_hushed:
            hushed.append((membership.session, not was_hushed))
    # One act, one entry: people read of the rank, IRC clients of the modes it brings.
    outlet.to_room(room, entry._replace(changes=tuple(changes)))
    for session, on in hushed:
        outlet.hushed(room, session, on)


def dropped(state: ChatState, entry: Entry, event: events.Dropped, outlet: Outlet) -> None:
    room = state.rooms[fold(event.room)]
    if room.members:
        outlet.to_room(room, entry)
    del state.accounts[room.owner].rooms[room.key]
    state.disown(room, entry.number)
