"""Who may learn of what: rooms, people, and what was said; asked by every dialect alike.

No event is refused by these but by what `rights` makes of them: they choose what is
listed, found and read back.
"""

from __future__ import annotations

from geventchat.chat import events
from geventchat.chat.events import Entry
from geventchat.chat.names import fold
from geventchat.chat.rooms import Room
from geventchat.chat.sessions import Session
from geventchat.chat.state import ChatState

# Beyond the number of every event.
_NOTHING = 1 << 62


def may_know(session: Session, room: Room) -> bool:
    """Whether somebody may learn that a room is there: a secret one is its members' and operators'.

    Asked by every dialect for whatever lists rooms, or answers about one by its name.
    """
    if "s" not in room.modes.flags or session.number in room.members or "o" in session.modes:
        return True
    return bool(room.rank_of(session.identity))


def may_know_metadata(session: Session, room: Room) -> bool:
    """Whether somebody may learn what a room tells of itself: not from outside a guarded one."""
    if room.key in session.rooms or "o" in session.modes:
        return True
    return may_know(session, room) and not room.modes.guarded


def may_see(session: Session, other: Session) -> bool:
    """Whether somebody may find another without knowing their nick.

    Invisible users are found by themselves, by those they share a room with,
    and by the server's operators; whoever has not appeared yet, by themselves alone.
    """
    if not other.appeared:
        return other is session
    if "i" not in other.modes or other is session or "o" in session.modes:
        return True
    return not other.rooms.keys().isdisjoint(session.rooms)


def rooms_known(state: ChatState, session: Session, other: Session) -> list[Room]:
    """The rooms of another that somebody may learn of; of an invisible one, those they share."""
    if not other.appeared and other is not session:
        return []
    hidden = "i" in other.modes and other is not session and "o" not in session.modes
    return [
        room
        for room in state.rooms_of(other)
        if room.key in session.rooms or (not hidden and may_know(session, room))
    ]


def reads_from(state: ChatState, session: Session, key: str) -> int:
    """The first event of a room that somebody may read; beyond all for who is not in it."""
    membership = state.membership(session, key)
    return _NOTHING if membership is None else membership.reads_from


def talks_since(state: ChatState, session: Session) -> int:
    """The event behind which somebody may read their private talk.

    That is their arrival, or the registration of their account: whoever bore its name before,
    and gave it up, was somebody else.
    """
    account = state.account_of(session)
    return session.arrived if account is None else account.number


def may_read(state: ChatState, session: Session, entry: Entry) -> bool:
    """Whether somebody may read what stands in the journal: of their rooms, and their own talks.

    The server's operators may read any room, since they may take back what stands there.
    """
    event = entry.event
    if isinstance(event, events.Told | events.TaggedTo):
        if session.identity.account:
            mine = fold(session.identity.account) in map(fold, (event.by.account, event.account))
        else:
            mine = session.number in (event.by.session, event.to)
        return mine and entry.number > talks_since(state, session)
    room: str | None = getattr(event, "room", None)
    if room is None:
        return False
    return "o" in session.modes or entry.number >= reads_from(state, session, fold(room))
