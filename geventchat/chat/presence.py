"""Who is where: sessions, rooms, and the memberships between them."""

from __future__ import annotations

from collections import deque
from itertools import chain
from typing import Any

from geventchat.chat.events import Entry, Erased, Identity, Said
from geventchat.chat.modes import DEFAULT_FLAGS, RoomModes
from geventchat.chat.roomlog import Cursor, RoomLog


class Room:
    """A room: its name as first spelt, topic, members by session number, rules, and log.

    `created_at` is when the first of those who are here came (milliseconds since 1970).
    """

    __slots__ = (
        "created_at",
        "earlier",
        "key",
        "log",
        "members",
        "modes",
        "name",
        "topic",
        "topic_at",
        "topic_by",
    )

    def __init__(self, key: str, name: str, backlog: int) -> None:
        self.key = key
        self.name = name
        self.modes = RoomModes(DEFAULT_FLAGS)
        self.created_at = 0
        self.topic = ""
        self.topic_by = ""
        self.topic_at = 0
        self.members: dict[int, Membership] = {}
        self.log = RoomLog(backlog)
        # The last lines before the log begins, read from the journal when the
        # first member came; None until then.
        self.earlier: tuple[Entry, ...] | None = None

    def recent(self, lines: int, before: int) -> list[Entry]:
        """The latest lines said with a number below `before`, oldest first."""
        found: list[Entry] = []
        for entry in chain(reversed(self.log.entries), reversed(self.earlier or ())):
            if len(found) == lines:
                break
            if entry.number < before and entry.event.__class__ is Said:
                found.append(entry)
        return found[::-1]

    def erase(self, number: int) -> None:
        """Forget the words of an event, here and in whatever is kept encoded of it."""
        nothing: Any = Erased(Identity(0, "", "", ""), self.name)
        self.log.replace(number, nothing)
        if self.earlier:
            self.earlier = tuple(entry for entry in self.earlier if entry.number != number)


class Span:
    """A closed stretch of a room's log that one session has yet to be sent.

    It holds marks, not copies: the lines stay in the log, and what has fallen
    off the log by then is told as skipped.
    """

    __slots__ = ("end", "membership", "start")

    def __init__(self, membership: Membership, start: Cursor, end: Cursor) -> None:
        self.membership = membership
        self.start = start
        self.end = end


class Membership:
    """A session in a room.

    status  what the session is here: some of `ov`
    mark   how far into the room's log the session has been sent (its cursor)
    since  number of the event that joined it; earlier events of the log are not news to it
    own    positions in the log, from the mark on, of lines the session itself wrote
    encoder   the encoder chosen for it; kept here for whoever delivers, never looked into
    """

    __slots__ = ("cursor", "encoder", "own", "room", "session", "since", "status")

    def __init__(self, session: Session, room: Room, since: int, status: str = "") -> None:
        self.status = status
        self.session = session
        self.room = room
        self.since = since
        self.cursor = room.log.head
        self.own: deque[int] | None = None
        self.encoder: Any = None

    def note_own(self) -> None:
        """Remember that the next entry of the log is this session's own.

        Who writes and never reads must not pile up memory: beyond the log's
        bound the oldest note is folded into the mark, as a line already seen.
        """
        log = self.room.log
        if self.own is None:
            self.own = deque()
        self.own.append(log.end)
        if len(self.own) > log.bound:
            self.own.popleft()
            self.cursor = Cursor(self.cursor.position, self.cursor.shown + 1)

    def shows(self, entry: Entry) -> bool:
        """Whether an entry that stands in several rooms' logs is to be seen in this one.

        Its session sees it once: in the first of those rooms that it was in
        when the event happened.
        """
        for key in entry.rooms:
            shared = self.session.memberships.get(key)
            if shared is not None and shared.since < entry.number:
                return shared is self
        return True


class Session:
    """State of one connection's user. `link` belongs to whoever delivers; chat never looks in.

    modes      what the session set on itself, some of `modes.USER_MODES`
    arrived    number of the event that brought it
    watching   keys of the nicks whose comings and goings it wants to hear of
    echoes     whether its own private lines come back to it
    captured   while a list: its own entries, for an answer that must name its question
    unsettled  drafts of this session that the journal still holds
    outbox  what this session alone is to be sent, in order: bytes of its
            dialect, entries that its dialect encodes, spans of room logs
    """

    __slots__ = (
        "arrived",
        "arrived_at",
        "away",
        "captured",
        "echoes",
        "identity",
        "ignoring",
        "last_line_at",
        "link",
        "memberships",
        "modes",
        "outbox",
        "quiet",
        "reply_to",
        "unsettled",
        "via",
        "watching",
    )

    def __init__(self, identity: Identity, via: str) -> None:
        self.identity = identity
        self.via = via
        self.memberships: dict[str, Membership] = {}
        self.away = ""
        self.modes = ""
        self.arrived = 0
        self.arrived_at = 0
        self.last_line_at = 0
        self.reply_to = ""
        self.ignoring: frozenset[str] = frozenset()
        self.quiet = False
        self.watching: frozenset[str] = frozenset()
        self.echoes = True
        self.captured: list[Entry] | None = None
        self.unsettled = 0
        # A list, since an empty deque takes 0.7 KiB of every silent connection.
        self.outbox: list[bytes | Entry | Span] = []
        self.link: Any = None

    @property
    def nick(self) -> str:
        return self.identity.nick

    def queue(self, item: bytes | Entry) -> None:
        """Append something for this session alone, behind all room lines it has not been sent.

        Direct replies keep their place: the open spans are closed first.
        """
        for membership in self.memberships.values():
            self.close_span(membership)
        self.outbox.append(item)

    def close_span(self, membership: Membership) -> None:
        """Move a membership's unsent lines into the outbox, so that what follows comes after."""
        head = membership.room.log.head
        if membership.cursor is not head:
            self.outbox.append(Span(membership, membership.cursor, head))
            membership.cursor = head
