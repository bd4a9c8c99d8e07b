"""A room and its members: facts only; what they are sent of it is `delivery`'s."""

from __future__ import annotations

from geventchat.chat.modes import DEFAULT_FLAGS, RoomModes
from geventchat.chat.sessions import Session


class Membership:
    """A session in a room. `status` is what it is there: some of `modes.STATUSES`."""

    __slots__ = ("session", "status")

    def __init__(self, session: Session, status: str = "") -> None:
        self.session = session
        self.status = status


class Room:
    """A room: its name as first spelt, its topic, modes, and members by session number.

    `created_at` is when the first of those who are here came (milliseconds since 1970).
    """

    __slots__ = ("created_at", "key", "members", "modes", "name", "topic", "topic_at", "topic_by")

    def __init__(self, key: str, name: str) -> None:
        self.key = key
        self.name = name
        self.modes = RoomModes(DEFAULT_FLAGS)
        self.created_at = 0
        self.topic = ""
        self.topic_by = ""
        self.topic_at = 0
        self.members: dict[int, Membership] = {}

    def vacate(self, number: int) -> None:
        """Take a session out; an empty room keeps its topic and history, not its modes."""
        del self.members[number]
        if not self.members:
            self.modes = RoomModes(DEFAULT_FLAGS)
