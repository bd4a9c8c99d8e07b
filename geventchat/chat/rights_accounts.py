"""Who may do what with accounts, and with rooms that belong to one. The rules are `rights`' own."""

from __future__ import annotations

from geventchat.chat import events_accounts as events
from geventchat.chat.accounts import Account
from geventchat.chat.events import SERVER, Event
from geventchat.chat.names import fold
from geventchat.chat.rights import is_here, keeps_order
from geventchat.chat.rooms import Room
from geventchat.chat.sessions import Session
from geventchat.chat.state import ChatState
from geventchat.errors import Reason, Refused


def may_register(state: ChatState, event: events.Registered) -> None:
    """Who registers before they arrive is no session yet."""
    key, by = fold(event.account), event.by.session
    session = state.sessions.get(by)
    if session is not None and session.identity.account:
        raise Refused(Reason.LOGGED_IN, account=session.identity.account)
    if key in state.accounts:
        raise Refused(Reason.ACCOUNT_EXISTS, account=event.account)
    holder = state.nicks.get(key)
    if by and holder is not None and holder is not session:
        raise Refused(Reason.NICK_IN_USE, nick=holder.nick, since=holder.arrived_at)


def may_log_in(state: ChatState, event: events.LoggedIn) -> None:
    session = is_here(state, event)
    if session.identity.account:
        raise Refused(Reason.LOGGED_IN, account=session.identity.account)
    active(state, event.account)


def may_attach(state: ChatState, event: events.Attached) -> None:
    """To a session of the same account, by who has no other connection of their own."""
    account, target = event.by.account, state.user(event.to)
    if target is None or not account or fold(target.identity.account) != fold(account):
        raise Refused(Reason.SESSION_GONE, nick=event.by.nick)
    own = state.sessions.get(event.by.session)
    if own is not None and (own is target or (own.devices is not None and len(own.devices) > 1)):
        raise Refused(Reason.OTHER_DEVICES, nick=own.nick)


def may_log_out(state: ChatState, event: events.LoggedOut) -> None:
    session = is_here(state, event)
    account = session.identity.account
    if not account:
        raise Refused(Reason.NOT_LOGGED_IN)
    if fold(session.nick) == fold(account):
        raise Refused(Reason.NICK_REGISTERED, nick=account)


def may_change_account(state: ChatState, event: events.PasswordSet | events.Deleted) -> None:
    """Its owner, whoever runs the server, and the server's operators."""
    account = known(state, event.account)
    if event.by == SERVER:
        return
    session = is_here(state, event)
    if fold(session.identity.account) != account.key and "o" not in session.modes:
        raise Refused(Reason.NOT_PRIVILEGED)


def may_set_account(state: ChatState, event: events.AccountSet) -> None:
    """Whoever proposes it has asked for more than the state knows: a token, or the machine's."""
    if event.flag not in events.FLAGS:
        raise Refused(Reason.UNCHANGED, room="")
    known(state, event.account)


def may_set_metadata(state: ChatState, event: events.MetadataSet) -> None:
    """Users of themselves, operators of their rooms; the server's operators of all."""
    session = is_here(state, event)
    if event.room:
        room = state.rooms.get(fold(event.room))
        if room is None or not room.members:
            raise Refused(Reason.NO_SUCH_ROOM, room=event.room)
        if not keeps_order(room, session):
            raise Refused(Reason.NOT_OPERATOR, room=room.name)
        return
    target = state.user(event.to)
    if target is None:
        raise Refused(Reason.GONE)
    if target is not session and "o" not in session.modes:
        raise Refused(Reason.NOT_PRIVILEGED)


def may_grant(state: ChatState, event: events.Granted) -> None:
    _room_to_dispose_of(state, event, event.room)
    account = known(state, event.account)
    room = state.rooms[fold(event.room)]
    held = "owner" if room.owner == account.key else room.ranks.get(account.key, "")
    if held == event.rank:
        raise Refused(Reason.UNCHANGED, room=room.name, account=account.name, rank=held)
    if held == "owner":  # A room is never left without one but by dropping it.
        raise Refused(Reason.ROOM_OWNER, room=room.name, account=account.name)
    if event.rank == "owner" and account.disabled:
        raise Refused(Reason.NO_SUCH_ACCOUNT, account=account.name)


def may_drop(state: ChatState, event: events.Dropped) -> None:
    _room_to_dispose_of(state, event, event.room)


def _room_to_dispose_of(state: ChatState, event: Event, name: str) -> Room:
    """The room of that name, which belongs to the event's author, if not to the server."""
    room = state.rooms.get(fold(name))
    if event.by == SERVER:
        if room is None or not room.owner:
            raise Refused(Reason.NO_SUCH_ROOM, room=name)
        return room
    session = is_here(state, event)
    # Of rooms out of sight nothing is told, not even that they are somebody's.
    if room is None or not (room.members or room.owner) or not _knows(session, room):
        raise Refused(Reason.NO_SUCH_ROOM, room=name)
    if not room.owner:
        raise Refused(Reason.NOT_OWNED, room=room.name)
    if "o" not in session.modes and fold(session.identity.account) != room.owner:
        raise Refused(Reason.NOT_OWNER, room=room.name)
    return room


def _knows(session: Session, room: Room) -> bool:
    hidden = "s" in room.modes.flags and session.number not in room.members
    return not hidden or "o" in session.modes or bool(room.rank_of(session.identity))


def known(state: ChatState, name: str) -> Account:
    """The account of that name, or `Refused`."""
    account = state.accounts.get(fold(name))
    if account is None:
        raise Refused(Reason.NO_SUCH_ACCOUNT, account=name)
    return account


def active(state: ChatState, name: str) -> Account:
    """As `known`, if its owner may log in. Who is locked out is told no more than a stranger."""
    account = known(state, name)
    if account.disabled:
        raise Refused(Reason.NO_SUCH_ACCOUNT, account=name)
    return account
