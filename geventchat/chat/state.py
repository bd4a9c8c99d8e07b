"""The chat state: who is here, what rooms there are.

MUST: be a function of the events applied so far, the same on every worker and
after a restart; nothing here reads a clock, a setting that may change, or
anything unordered.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from geventchat.chat.events import Entry, Identity, TopicSet
from geventchat.chat.names import fold
from geventchat.chat.rooms import Membership, Room
from geventchat.chat.sessions import Session
from geventchat.chat.text import clean_for_storage


class ChatState:
    """Everything replicated: sessions, nicks, rooms. Changed by `apply.apply` only.

    lobby       key of the room everyone starts in, which nobody rules
    whowas      who was here and until when, the latest last; `whowas_max` of them
    """

    def __init__(self, lobby: str, whowas_max: int) -> None:
        self.lobby = fold(lobby)
        self.sessions: dict[int, Session] = {}
        self.nicks: dict[str, Session] = {}
        self.rooms: dict[str, Room] = {}
        self.whowas: deque[tuple[Identity, int]] = deque(maxlen=whowas_max)
        self.started_at = 0
        self.sessions_max = 0

    def restore(self, topics: Iterable[Entry], rooms: Iterable[str], rooms_max: int) -> None:
        """Take over what earlier runs left: the latest topics, then rooms, as far as they fit.

        Called once, before anything is applied. What does not fit stays in the
        journal, and comes back when somebody joins.
        """
        for entry in topics:
            event = entry.event
            assert isinstance(event, TopicSet)
            if fold(event.room) in self.rooms or len(self.rooms) < rooms_max:
                room = self.ensure_room(event.room)
                room.topic, room.topic_by = clean_for_storage(event.topic), event.by.nick
                room.topic_at = entry.at
        for name in rooms:
            if len(self.rooms) < rooms_max:
                self.ensure_room(name)

    def room(self, name: str) -> Room | None:
        """The room of that name, if there is one."""
        return self.rooms.get(fold(name))

    def session_of(self, nick: str) -> Session | None:
        """The session that has that nick now."""
        return self.nicks.get(fold(nick))

    def membership(self, session: Session, key: str) -> Membership | None:
        """What a session is in a room, if it is in it."""
        room = self.rooms.get(key)
        return None if room is None else room.members.get(session.number)

    def rooms_of(self, session: Session) -> list[Room]:
        """The rooms a session is in, in the order in which it joined them."""
        return [self.rooms[key] for key in session.rooms]

    def ensure_room(self, name: str) -> Room:
        """The room of that name, made now if need be."""
        key = fold(name)
        room = self.rooms.get(key)
        if room is None:
            room = self.rooms[key] = Room(key, name)
        return room

    def forgettable(self) -> Iterator[str]:
        """Keys of rooms that may make place for a new one: empty, without a topic, oldest first.

        Their history stays in the journal and is there again when somebody joins.
        """
        return (key for key, room in self.rooms.items() if not room.members and not room.topic)
