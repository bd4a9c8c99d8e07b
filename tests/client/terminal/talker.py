"""`geventchat connect` without sockets, in the real chat: what is typed, what is shown."""

from __future__ import annotations

from datetime import datetime

from geventchat.client.terminal.commands import typed
from geventchat.client.terminal.conversation import Conversation, Sent, verdicts
from geventchat.client.terminal.desk import Desk
from geventchat.client.terminal.events import Event, InRoom
from geventchat.client.terminal.registration import Registration
from geventchat.client.terminal.state import State
from geventchat.client.terminal.wire import parse
from geventchat.client.terminal.words import Words, plain
from tests.harness import Harness, IrcClient


class Talker:
    """Somebody at the terminal client. `state` is given to one who comes back."""

    def __init__(self, harness: Harness, nick: str = "alice", state: State | None = None) -> None:
        self.harness = harness
        self.server = IrcClient(harness)
        self.state = state or State(nick)
        self.talk = Conversation(self.state, Registration(self.state.nick))
        now = lambda: datetime.fromtimestamp(harness.clock / 1000)  # noqa: E731
        self.words = Words(self.state, now)
        self.left: list[str] = []
        self.unsure: list[Sent] = []
        self.server.come_in()
        self.hears()

    def hears(self) -> list[str]:
        """Send what is to be sent, until there is no more; what is shown by then."""
        shown: list[str] = []
        while True:
            for line in self.server.hears():
                for event in self.talk.take(line):
                    self._show(event, shown)
            data = self.talk.outgoing()
            if not data:
                return shown
            self.server.does(data)

    def _show(self, event: Event, shown: list[str]) -> None:
        shown += [plain(line) for line in self.words.lines(event)]
        self.state.remember(event)
        if isinstance(event, InRoom) and self.unsure:
            told, self.unsure = verdicts(event, self.unsure, is_over=not self.talk.reclaim)
            for one in told:
                self._show(one, shown)

    def types(self, *texts: str) -> list[str]:
        """Type lines; what is shown then, of others too."""
        shown: list[str] = []
        desk = Desk(self.state, self.talk, lambda e: self._show(e, shown), self.left.append)
        for text in texts:
            typed(desk, text)
            shown += self.hears()
        return shown

    def types_offline(self, text: str) -> list[str]:
        """Type a line while there is no connection."""
        shown: list[str] = []
        typed(Desk(self.state, None, lambda e: self._show(e, shown), self.left.append), text)
        return shown

    def sends_unheard(self, text: str) -> None:
        """Say a line whose confirmation never comes, since the connection is cut behind it."""
        self.talk.say(self.state.current, text)
        self.server.does(self.talk.outgoing())
        self.server.receives()

    def is_cut(self) -> None:
        """The connection is gone, and the server knows it."""
        self.server.leaves("connection lost")

    def comes_back(self) -> tuple[Talker, list[str]]:
        """As the same person, into the same rooms; what is shown then."""
        back = Talker(self.harness, state=self.state)
        back.unsure = self.talk.unanswered
        for room in list(self.state.rooms.values()):
            room.inside, room.held = False, None
            back.talk.join(room.name, room.key)
        return back, back.hears()


def in_room(harness: Harness, nick: str = "alice", room: str = "#dev") -> Talker:
    """Somebody who is in a room."""
    talker = Talker(harness, nick)
    talker.types(f"/join {room}")
    return talker


def says(talker: Talker, *lines: str) -> list[str]:
    """What the server sends on its own; what is shown then."""
    shown: list[str] = []
    for line in lines:
        assert parse(line).verb
        for event in talker.talk.take(line):
            talker._show(event, shown)
    return shown
