"""From a session's command to the event it proposes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from geventchat.chat import rights
from geventchat.chat.commands import (
    Command,
    Join,
    Part,
    Quit,
    Say,
    SetAway,
    SetNick,
    SetTopic,
    Tell,
)
from geventchat.chat.events import (
    Arrived,
    Event,
    Form,
    Identity,
    Joined,
    Left,
    Parted,
    Renamed,
    Said,
    Told,
    TopicSet,
    WentAway,
)
from geventchat.chat.presence import Session
from geventchat.chat.state import ChatState
from geventchat.chat.text import blank, cut, printable
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
            Tell: self._tell,
            Join: lambda session, command: Joined(session.identity, command.room),
            Part: self._part,
            SetNick: lambda session, command: Renamed(session.identity, command.nick),
            SetTopic: self._set_topic,
            SetAway: self._set_away,
            Quit: self._quit,
        }

    def arrive(self, via: str, user: str, host: str) -> Session:
        """Propose a new session under a free guest name and return it, not yet in the state."""
        self._numbers += 1
        identity = Identity(self._numbers, self.guest_nick(), user, host)
        session = Session(identity, via)
        self.state.expected[self._numbers] = session
        self._propose(session, Arrived(identity, via))
        return session

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

    def say(self, session: Session, room: str, text: str, form: Form = Form.MESSAGE) -> None:
        """Propose a line in a room: what `handle` does for `Say`, without its detours."""
        event = Said(session.identity, room, self._line(text), form)
        rights.check(self.state, event)
        self._propose(session, event)

    def _line(self, text: str) -> str:
        """A line as it may be stored. Raises `Refused` when nothing of it can be seen."""
        text = printable(text)
        if blank(text):
            raise Refused(Reason.NOTHING_TO_SAY)
        return text

    def _reason(self, text: str) -> str:
        return cut(printable(text), self.state.config.reason_max_bytes)

    def _say(self, session: Session, command: Say) -> Event:
        return Said(session.identity, command.room, self._line(command.text), command.form)

    def _tell(self, session: Session, command: Tell) -> Event:
        target = self.state.session_of(command.nick)
        if target is None:
            raise Refused(Reason.NO_SUCH_NICK, nick=command.nick)
        to = target.identity
        return Told(session.identity, to.session, to.nick, self._line(command.text), command.form)

    def _part(self, session: Session, command: Part) -> Event:
        return Parted(session.identity, command.room, self._reason(command.reason))

    def _set_topic(self, session: Session, command: SetTopic) -> Event:
        return TopicSet(session.identity, command.room, printable(command.topic))

    def _set_away(self, session: Session, command: SetAway) -> Event:
        return WentAway(session.identity, self._reason(command.reason))

    def _quit(self, session: Session, command: Quit) -> Event:
        rooms = tuple(session.memberships)
        return Left(session.identity, self._reason(command.reason), rooms)
