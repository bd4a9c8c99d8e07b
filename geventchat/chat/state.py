"""The chat state: who is here, what rooms there are.

MUST: be a function of the events applied so far, the same on every worker and
after a restart; nothing here reads a clock, a setting that may change, or
anything unordered.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, ValuesView
from dataclasses import replace

from geventchat.chat.accounts import PRIVATE, Account
from geventchat.chat.events import Identity
from geventchat.chat.names import fold
from geventchat.chat.rooms import Membership, Room
from geventchat.chat.sessions import Session


class ChatState:
    """Everything replicated: sessions, nicks, rooms. Changed by `apply.apply` only.

    sessions    by the numbers of their connections, and by their own: one may stand there
                several times; see `users`
    lobby       key of the room everyone starts in, which nobody rules
    last_session  the highest number a session ever had
    empty       keys of the rooms nobody is in, those longest empty first
    accounts    by their keys
    metadata    what sessions without an account tell of themselves, by their numbers
    whowas      who was here and until when, the latest last; `whowas_max` of them
    """

    def __init__(self, lobby: str, whowas_max: int) -> None:
        """Both hold until the first `Restarted` that says something else."""
        self.lobby = fold(lobby)
        self.sessions: dict[int, Session] = {}
        self.nicks: dict[str, Session] = {}
        self.rooms: dict[str, Room] = {}
        self.accounts: dict[str, Account] = {}
        self.metadata: dict[int, dict[str, str]] = {}
        self.empty: dict[str, None] = {}
        self.whowas: deque[tuple[Identity, int]] = deque(maxlen=whowas_max)
        self.started_at = 0
        self.sessions_max = 0
        self.last_session = 0

    def become(self, other: ChatState) -> None:
        """Be as another state is, which is of no use afterwards."""
        vars(self).update(vars(other))

    @property
    def rooms_counted(self) -> int:
        """How many rooms there are; the lobby takes nobody's place."""
        return len(self.rooms) - (self.lobby in self.rooms)

    def room(self, name: str) -> Room | None:
        """The room of that name, if there is one."""
        return self.rooms.get(fold(name))

    @property
    def users(self) -> ValuesView[Session]:
        """The sessions, each once."""
        return self.nicks.values()

    def user(self, number: int) -> Session | None:
        """The session of that number of its own, which events and members are for."""
        session = self.sessions.get(number)
        return session if session is not None and session.number == number else None

    def number_of(self, connection: int) -> int:
        """The number of the session that a connection is one of; its own if it is of none."""
        session = self.sessions.get(connection)
        return connection if session is None else session.number

    def session_of(self, nick: str) -> Session | None:
        """The session that has that nick now."""
        return self.nicks.get(fold(nick))

    def account_of(self, session: Session) -> Account | None:
        """The account that a session is logged in to."""
        name = session.identity.account
        return self.accounts.get(fold(name)) if name else None

    def sessions_of(self, account: Account) -> Iterator[Session]:
        """Who is logged in to an account: first who bears its name, then under other nicks."""
        first = self.session_on(account.name)
        if first is not None:
            yield first
        for number in account.sessions:
            session = self.sessions[number]
            if session is not first:
                yield session

    def metadata_of(self, session: Session) -> dict[str, str]:
        """What somebody tells of themselves; to be read only."""
        account = self.account_of(session)
        if account is None:
            return self.metadata.get(session.number, {})
        told = account.metadata
        return {name: value for name, value in told.items() if name[:1] != PRIVATE}

    def session_on(self, account: str) -> Session | None:
        """The session that bears an account's name, which may have several connections."""
        session = self.nicks.get(fold(account))
        same = session is not None and fold(session.identity.account) == fold(account)
        return session if same else None

    def membership(self, session: Session, key: str) -> Membership | None:
        """What a session is in a room, if it is in it."""
        room = self.rooms.get(key)
        return None if room is None else room.members.get(session.number)

    def rooms_of(self, session: Session) -> list[Room]:
        """The rooms a session is in, in the order in which it joined them."""
        return [self.rooms[key] for key in session.rooms]

    def ensure_room(self, name: str, event: int) -> Room:
        """The room of that name, or a new one that begins with the event of that number."""
        key = fold(name)
        room = self.rooms.get(key)
        if room is None:
            room = self.rooms[key] = Room(key, name, event)
            self.empty[key] = None
        return room

    def enter(self, room: Room, membership: Membership) -> None:
        """Put somebody into a room."""
        room.members[membership.session.number] = membership
        room.unseen += not membership.session.appeared
        membership.session.rooms[room.key] = None
        self.empty.pop(room.key, None)

    def vacate(self, room: Room, number: int, event: int) -> None:
        """Take a session out of a room, by the event of that number."""
        room.unseen -= not room.members.pop(number).session.appeared
        if not room.members and not room.owner:
            self.empty[room.key] = None
            room.end(event + 1)

    def log_in(self, session: Session, account: Account, device: str) -> None:
        """Have a session be an account's, on the device of that name."""
        session.identity = replace(session.identity, account=account.name)
        if session.devices is None:
            session.devices = {session.number: device}
        account.sessions[session.number] = None

    def log_out(self, session: Session) -> None:
        """Have a session be nobody's account any more."""
        account = self.account_of(session)
        if account is not None:
            account.sessions.pop(session.number, None)
        session.identity = replace(session.identity, account="")
        if session.devices is not None and session.devices.keys() == {session.number}:
            session.devices = None

    def own(self, room: Room, account: Account) -> None:
        """Have a room belong to an account, until it is dropped."""
        room.owner = account.key
        account.rooms[room.key] = None
        room.ranks.pop(account.key, None)
        self.empty.pop(room.key, None)

    def disown(self, room: Room, event: int) -> None:
        """Have a room be nobody's, by the event of that number: it ends with its last member."""
        room.owner = ""
        room.ranks.clear()
        if not room.members:
            self.empty[room.key] = None
            room.end(event + 1)

    def vacate_all(self, event: int, at: int) -> None:
        """Take everybody out of every room, by the event of that number, at that time."""
        for room in self.rooms.values():
            if not room.members:
                continue
            room.members.clear()
            room.unseen = 0
            # When they really left, nobody knows.
            room.used_at = at
            if not room.owner:
                self.empty[room.key] = None
                room.end(event + 1)

    def forget(self, key: str) -> Room | None:
        """Let go of a room if it is empty; its history stays in the journal, read by nobody."""
        if key not in self.empty:
            return None
        del self.empty[key]
        return self.rooms.pop(key)

    def forgettable(self) -> Iterator[str]:
        """Keys of rooms that may make place for a new one: the longest empty first.

        The lobby is everybody's way in, and always known.
        """
        return (key for key in self.empty if key != self.lobby)
