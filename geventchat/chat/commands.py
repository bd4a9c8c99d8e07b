"""What a session may ask for. Imperative, frozen, free of any wire format.

Each command knows the event it proposes: `draft` puts what was asked into its
canonical form, or raises `Refused`. Whether the event may happen is asked of
`rights`, by whoever proposes it.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

from geventchat.chat import events, rights
from geventchat.chat.canonical import Canon, verifier_in
from geventchat.chat.events import Change, Event, Form
from geventchat.chat.sessions import AWAY, Session
from geventchat.errors import Reason, Refused


class Command:
    """Something a session asks for."""

    __slots__ = ()

    @abstractmethod
    def draft(self, by: Session, canon: Canon) -> Event:
        """The event it proposes. Raises `Refused` when what was asked cannot stand in one."""


@dataclass(frozen=True, slots=True)
class Say(Command):
    """Put a line into a room."""

    room: str
    text: str
    form: Form = Form.MESSAGE
    tags: str = ""
    joined: tuple[int, ...] = ()

    def draft(self, by: Session, canon: Canon) -> Event:
        room, text = canon.room(self.room), canon.line(self.text)
        return events.Said(by.identity, room, text, self.form, self.tags, self.joined)


@dataclass(frozen=True, slots=True)
class SayToStatus(Command):
    """Put a line before those of a room whose status is at least `status` (`@` or `+`)."""

    room: str
    status: str
    text: str
    form: Form = Form.MESSAGE
    tags: str = ""

    def draft(self, by: Session, canon: Canon) -> Event:
        room, text = canon.room(self.room), canon.line(self.text)
        return events.SaidToStatus(by.identity, room, self.status, text, self.form, self.tags)


@dataclass(frozen=True, slots=True)
class Tell(Command):
    """Send a line to one person."""

    nick: str
    text: str
    form: Form = Form.MESSAGE
    tags: str = ""
    joined: tuple[int, ...] = ()

    def draft(self, by: Session, canon: Canon) -> Event:
        to, nick, account = canon.recipient(self.nick)
        text, form, tags = canon.line(self.text), self.form, self.tags
        return events.Told(by.identity, to, nick, text, form, tags, self.joined, account)


@dataclass(frozen=True, slots=True)
class Tag(Command):
    """Send tags alone to a room, such as a reaction (IRCv3 TAGMSG)."""

    room: str
    tags: str

    def draft(self, by: Session, canon: Canon) -> Event:
        return events.Tagged(by.identity, canon.room(self.room), self.tags)


@dataclass(frozen=True, slots=True)
class TagTo(Command):
    """Send tags alone to one person."""

    nick: str
    tags: str

    def draft(self, by: Session, canon: Canon) -> Event:
        to, nick, account = canon.recipient(self.nick)
        return events.TaggedTo(by.identity, to, nick, self.tags, account)


@dataclass(frozen=True, slots=True)
class Redact(Command):
    """Take back the words of event `number` in a room; `own` says that they are one's own."""

    room: str
    number: int
    reason: str
    own: bool

    def draft(self, by: Session, canon: Canon) -> Event:
        room, reason = canon.room(self.room), canon.reason(self.reason)
        return events.Redacted(by.identity, room, self.number, reason, self.own)


@dataclass(frozen=True, slots=True)
class RedactTo(Command):
    """Take back one's own words to a person, event `number`."""

    nick: str
    number: int
    reason: str

    def draft(self, by: Session, canon: Canon) -> Event:
        to, nick, account = canon.recipient(self.nick)
        reason = canon.reason(self.reason)
        return events.RedactedTo(by.identity, to, nick, self.number, reason, account)


@dataclass(frozen=True, slots=True)
class Join(Command):
    """Enter a room, making it (not one's own if `back`) if nobody has; `quiet` till one appears."""

    room: str
    key: str = ""
    quiet: bool = False
    back: bool = False

    def draft(self, by: Session, canon: Canon) -> Event:
        name, forgets = canon.room_to_enter(by, self.room)
        opened, claims = canon.opened(name, self.key), canon.claims(by) and not self.back
        return events.Joined(by.identity, name, by.away, forgets, self.quiet, opened, claims)


@dataclass(frozen=True, slots=True)
class Appear(Command):
    """Have the others told of a session that joined quietly."""

    def draft(self, by: Session, canon: Canon) -> Event:
        room = next(iter(by.rooms), "")
        return events.Appeared(by.identity, canon.room(room))


