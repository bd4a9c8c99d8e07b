"""Who may do what: one check a kind of event, before it is proposed and again when it is applied.

Between the two the world may have moved on (the nick was taken one event
earlier), which is why `apply` asks again. So a check looks at the state and the
event alone, never at a setting: what is only too long or too much is refused
before it is proposed (`canonical`). Who somebody is, is asked of the session in
the state: an event that was stored tells their name, not their address. A check
changes nothing.
"""

from __future__ import annotations

from geventchat.chat import events
from geventchat.chat.events import Event
from geventchat.chat.modes import LIST_MAX_ENTRIES, LISTS
from geventchat.chat.names import fold, is_guest
from geventchat.chat.rooms import Membership, Room
from geventchat.chat.sessions import Session
from geventchat.chat.state import ChatState
from geventchat.chat.visibility import may_know
from geventchat.errors import Reason, Refused


def keeps_order(room: Room, session: Session) -> bool:
    """Whether somebody may rule there: the room's operators, and the server's in every room.

    Who can end any session is told of no room "not yours"; what they do bears their name.
    """
    member = room.members.get(session.number)
    return "o" in session.modes or (member is not None and "o" in member.status)


def hushed(room: Room, membership: Membership) -> bool:
    """Whether a member may not speak there: moderated, banned or muted, and of no status."""
    if membership.status or not room.modes.strict or "o" in membership.session.modes:
        return False
    return "m" in room.modes.flags or room.modes.muted(membership.session.identity)


def hushed_in(state: ChatState, session: Session) -> Room | None:
    """A room that somebody is in and may not speak in, if there is one.

    What such a member calls itself, or is away for, would be heard there.
    """
    for key in session.rooms:
        room = state.rooms[key]
        if hushed(room, room.members[session.number]):
            return room
    return None


def always(state: ChatState, event: Event) -> None:
    """A fact, not a wish."""


def is_here(state: ChatState, event: Event) -> Session:
    """The event's author, who must not have left."""
    session = state.sessions.get(event.by.session)
    if session is None:
        raise Refused(Reason.GONE)
    return session


def _room(state: ChatState, event: Event, name: str) -> Room:
    """A room somebody is in and the event's author may know of.

    An empty one is a memory, not a room.
    """
    room = state.rooms.get(fold(name))
    if room is None or not room.members or not may_know(is_here(state, event), room):
        raise Refused(Reason.NO_SUCH_ROOM, room=name)
    return room


def _membership(state: ChatState, event: Event, name: str) -> Membership:
    membership = state.membership(is_here(state, event), fold(name))
    if membership is None:
        raise Refused(Reason.NOT_IN_ROOM, room=name)
    return membership


def _operator(state: ChatState, event: Event, name: str) -> Room:
    """The room, if the event's author may rule there: its operators and the server's."""
    room = _room(state, event, name)
    if not keeps_order(room, is_here(state, event)):
        _membership(state, event, name)  # Who is not there is told that first.
        raise Refused(Reason.NOT_OPERATOR, room=room.name)
    return room


def _free_nick(state: ChatState, nick: str, by: int) -> None:
    holder = state.nicks.get(fold(nick))
    if holder is not None and holder is not state.sessions.get(by):
        raise Refused(Reason.NICK_IN_USE, nick=holder.nick, since=holder.arrived_at)


def own_nick(state: ChatState, nick: str, account: str) -> None:
    """A nick that is the name of an account is its owner's alone."""
    known = state.accounts.get(fold(nick))
    if known is not None and fold(account) != known.key:
        raise Refused(Reason.NICK_REGISTERED, nick=known.name)


def may_arrive(state: ChatState, event: events.Arrived) -> None:
    by = event.by
    if by.session in state.sessions:
        raise Refused(Reason.GONE)  # A number is given to one session only.
    if by.account:
        account = state.accounts.get(fold(by.account))
        if account is None or account.disabled:
            raise Refused(Reason.NO_SUCH_ACCOUNT, account=by.account)
    own_nick(state, by.nick, by.account)
    _free_nick(state, by.nick, by.session)


def may_leave(state: ChatState, event: events.Left) -> None:
    """Of several connections only one that is still there can go."""
    session = is_here(state, event)
    if not (event.whole or session.has(event.by.session)):
        raise Refused(Reason.GONE)


def may_rename(state: ChatState, event: events.Renamed) -> None:
    session = is_here(state, event)
    if fold(event.nick) != fold(session.nick):
        own_nick(state, event.nick, session.identity.account)
    _free_nick(state, event.nick, event.by.session)
    room = hushed_in(state, session)
    # Guests may choose a name where it is moderated; nobody may shed a ban with their name.
    if room is not None and not (is_guest(session.nick) and not room.modes.muted(session.identity)):
        raise Refused(Reason.NAME_KEPT, room=room.name, nick=event.nick)


def may_set_realname(state: ChatState, event: events.RealNameSet) -> None:
    room = hushed_in(state, is_here(state, event))
    if room is not None:
        raise Refused(Reason.NAME_KEPT, room=room.name, nick=event.by.nick)


def may_join(state: ChatState, event: events.Joined) -> None:
    session = is_here(state, event)
    key = fold(event.room)
    if key in session.rooms:
        raise Refused(Reason.ALREADY_IN_ROOM, room=event.room)
    room = state.rooms.get(key)
    # Nobody must be able to keep those out of the lobby who keep order there.
    if room is None or not (room.members or room.owner):
        return
    if not (key == state.lobby and "o" in session.modes):
        _may_enter(room, session, event)


def may_appear(state: ChatState, event: events.Appeared) -> None:
    session = is_here(state, event)
    if session.appeared or fold(event.room) not in session.rooms:
        raise Refused(Reason.UNCHANGED, room=event.room)


