"""The chat state: who is here, and what `apply` makes of an event.

MUST: `apply` is deterministic. The same entries in the same order give the
same state, on every worker and after a restart; nothing here reads a clock,
draws a random number or iterates over an unordered set.
MUST NOT: switch greenlets, do I/O, know bytes.

The sessions and rooms that have something new to be sent collect in
`touched_rooms` and `touched_sessions`; whoever delivers empties them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from geventchat.chat import apply_rooms as in_rooms
from geventchat.chat import apply_sessions as on
from geventchat.chat import rights
from geventchat.chat.events import (
    Announced,
    Arrived,
    Entry,
    Event,
    Identity,
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
from geventchat.chat.modes import DEFAULT_FLAGS, RoomModes
from geventchat.chat.names import fold
from geventchat.chat.presence import Membership, Room, Session
from geventchat.config import Config

_EVOLVE: dict[type[Event], Callable[[Any, Entry, Any], None]] = {
    Restarted: on.restarted,
    Arrived: on.arrived,
    Left: on.left,
    Renamed: on.renamed,
    WentAway: on.went_away,
    RealNameSet: on.real_name_set,
    UserModesSet: on.user_modes_set,
    Announced: on.announced,
    Joined: in_rooms.joined,
    Parted: in_rooms.parted,
    Kicked: in_rooms.kicked,
    Invited: in_rooms.invited,
    ModesSet: in_rooms.modes_set,
    TopicSet: in_rooms.topic_set,
    Said: in_rooms.said,
    SaidToStatus: in_rooms.said_to_status,
    Tagged: in_rooms.tagged,
    Redacted: in_rooms.redacted,
    Told: on.told,
    TaggedTo: on.told,
    RedactedTo: on.told,
}


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
        # Who wants to hear of a nick's comings and goings: key of the nick -> sessions.
        self.watchers: dict[str, dict[Session, None]] = {}
        # Who was here, latest last, for whoever asks.
        self.whowas: deque[tuple[Identity, int]] = deque(maxlen=config.departed_max)
        self.sessions_max = 0
        # Connections that have not said yet who they are.
        self.unregistered = 0

    def apply(self, entry: Entry) -> None:
        """Change the state by one committed event, or raise `Refused` and change nothing."""
        event = entry.event
        rights.check(self, event)
        _EVOLVE[type(event)](self, entry, event)

    def restore(self, topics: Iterable[Entry], rooms: Iterable[str]) -> None:
        """Take over what earlier runs left: the latest topics, then rooms, as far as they fit.

        What does not fit stays in the journal, and comes back when somebody joins.
        """
        for entry in topics:
            assert isinstance(entry.event, TopicSet)
            if self._fits(entry.event.room):
                in_rooms.topic_set(self, entry, entry.event)
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

    def vacate(self, room: Room, number: int) -> None:
        """Take a session out of a room; an empty one keeps its history and topic, not its rules."""
        del room.members[number]
        if not room.members:
            room.modes = RoomModes(DEFAULT_FLAGS)

    def append(self, room: Room, entry: Entry, shown: bool = True) -> None:
        """Log an entry in a room."""
        room.log.append(entry, shown)
        self.touched_rooms[room] = None

    def tell_rooms(self, entry: Entry, memberships: list[Membership], own: bool = False) -> None:
        """Log an event that concerns one session in all the rooms it is (or was) in."""
        rooms = tuple(m.room.key for m in memberships)
        few = self.config.join_lines_max_members
        for membership in memberships:
            room = membership.room
            members = len(room.members)
            # A name change is shown everywhere: lines that follow would make no sense without.
            shown = members <= few or not isinstance(entry.event, Left)
            if own:
                membership.note_own()
            self.append(room, entry._replace(members=members, rooms=rooms), shown)

    def tell_watchers(self, entry: Entry, key: str, but: tuple[str, ...] = ()) -> None:
        """Tell who watches a nick, except those who hear of it in one of the rooms `but`."""
        for session in self.watchers.get(key, ()):
            if not any(room in session.memberships for room in but):
                self.hand(session, entry)

    def watch(self, session: Session, keys: frozenset[str]) -> None:
        """Have a session hear of these nicks, and of no others, from now on."""
        for key in session.watching - keys:
            watchers = self.watchers[key]
            del watchers[session]
            if not watchers:
                del self.watchers[key]
        for key in keys - session.watching:
            self.watchers.setdefault(key, {})[session] = None
        session.watching = keys

    def hand(self, session: Session, entry: Entry) -> None:
        """Give an entry to one session alone, in its place."""
        session.queue(entry)
        self.touched_sessions[session] = None

    def hand_back(self, session: Session, entry: Entry) -> None:
        """Give its own entry to its author, or into the answer it is waiting for."""
        if session.captured is not None:
            session.captured.append(entry)
        else:
            self.hand(session, entry)
