"""Who may do what: one check, used before an event is proposed and again when it is applied.

Between the two the world may have moved on (the nick was taken one event
earlier), which is why `apply` asks again. A check only reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from geventchat.chat.events import (
    Announced,
    Arrived,
    Event,
    Form,
    Invited,
    Joined,
    Kicked,
    Left,
    ModesSet,
    Parted,
    RealNameSet,
    Redacted,
    RedactedTo,
    Renamed,
    Restarted,
    Said,
    SaidToStatus,
    Tagged,
    TaggedTo,
    Told,
    TopicSet,
    UserModesSet,
    WentAway,
)
from geventchat.chat.modes import LIST_MAX_ENTRIES, LISTS
from geventchat.chat.names import fold, is_nick, is_room
from geventchat.chat.presence import Membership, Room, Session
from geventchat.config import Config
from geventchat.errors import Reason, Refused


class Presence(Protocol):
    """What the checks look at."""

    config: Config
    sessions: dict[int, Session]
    nicks: dict[str, Session]
    rooms: dict[str, Room]


def check(state: Presence, event: Event) -> None:
    """Raise `Refused` unless the event may happen in this state."""
    _CHECKS[type(event)](state, event)


def _session(state: Presence, event: Any) -> Session:
    session = state.sessions.get(event.by.session)
    if session is None:
        raise Refused(Reason.GONE)
    return session


def _membership(state: Presence, event: Any) -> Membership:
    membership = _session(state, event).memberships.get(fold(event.room))
    if membership is None:
        raise Refused(Reason.NOT_IN_ROOM, room=event.room)
    return membership


def _room(state: Presence, name: str) -> Room:
    """A room somebody is in; an empty one is a memory, not a room."""
    room = state.rooms.get(fold(name))
    if room is None or not room.members:
        raise Refused(Reason.NO_SUCH_ROOM, room=name)
    return room


def _operator(state: Presence, event: Any) -> Room:
    """The event's room, if its author may rule there: its operators and the server's."""
    room = _room(state, event.room)
    if "o" in _session(state, event).modes:
        return room
    if "o" not in _membership(state, event).status:
        raise Refused(Reason.NOT_OPERATOR, room=room.name)
    return room


def _free_nick(state: Presence, nick: str, by: int) -> None:
    if not is_nick(nick, state.config.nick_max_chars):
        raise Refused(Reason.BAD_NICK, nick=nick, max_chars=state.config.nick_max_chars)
    holder = state.nicks.get(fold(nick))
    if holder is not None and holder.identity.session != by:
        raise Refused(Reason.NICK_IN_USE, nick=holder.nick, since=holder.arrived_at)


def _may_arrive(state: Presence, event: Arrived) -> None:
    _free_nick(state, event.by.nick, event.by.session)


def _may_rename(state: Presence, event: Renamed) -> None:
    _session(state, event)
    _free_nick(state, event.nick, event.by.session)


def _may_join(state: Presence, event: Joined) -> None:
    session = _session(state, event)
    config = state.config
    if not is_room(event.room, config.room_name_max_bytes):
        raise Refused(Reason.BAD_ROOM_NAME, room=event.room, max_bytes=config.room_name_max_bytes)
    key = fold(event.room)
    if key in session.memberships:
        raise Refused(Reason.ALREADY_IN_ROOM, room=event.room)
    if len(session.memberships) >= config.rooms_per_session:
        limit = config.rooms_per_session
        raise Refused(Reason.TOO_MANY_ROOMS, room=event.room, limit=limit)
    full = key not in state.rooms and len(state.rooms) >= config.rooms_max
    if full and next(forgettable(state), None) is None:
        raise Refused(Reason.TOO_MANY_ROOMS, room=event.room, limit=config.rooms_max)
    room = state.rooms.get(key)
    if room is not None and room.members:
        _may_enter(room, event)


def _may_enter(room: Room, event: Joined) -> None:
    """An invitation opens every door, once."""
    rules, who = room.modes, event.by
    if who.session in rules.invited:
        return
    if "i" in rules.flags and not rules.expected(who):
        raise Refused(Reason.INVITE_ONLY, room=room.name)
    if rules.banned(who):
        raise Refused(Reason.BANNED, room=room.name)
    if rules.key and event.key != rules.key:
        raise Refused(Reason.BAD_KEY, room=room.name)
    if rules.limit and len(room.members) >= rules.limit:
        raise Refused(Reason.ROOM_FULL, room=room.name)


def _may_say(state: Presence, event: Said) -> None:
    membership = _session(state, event).memberships.get(fold(event.room))
    if membership is not None:
        if membership.room.modes.strict:
            _may_speak(membership.room, membership.status, event)
        return
    room = state.rooms.get(fold(event.room))
    if room is None or not room.members or "n" in room.modes.flags:
        raise Refused(Reason.NOT_IN_ROOM, room=event.room)
    _may_speak(room, "", event)


def _may_speak(room: Room, status: str, event: Said) -> None:
    rules = room.modes
    if "C" in rules.flags and _is_ctcp(event):
        raise Refused(Reason.MAY_NOT_SPEAK, room=room.name, why="no CTCP here")
    if status:
        return
    if "m" in rules.flags:
        raise Refused(Reason.MAY_NOT_SPEAK, room=room.name, why="it is moderated")
    if rules.muted(event.by):
        raise Refused(Reason.MAY_NOT_SPEAK, room=room.name, why="you are banned or muted")


def _is_ctcp(event: Said | Told) -> bool:
    return event.text[:1] == "\x01" and event.form is not Form.ACTION


def _may_tag(state: Presence, event: Tagged | SaidToStatus) -> None:
    _may_say(state, Said(event.by, event.room, ""))


def _may_set_topic(state: Presence, event: TopicSet) -> None:
    membership = _membership(state, event)
    if "t" in membership.room.modes.flags:
        _operator(state, event)
    if len(event.topic.encode()) > state.config.topic_max_bytes:
        raise Refused(Reason.TOPIC_TOO_LONG, limit=state.config.topic_max_bytes)


def _may_set_modes(state: Presence, event: ModesSet) -> None:
    room = _operator(state, event)
    fresh = sum(change.mode[0] == "+" and change.mode[1] in LISTS for change in event.changes)
    if fresh and room.modes.entries() + fresh > LIST_MAX_ENTRIES:
        raise Refused(Reason.LIST_FULL, room=room.name, limit=LIST_MAX_ENTRIES)
    for change in event.changes:
        if change.session and change.session not in room.members:
            raise Refused(Reason.NOT_IN_THAT_ROOM, nick=change.argument, room=room.name)


def _may_kick(state: Presence, event: Kicked) -> None:
    room = _operator(state, event)
    if event.to not in room.members:
        raise Refused(Reason.NOT_IN_THAT_ROOM, nick=event.nick, room=room.name)


def _may_invite(state: Presence, event: Invited) -> None:
    room = _room(state, event.room)
    _membership(state, event)
    if event.to not in state.sessions:
        raise Refused(Reason.NO_SUCH_NICK, nick=event.nick)
    if event.to in room.members:
        raise Refused(Reason.ALREADY_IN_THAT_ROOM, nick=event.nick, room=room.name)
    if "i" in room.modes.flags:
        _operator(state, event)


def _may_redact(state: Presence, event: Redacted) -> None:
    session = _session(state, event)
    if "o" in session.modes:
        return
    if not event.own and "o" not in _membership(state, event).status:
        raise Refused(Reason.MAY_NOT_REDACT, room=event.room, number=event.number)
    _membership(state, event)


def _may_tell(state: Presence, event: Told | TaggedTo | RedactedTo) -> None:
    _session(state, event)
    target = state.sessions.get(event.to)
    if target is None:
        raise Refused(Reason.NO_SUCH_NICK, nick=event.nick)
    if "T" in target.modes and isinstance(event, Told) and _is_ctcp(event):
        raise Refused(Reason.TAKES_NO_CTCP, nick=target.nick)


def _may_announce(state: Presence, event: Announced) -> None:
    if "o" not in _session(state, event).modes:
        raise Refused(Reason.NOT_PRIVILEGED)


def forgettable(state: Presence) -> Iterator[str]:
    """Keys of rooms that may make place for a new one: empty, without a topic, oldest first.

    Their history stays in the journal and is there again when somebody joins.
    """
    return (key for key, room in state.rooms.items() if not room.members and not room.topic)


def _always(state: Presence, event: Restarted) -> None:
    """A restart is a fact, not a wish."""


_CHECKS: dict[type[Event], Callable[[Any, Any], object]] = {
    Restarted: _always,
    Arrived: _may_arrive,
    Left: _session,
    Renamed: _may_rename,
    WentAway: _session,
    RealNameSet: _session,
    UserModesSet: _session,
    Joined: _may_join,
    Parted: _membership,
    Kicked: _may_kick,
    Invited: _may_invite,
    ModesSet: _may_set_modes,
    TopicSet: _may_set_topic,
    Said: _may_say,
    SaidToStatus: _may_tag,
    Tagged: _may_tag,
    Redacted: _may_redact,
    Told: _may_tell,
    TaggedTo: _may_tell,
    RedactedTo: _may_tell,
    Announced: _may_announce,
}