def _may_enter(room: Room, session: Session, event: events.Joined) -> None:
    """A rank opens every door, and an operator's invitation does so once."""
    modes, who = room.modes, session.identity
    if who.session in modes.invited or room.rank_of(who):
        return
    if "i" in modes.flags and not modes.expected(who):
        raise Refused(Reason.INVITE_ONLY, room=room.name)
    if modes.banned(who):
        raise Refused(Reason.BANNED, room=room.name)
    # Between the two it may have got another key.
    if modes.key and event.opened not in (None, modes.key_set):
        raise Refused(Reason.BAD_KEY, room=room.name)
    if modes.limit and len(room.members) >= modes.limit:
        raise Refused(Reason.ROOM_FULL, room=room.name)


def may_part(state: ChatState, event: events.Parted) -> None:
    _membership(state, event, event.room)


def may_say(state: ChatState, event: events.Said) -> None:
    by = event.by.session
    if by not in state.sessions:
        raise Refused(Reason.GONE)
    room = state.rooms.get(fold(event.room))
    if room is not None:
        membership = room.members.get(by)
        if membership is None:  # Another of a user's connections, perhaps.
            membership = room.members.get(state.sessions[by].number)
        if membership is not None:
            if room.modes.strict:
                heard = bool(membership.status) or "o" in membership.session.modes
                _may_speak(room, membership.session, heard, event)
            return
        if room.members and "n" not in room.modes.flags:
            _may_speak(room, state.sessions[by], False, event)
            return
    raise Refused(Reason.NOT_IN_ROOM, room=event.room)


def _may_speak(room: Room, session: Session, heard: bool, event: events.Said) -> None:
    modes = room.modes
    if "C" in modes.flags and is_request(event):
        raise Refused(Reason.MAY_NOT_SPEAK, room=room.name, why="no CTCP here")
    if heard:
        return
    if "m" in modes.flags:
        raise Refused(Reason.MAY_NOT_SPEAK, room=room.name, why="it is moderated")
    if modes.muted(session.identity):
        raise Refused(Reason.MAY_NOT_SPEAK, room=room.name, why="you are banned or muted")


def is_request(event: events.Said | events.Told) -> bool:
    """Whether a line is what programs ask each other (CTCP), not what somebody says or does."""
    return event.text[:1] == "\x01" and event.form is not events.Form.ACTION


def may_speak(state: ChatState, event: events.Tagged | events.SaidToStatus) -> None:
    """What is not a line, but is heard in a room like one."""
    may_say(state, events.Said(event.by, event.room, ""))


def may_set_topic(state: ChatState, event: events.TopicSet | events.Pinned) -> None:
    """Whoever may not speak in a room may not speak by its topic or its pins either."""
    _membership(state, event, event.room)
    may_say(state, events.Said(event.by, event.room, ""))
    if "t" in _room(state, event, event.room).modes.flags:
        _operator(state, event, event.room)


def may_set_modes(state: ChatState, event: events.ModesSet) -> None:
    room = _operator(state, event, event.room)
    fresh = sum(change.mode[0] == "+" and change.mode[1] in LISTS for change in event.changes)
    if fresh and room.modes.entries() + fresh > LIST_MAX_ENTRIES:
        raise Refused(Reason.LIST_FULL, room=room.name, limit=LIST_MAX_ENTRIES)
    for change in event.changes:
        target = room.members.get(change.session)
        if change.session and target is None:
            raise Refused(Reason.NOT_IN_THAT_ROOM, nick=change.argument, room=room.name)
        if change.mode == "-o" and target is not None:
            _not_above(state, event, room, target)


def may_kick(state: ChatState, event: events.Kicked) -> None:
    room = _operator(state, event, event.room)
    target = room.members.get(event.to)
    if target is None:
        raise Refused(Reason.NOT_IN_THAT_ROOM, nick=event.nick, room=room.name)
    _not_above(state, event, room, target)


def _not_above(state: ChatState, event: Event, room: Room, target: Membership) -> None:
    """Nobody but the server's operators rules over a room's owner."""
    author = is_here(state, event)
    if author is target.session or "o" in author.modes:
        return
    if room.rank_of(target.session.identity) == "owner":
        raise Refused(Reason.ROOM_OWNER, room=room.name, account=target.session.nick)


def may_invite(state: ChatState, event: events.Invited) -> None:
    room = _room(state, event, event.room)
    _membership(state, event, event.room)
    if state.user(event.to) is None:
        raise Refused(Reason.NO_SUCH_NICK, nick=event.nick)
    if event.to in room.members:
        raise Refused(Reason.ALREADY_IN_THAT_ROOM, nick=event.nick, room=room.name)
    if "i" in room.modes.flags:
        _operator(state, event, event.room)


def may_redact(state: ChatState, event: events.Redacted) -> None:
    if "o" in is_here(state, event).modes:
        _room(state, event, event.room)
    elif "o" not in _membership(state, event, event.room).status and not event.own:
        raise Refused(Reason.MAY_NOT_REDACT, room=event.room, number=event.number)


def may_tell(state: ChatState, event: events.Told | events.TaggedTo | events.RedactedTo) -> None:
    is_here(state, event)
    target = state.user(event.to)
    if target is None:
        # A line waits for who is not on; a sign that somebody is typing does not.
        if isinstance(event, events.TaggedTo) or fold(event.account) not in state.accounts:
            raise Refused(Reason.NO_SUCH_NICK, nick=event.nick)
        return
    if "T" in target.modes and isinstance(event, events.Told) and is_request(event):
        raise Refused(Reason.TAKES_NO_CTCP, nick=target.nick)


def may_announce(state: ChatState, event: events.Announced) -> None:
    if "o" not in is_here(state, event).modes:
        raise Refused(Reason.NOT_PRIVILEGED)
