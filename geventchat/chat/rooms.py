"""A room and its members: facts only; what they are sent of it is `delivery`'s.

A room lives from the one who enters it when nobody is there to the last who
leaves. Then its modes are over, and with them whatever guarded it: a key, an
invitation, secrecy. So what was said while it was guarded must be over too, for
everybody who was not there. A room therefore knows from which event on a
newcomer may read, and each member keeps what the room said when they came:

* when a guarded room empties, the next one in reads from their own arrival on,
  and finds no topic;
* when the last guard is taken away, newcomers read from then on, and a topic that
  was set behind it is gone; who was there still reads what they could read before.

A room founded by somebody with an account is that account's. It has one life, which goes
on when nobody is in it: its modes, its topic and the ranks it gave to accounts stay,
and so does what may be read, for whoever comes past its guards.

A restart ends all other lives, as the last leaving does. A room that nobody is in may have
to make place for another; when it comes again it is a new one, and nothing earlier is
read there.
"""

from __future__ import annotations

from geventchat.chat.events import Identity
from geventchat.chat.modes import DEFAULT_FLAGS, RoomModes
from geventchat.chat.names import fold
from geventchat.chat.sessions import Session


class Membership:
    """A session in a room.

    status      what it is there: some of `modes.STATUSES`
    reads_from  number of the first event of the room that it may read
    """

    __slots__ = ("reads_from", "session", "status")

    def __init__(self, session: Session, status: str = "", reads_from: int = 0) -> None:
        self.session = session
        self.status = status
        self.reads_from = reads_from


class Room:
    """A room: its name as first spelt, its topic, modes, and members by session number.

    created_at  when the first of those who are here came (milliseconds since 1970)
    modes       what holds in it; of an empty room, what held when the last one left
    reads_from  number of the first event that whoever enters now may read
    topic_kept  whether the topic was set behind a guard, and so goes with it
    unseen      how many of its members have not appeared yet
    owner       key of the account it belongs to, if it does
    ranks       what other accounts are in it for good: `o` or `v`, by their keys
    metadata    what it tells of itself, by names (IRCv3 draft/metadata)
    used_at     when somebody was last known to be in it (milliseconds since 1970)
    """

    __slots__ = (
        "created_at",
        "key",
        "members",
        "metadata",
        "modes",
        "name",
        "owner",
        "ranks",
        "reads_from",
        "topic",
        "topic_at",
        "topic_by",
        "topic_kept",
        "unseen",
        "used_at",
    )

    def __init__(self, key: str, name: str, reads_from: int = 0) -> None:
        self.key = key
        self.name = name
        self.modes = RoomModes(DEFAULT_FLAGS)
        self.created_at = 0
        self.members: dict[int, Membership] = {}
        self.unseen = 0
        self.owner = ""
        self.ranks: dict[str, str] = {}
        self.metadata: dict[str, str] = {}
        self.used_at = 0
        self.reads_from = reads_from
        self._drop_topic()

    @property
    def size(self) -> int:
        """How many members others may know of."""
        return len(self.members) - self.unseen

    def size_for(self, session: Session) -> int:
        """As `size`, with that session if it is one of them."""
        return self.size + (not session.appeared and session.number in self.members)

    def rank_of(self, who: Identity) -> str:
        """What somebody is here for good, by their account: `owner`, `o`, `v` or nothing."""
        if not who.account or not self.owner:
            return ""
        key = fold(who.account)
        return "owner" if key == self.owner else self.ranks.get(key, "")

    def set_topic(self, topic: str, by: str, at: int) -> None:
        """Have a topic, set by that nick (milliseconds since 1970)."""
        self.topic, self.topic_by, self.topic_at = topic, by, at
        self.topic_kept = self.modes.guarded

    def open(self, number: int) -> None:
        """The event of that number took the last guard away."""
        self.reads_from = number
        if self.topic_kept:
            self._drop_topic()

    def end(self, number: int) -> None:
        """End its life: another may begin with the event of that number."""
        if self.modes.guarded:
            self.reads_from = number
            self._drop_topic()

    def begin(self, number: int, at: int) -> None:
        """Begin another life with the event of that number, at that time."""
        self.end(number)
        self.modes = RoomModes(DEFAULT_FLAGS)
        self.metadata.clear()
        self.created_at = at
        self.topic_kept = False

    def _drop_topic(self) -> None:
        self.topic = self.topic_by = ""
        self.topic_at = 0
        self.topic_kept = False
