"""Where `apply` says what has happened; who is sent what of it is decided behind this.

The chat knows no more of delivery than this protocol. Rooms and sessions are
given as they are after the event.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from geventchat.chat.events import Entry
from geventchat.chat.rooms import Room
from geventchat.chat.sessions import Session


class Outlet(Protocol):
    """Is told of each applied event, once. MUST NOT change the state or switch greenlets."""

    def to_room(self, room: Room, entry: Entry) -> None:
        """It happened in a room, before everybody there."""

    def to_rooms(self, session: Session, rooms: Sequence[Room], entry: Entry) -> None:
        """A session did it, which is in all these rooms; everybody hears of it once."""

    def to(self, session: Session, entry: Entry) -> None:
        """It is for one session alone, on all its devices."""

    def to_author(self, session: Session, entry: Entry, alone: bool = False) -> None:
        """It is of no room, and its author may want to hear of it; so do their other devices.

        `alone`: those hear of it otherwise.
        """

    def to_watchers(
        self, session: Session, entry: Entry, *keys: str, but: Sequence[str] = ()
    ) -> None:
        """It concerns that session, under those keys of nicks.

        Members of the rooms `but` hear of it there, and the session itself as its author.
        """

    def attached(
        self, session: Session, rooms: Sequence[Room], left: Sequence[Room], entry: Entry
    ) -> None:
        """The connection that did it is one more of that session, and so in its rooms.

        It has `left` those of a session of its own, which has departed.
        """

    def detached(self, connection: int) -> None:
        """A connection is no longer one of a session that goes on."""

    def joined(self, room: Room, session: Session, entry: Entry) -> None:
        """A session entered a room; it hears what comes after, the others of it if it appeared."""

    def parted(self, room: Room, session: Session, entry: Entry) -> None:
        """A session is out of a room, and this is the last it hears of it."""

    def departed(self, session: Session, rooms: Sequence[Room], entry: Entry) -> None:
        """A session is gone from the server and all its rooms, which hear of it if it appeared."""

    def hushed(self, room: Room, session: Session, on: bool) -> None:
        """What that member of a room says is heard there by nobody any more, or is again."""

    def redacted(self, room: Room, number: int) -> None:
        """The words of an event of that room must be shown to nobody any more."""


class Silent:
    """Tells nobody: for a state that follows events which were told when they happened."""

    def _told(self, *what: object, **more: object) -> None:
        """It is nobody's concern any more."""

    to_room = to_rooms = to = to_author = to_watchers = _told
    joined = parted = departed = attached = detached = hushed = redacted = _told
