"""The chat state: who is here, and what `apply` makes of an event.

MUST: `apply` is deterministic. The same entries in the same order give the
same state, on every worker and after a restart; nothing here reads a clock,
draws a random number or iterates over an unordered set.
MUST NOT: switch greenlets, do I/O, know bytes.

The sessions and rooms that have something new to be sent collect in
`touched_rooms` and `touched_sessions`; whoever delivers empties them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from geventchat.chat import rights
from geventchat.chat.events import (
    Arrived,
    Entry,
    Event,
    Identity,
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
from geventchat.chat.names import fold
from geventchat.chat.presence import Membership, Room, Session
from geventchat.chat.text import printable
from geventchat.config import Config


class ChatState:
    """Everything replicated: sessions, nicks, rooms. Changed by `apply` only."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.sessions: dict[int, Session] = {}
        self.nicks: dict[str, Session] = {}
        self.rooms: dict[str, Room] = {}
        # Sessions of this process whose arrival is proposed but not yet applied.
        self.started_at = 0
        self.expected: dict[int, Session] = {}
        # The last lines of rooms that nobody is in yet, for whoever joins first.
        self.warmed: dict[str, tuple[Entry, ...]] = {}
        self.touched_rooms: dict[Room, None] = {}
        self.touched_sessions: dict[Session, None] = {}
        self._evolve: dict[type[Event], Callable[[Entry, Any], None]] = {
            Restarted: self._restarted,
            Arrived: self._arrived,
            Left: self._left,
            Renamed: self._renamed,
            WentAway: self._went_away,
            Joined: self._joined,
            Parted: self._parted,
            TopicSet: self._topic_set,
            Said: self._said,
            Told: self._told,
        }

    def apply(self, entry: Entry) -> None:
        """Change the state by one committed event, or raise `Refused` and change nothing."""
        event = entry.event
        rights.check(self, event)
        self._evolve[type(event)](entry, event)

    def restore(self, topics: Iterable[Entry], rooms: Iterable[str]) -> None:
        """Take over what earlier runs left: the latest topics, then rooms, as far as they fit.

        What does not fit stays in the journal, and comes back when somebody joins.
        """
        for entry in topics:
            assert isinstance(entry.event, TopicSet)
            if self._fits(entry.event.room):
                self._topic_set(entry, entry.event)
        for name in rooms:
            if self._fits(name):
                self.ensure_room(name)

    def _fits(self, name: str) -> bool:
        return fold(name) in self.rooms or len(self.rooms) < self.config.rooms_max

    def room(self, name: str) -> Room | None:
        """The room of that name, if there is one."""
        return self.rooms.get(fold(name))

    def session_of(self, nick: str) -> Session | None:
        """The session that has that nick now."""
        return self.nicks.get(fold(nick))

    def ensure_room(self, name: str) -> Room:
        """The room of that name, made now if need be."""
        key = fold(name)
        room = self.rooms.get(key)
        if room is None:
            if len(self.rooms) >= self.config.rooms_max:
                # There is one: `rights` let nobody in otherwise.
                del self.rooms[next(rights.forgettable(self))]
            room = self.rooms[key] = Room(key, name, self.config.backlog_events)
        return room

    def _append(self, room: Room, entry: Entry, shown: bool = True) -> None:
        room.log.append(entry, shown)
        self.touched_rooms[room] = None

    def _restarted(self, entry: Entry, event: Restarted) -> None:
        self.sessions.clear()
        self.nicks.clear()
        self.started_at = entry.at
        for room in self.rooms.values():
            room.members.clear()

    def _arrived(self, entry: Entry, event: Arrived) -> None:
        number = event.by.session
        session = self.expected.pop(number, None) or Session(event.by, event.via)
        session.arrived_at = session.last_line_at = entry.at
        self.sessions[number] = session
        self.nicks[fold(event.by.nick)] = session

    def _left(self, entry: Entry, event: Left) -> None:
        session = self.sessions.pop(event.by.session)
        del self.nicks[fold(session.nick)]
        memberships = list(session.memberships.values())
        for membership in memberships:
            del membership.room.members[event.by.session]
        session.memberships.clear()
        self._tell_rooms(entry, memberships)

    def _tell_rooms(self, entry: Entry, memberships: list[Membership]) -> None:
        """Log an event that concerns one session in all the rooms it is (or was) in."""
        rooms = tuple(m.room.key for m in memberships)
        few = self.config.join_lines_max_members
        for membership in memberships:
            room = membership.room
            members = len(room.members)
            # A name change is shown everywhere: lines that follow would make no sense without.
            shown = members <= few or not isinstance(entry.event, Left)
            self._append(room, entry._replace(members=members, rooms=rooms), shown)

    def _renamed(self, entry: Entry, event: Renamed) -> None:
        session = self.sessions[event.by.session]
        del self.nicks[fold(session.nick)]
        old = session.identity
        session.identity = Identity(old.session, event.nick, old.user, old.host)
        self.nicks[fold(event.nick)] = session
        self._tell_rooms(entry, list(session.memberships.values()))
        if not session.memberships:
            self._hand(session, entry)

    def _went_away(self, entry: Entry, event: WentAway) -> None:
        session = self.sessions[event.by.session]
        session.away = event.reason
        self._tell_rooms(entry, list(session.memberships.values()))

    def _joined(self, entry: Entry, event: Joined) -> None:
        session = self.sessions[event.by.session]
        room = self.ensure_room(event.room)
        if room.earlier is None:
            room.earlier = self.warmed.pop(room.key, ())
        members = len(room.members) + 1
        entry = entry._replace(members=members)
        few = members <= self.config.join_lines_max_members
        self._append(room, entry, shown=few)
        # The new member's cursor starts behind its own arrival, of which it
        # hears as a reply, in its place among everything else it is sent.
        membership = Membership(session, room, entry.number)
        room.members[event.by.session] = membership
        session.memberships[room.key] = membership
        self._hand(session, entry)

    def _parted(self, entry: Entry, event: Parted) -> None:
        session = self.sessions[event.by.session]
        key = fold(event.room)
        membership = session.memberships.pop(key)
        session.close_span(membership)
        room = membership.room
        del room.members[event.by.session]
        members = len(room.members)
        entry = entry._replace(members=members)
        few = members <= self.config.join_lines_max_members
        self._append(room, entry, shown=few)
        self._hand(session, entry)

    def _topic_set(self, entry: Entry, event: TopicSet) -> None:
        room = self.ensure_room(event.room)
        room.topic, room.topic_by, room.topic_at = printable(event.topic), event.by.nick, entry.at
        self._append(room, entry)

    def _said(self, entry: Entry, event: Said) -> None:
        session = self.sessions[event.by.session]
        session.last_line_at = entry.at
        membership = session.memberships[fold(event.room)]
        membership.note_own()
        self._append(membership.room, entry)

    def _told(self, entry: Entry, event: Told) -> None:
        author = self.sessions[event.by.session]
        author.last_line_at = entry.at
        target = self.sessions[event.to]
        target.last_teller = event.by.nick
        self._hand(target, entry)
        if author is not target:
            self._hand(author, entry)

    def _hand(self, session: Session, entry: Entry) -> None:
        session.queue(entry)
        self.touched_sessions[session] = None
