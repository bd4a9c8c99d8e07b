"""From a session's command to the event it proposes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from geventchat.chat import rights
from geventchat.chat.commands import (
    Announce,
    Command,
    Invite,
    Join,
    Kick,
    Part,
    Quit,
    Redact,
    RedactTo,
    Say,
    SayToStatus,
    SetAway,
    SetModes,
    SetNick,
    SetRealName,
    SetTopic,
    SetUserModes,
    Tag,
    TagTo,
    Tell,
)
from geventchat.chat.events import (
    Announced,
    Arrived,
    Event,
    Form,
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
    Said,
    SaidToStatus,
    Tagged,
    TaggedTo,
    Told,
    TopicSet,
    UserModesSet,
    WentAway,
)
from geventchat.chat.names import fold
from geventchat.chat.presence import Session
from geventchat.chat.state import ChatState
from geventchat.chat.text import clean_for_storage, clean_for_terminal, is_blank, truncate
from geventchat.errors import Reason, Refused


class Proposals:
    """Checks commands against the state and hands the drafts on. Nothing has changed yet.

    `propose` takes (session, draft) and must neither switch nor raise; what
    becomes of the draft shows when it has settled.
    """

    def __init__(self, state: ChatState, propose: Callable[[Session, Event], None]) -> None:
        self.state = state
        self._propose = propose
        self._guests = 0
        self._numbers = 0
        self._draft: dict[type[Command], Callable[[Session, Any], Event]] = {
            Say: self._say,
            SayToStatus: self._say_to_status,
            Tell: self._tell,
            Tag: lambda by, command: Tagged(by.identity, command.room, command.tags),
            TagTo: self._tag_to,
            Redact: self._redact,
            RedactTo: self._redact_to,
            Join: self._join,
            Part: self._part,
            SetNick: lambda by, command: Renamed(by.identity, command.nick),
            SetTopic: self._set_topic,
            SetAway: self._set_away,
            SetRealName: self._set_real_name,
            SetUserModes: lambda by, command: UserModesSet(by.identity, command.changes),
            Kick: self._kick,
            Invite: self._invite,
            SetModes: lambda by, command: ModesSet(by.identity, command.room, command.changes),
            Announce: lambda by, command: Announced(by.identity, self._line(command.text)),
            Quit: self._quit,
        }

    def expect(self, via: str, user: str, host: str) -> Session:
        """A session for a new connection, not yet in the state and without a nick."""
        self._numbers += 1
        return Session(Identity(self._numbers, "", user, host), via)

    def arrive(self, session: Session) -> None:
        """Propose that a session comes in, under its nick or (without one) a free guest name.

        Raises `Refused` when the nick cannot be had.
        """
        who = session.identity
        if not who.nick:
            who = session.identity = replace(who, nick=self.guest_nick())
        event = Arrived(who, session.via, who.realname)
        rights.check(self.state, event)
        self.state.expected[who.session] = session
        self._propose(session, event)

    def kill(self, by: Session, target: Session, reason: str) -> None:
        """Propose, for an operator's session, that another one leaves."""
        self._propose(by, self._quit(target, Quit(reason)))

    def guest_nick(self) -> str:
        """A guest name nobody has."""
        while True:
            self._guests += 1
            nick = f"guest{self._guests}"
            if nick not in self.state.nicks:
                return nick

    def handle(self, session: Session, command: Command) -> None:
        """Propose what a command asks for. Raises `Refused` when the rules forbid it."""
        event = self._draft[type(command)](session, command)
        rights.check(self.state, event)
        self._propose(session, event)

    def allows(self, event: Event) -> bool:
        """Whether an event may happen now."""
        try:
            rights.check(self.state, event)
        except Refused:
            return False
        return True

    def say(self, session: Session, room: str, text: str, form: Form = Form.MESSAGE) -> None:
        """Propose a line in a room: what `handle` does for `Say`, without its detours."""
        event = Said(session.identity, room, self._line(text), form)
        rights.check(self.state, event)
        self._propose(session, event)

    def _line(self, text: str) -> str:
        """A line as it may be stored. Raises `Refused` when nothing of it can be seen."""
        text = "\n".join(map(clean_for_storage, text.split("\n")))
        if is_blank(clean_for_terminal(text)):
            raise Refused(Reason.NOTHING_TO_SAY)
        return text

    def _reason(self, text: str) -> str:
        return truncate(clean_for_storage(text), self.state.config.reason_max_bytes)

    def _known(self, nick: str) -> Session:
        target = self.state.session_of(nick)
        if target is None:
            raise Refused(Reason.NO_SUCH_NICK, nick=nick)
        return target

    def _say(self, session: Session, command: Say) -> Event:
        text = self._line(command.text)
        by, room = session.identity, command.room
        return Said(by, room, text, command.form, command.tags, command.joined)

    def _say_to_status(self, session: Session, command: SayToStatus) -> Event:
        text = self._line(command.text)
        by, status = session.identity, command.status
        return SaidToStatus(by, command.room, status, text, command.form, command.tags)

    def _tell(self, session: Session, command: Tell) -> Event:
        to = self._known(command.nick).identity
        text = self._line(command.text)
        by, form = session.identity, command.form
        return Told(by, to.session, to.nick, text, form, command.tags, command.joined)

    def _tag_to(self, session: Session, command: TagTo) -> Event:
        to = self._known(command.nick).identity
        return TaggedTo(session.identity, to.session, to.nick, command.tags)

    def _redact(self, session: Session, command: Redact) -> Event:
        reason = self._reason(command.reason)
        return Redacted(session.identity, command.room, command.number, reason, command.own)

    def _redact_to(self, session: Session, command: RedactTo) -> Event:
        to = self._known(command.nick).identity
        reason = self._reason(command.reason)
        return RedactedTo(session.identity, to.session, to.nick, command.number, reason)

    def _join(self, session: Session, command: Join) -> Event:
        known = self.state.rooms.get(fold(command.room))
        name = known.name if known else command.room
        return Joined(session.identity, name, command.key, session.away)

    def _part(self, session: Session, command: Part) -> Event:
        return Parted(session.identity, command.room, self._reason(command.reason))

    def _kick(self, session: Session, command: Kick) -> Event:
        room = self.state.rooms.get(fold(command.room))
        if room is None or not room.members:
            raise Refused(Reason.NO_SUCH_ROOM, room=command.room)
        to = self._known(command.nick).identity
        reason = self._reason(command.reason)
        return Kicked(session.identity, room.name, to.session, to.nick, reason)

    def _invite(self, session: Session, command: Invite) -> Event:
        to = self._known(command.nick).identity
        return Invited(session.identity, command.room, to.session, to.nick)

    def _set_topic(self, session: Session, command: SetTopic) -> Event:
        return TopicSet(session.identity, command.room, clean_for_storage(command.topic))

    def _set_away(self, session: Session, command: SetAway) -> Event:
        return WentAway(session.identity, self._reason(command.reason))

    def _set_real_name(self, session: Session, command: SetRealName) -> Event:
        return RealNameSet(session.identity, clean_for_storage(command.realname))

    def _quit(self, session: Session, command: Quit) -> Event:
        rooms = tuple(session.memberships)
        return Left(session.identity, self._reason(command.reason), rooms)
