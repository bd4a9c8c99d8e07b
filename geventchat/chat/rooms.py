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

A restart ends all other lives; `founding_of` finds out from the journal what each would
have ended with.
"""

from __future__ import annotations

from collections.abc import Iterable

from geventchat.chat.events import Entry, Founding, Identity, Joined, ModesSet, TopicSet
from geventchat.chat.modes import DEFAULT_FLAGS, GUARDS, RoomModes
from geventchat.chat.names import fold
from geventchat.chat.sessions import Session
from geventchat.chat.text import clean_for_storage

# What `founding_of` looks at.
FOUNDING_KINDS = (Joined, ModesSet, TopicSet)


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

    def __init__(self, key: str, name: str) -> None:
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
        self.take_up(Founding())

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

    def take_up(self, founding: Founding) -> None:
        """Have the topic it had, and be readable from where it was."""
        self.reads_from, self.topic, self.topic_by, self.topic_at = founding
        self.topic_kept = False

    def set_topic(self, topic: str, by: str, at: int) -> None:
        """Have a topic, set by that nick (milliseconds since 1970)."""
        self.topic, self.topic_by, self.topic_at = topic, by, at
        self.topic_kept = self.modes.guarded

    def open(self, number: int) -> None:
        """The event of that number took the last guard away."""
        self.take_up(Founding(number) if self.topic_kept else self._kept(number))

    def left_over(self, number: int) -> Founding:
        """What another life takes up again that begins with the event of that number."""
        return Founding(number) if self.modes.guarded else self._kept(self.reads_from)

    def _kept(self, reads_from: int) -> Founding:
        return Founding(reads_from, self.topic, self.topic_by, self.topic_at)

    def begin(self, number: int, at: int) -> None:
        """Begin another life with the event of that number, at that time."""
        self.take_up(self.left_over(number))
        self.modes = RoomModes(DEFAULT_FLAGS)
        self.metadata.clear()
        self.created_at = at


def founding_of(entries: Iterable[Entry], end: int) -> Founding:
    """What a room takes up again after its last life has ended, by what is known of its past.

    `entries` are, in order, its arrivals that founded a life (others do not
    matter), its changes of modes and its topics; `end` is the number of the next event.
    """
    guards: set[str] = set()
    kept = Founding()
    hidden = False  # Whether the topic was set behind a guard.
    for number, at, event, *_ in entries:
        if isinstance(event, Joined) and event.founding is not None:
            if guards:
                kept = Founding(reads_from=number)
            elif event.founding.reads_from >= kept.reads_from:
                kept = event.founding
            guards.clear()
        elif isinstance(event, ModesSet):
            guarded = bool(guards)
            for mode, *_ in event.changes:
                if mode[1] in GUARDS:
                    (guards.add if mode[0] == "+" else guards.discard)(mode[1])
            if guarded and not guards:
                kept = Founding(number) if hidden else kept._replace(reads_from=number)
        elif isinstance(event, TopicSet):
            topic, hidden = clean_for_storage(event.topic), bool(guards)
            kept = Founding(kept.reads_from, topic, event.by.nick, at)
    return Founding(reads_from=end) if guards else kept
