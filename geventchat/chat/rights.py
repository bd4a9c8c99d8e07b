"""Who may do what: one check, used before an event is proposed and again when it is applied.

Between the two the world may have moved on (the nick was taken one event
earlier), which is why `apply` asks again. A check only reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from geventchat.chat.events import (
    Arrived,
    Event,
    Joined,
    Left,
    Parted,
    Renamed,
    Restarted,
    Said,
    Told,
    TopicSet,
    WentAway,
)
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
        raise Refused(Reason.TOO_MANY_ROOMS, limit=config.rooms_per_session)
    full = key not in state.rooms and len(state.rooms) >= config.rooms_max
    if full and next(forgettable(state), None) is None:
        raise Refused(Reason.TOO_MANY_ROOMS, limit=config.rooms_max)


def _may_set_topic(state: Presence, event: TopicSet) -> None:
    _membership(state, event)
    if len(event.topic.encode()) > state.config.topic_max_bytes:
        raise Refused(Reason.TOPIC_TOO_LONG, limit=state.config.topic_max_bytes)


def _may_tell(state: Presence, event: Told) -> None:
    _session(state, event)
    if event.to not in state.sessions:
        raise Refused(Reason.NO_SUCH_NICK, nick=event.nick)


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
    Joined: _may_join,
    Parted: _membership,
    TopicSet: _may_set_topic,
    Said: _membership,
    Told: _may_tell,
}