@dataclass(frozen=True, slots=True)
class Part(Command):
    """Leave a room."""

    room: str
    reason: str = ""

    def draft(self, by: Session, canon: Canon) -> Event:
        room = canon.state.room(self.room)
        reason = "" if room is None else canon.reason_heard(self.reason, by, room)
        return events.Parted(by.identity, canon.room(self.room), reason)


@dataclass(frozen=True, slots=True)
class SetNick(Command):
    """Take a name."""

    nick: str

    def draft(self, by: Session, canon: Canon) -> Event:
        return events.Renamed(by.identity, canon.nick(self.nick, by.nick), by.rooms_knowing)


@dataclass(frozen=True, slots=True)
class SetTopic(Command):
    """Give a room its topic; an empty one removes it."""

    room: str
    topic: str

    def draft(self, by: Session, canon: Canon) -> Event:
        room = canon.room(self.room)
        # Whoever may not set it is told so, not that it is too long.
        rights.may_set_topic(canon.state, events.TopicSet(by.identity, room, ""))
        return events.TopicSet(by.identity, room, canon.topic(room, self.topic))


@dataclass(frozen=True, slots=True)
class Pin(Command):
    """Pin a line in a room."""

    room: str
    text: str

    def draft(self, by: Session, canon: Canon) -> Event:
        text = canon.line(self.text.replace("\n", " "))
        return events.Pinned(by.identity, canon.room(self.room), text)


@dataclass(frozen=True, slots=True)
class SetAway(Command):
    """Be away for a reason, or (with an empty one) be back."""

    reason: str

    def draft(self, by: Session, canon: Canon) -> Event:
        if not self.reason:
            return events.WentAway(by.identity, "")
        return events.WentAway(by.identity, canon.reason_heard(self.reason, by) or AWAY)


@dataclass(frozen=True, slots=True)
class SetRealName(Command):
    """Change one's real name."""

    realname: str

    def draft(self, by: Session, canon: Canon) -> Event:
        return events.RealNameSet(by.identity, canon.realname(self.realname))


@dataclass(frozen=True, slots=True)
class SetUserModes(Command):
    """Change one's own modes, like `+i-w`."""

    changes: str

    def draft(self, by: Session, canon: Canon) -> Event:
        return events.UserModesSet(by.identity, self.changes)


@dataclass(frozen=True, slots=True)
class Kick(Command):
    """Put somebody out of a room."""

    room: str
    nick: str
    reason: str = ""

    def draft(self, by: Session, canon: Canon) -> Event:
        room = canon.state.room(self.room)
        if room is None or not room.members:
            raise Refused(Reason.NO_SUCH_ROOM, room=self.room)
        to, reason = canon.person(self.nick), canon.reason(self.reason)
        return events.Kicked(by.identity, room.name, to.session, to.nick, reason)


@dataclass(frozen=True, slots=True)
class Invite(Command):
    """Ask somebody into a room."""

    nick: str
    room: str

    def draft(self, by: Session, canon: Canon) -> Event:
        to = canon.person(self.nick)
        return events.Invited(by.identity, canon.room(self.room), to.session, to.nick)


@dataclass(frozen=True, slots=True)
class SetModes(Command):
    """Change a room's modes, lists or the status of its members.

    The arguments are as people type them: nicks, masks, keys, numbers.
    """

    room: str
    changes: tuple[Change, ...]

    def draft(self, by: Session, canon: Canon) -> Event:
        room = canon.state.room(self.room)
        if room is None or not room.members:
            raise Refused(Reason.NO_SUCH_ROOM, room=self.room)
        # Whoever may change nothing is told so, not what is wrong with their masks.
        rights.may_set_modes(canon.state, events.ModesSet(by.identity, room.name, ()))
        changes = canon.changes(room, self.changes)
        return events.ModesSet(by.identity, room.name, changes, verifier_in(changes))


@dataclass(frozen=True, slots=True)
class Announce(Command):
    """Tell something to everyone who listens to operators."""

    text: str

    def draft(self, by: Session, canon: Canon) -> Event:
        return events.Announced(by.identity, canon.line(self.text))


@dataclass(frozen=True, slots=True)
class Quit(Command):
    """Leave the server; `chosen` says that the user wants to, and chose the reason."""

    reason: str = ""
    chosen: bool = False

    def draft(self, by: Session, canon: Canon) -> Event:
        reason = canon.reason_heard(self.reason, by)
        return events.Left(by.identity, reason, by.rooms_left, self.chosen)
