"""Coming into the chat, the first time and each time after a connection was lost."""

from __future__ import annotations

import re
from dataclasses import dataclass

from geventchat.client.terminal.conversation import Conversation
from geventchat.client.terminal.events import Event
from geventchat.client.terminal.link import Door, Link, come_in
from geventchat.client.terminal.login import Login
from geventchat.client.terminal.registration import Registration
from geventchat.client.terminal.state import State, fold

# Where people are on a server that does not tell.
LOBBY = "#lobby"
_ODD = re.compile(r"[^A-Za-z0-9_-]")


@dataclass(frozen=True)
class Wish:
    """Who to be and where: rooms as `#room` or `#room KEY`.

    `spare_nick` is for a nick that was not chosen and will not do.
    """

    nick: str
    rooms: tuple[str, ...] = ()
    password: str = ""
    spare_nick: str = ""
    login: Login | None = None


def nick_from(login: str) -> str:
    """A nick from the name somebody has on their machine; empty when there is none in it."""
    return _ODD.sub("", login).lstrip("0123456789-_")[:16]


class Caller:
    """Calls the server. `state` is what is kept from one call to the next."""

    def __init__(self, door: Door, wish: Wish) -> None:
        self.door = door
        self.wish = wish
        self.state = State(wish.nick)
        self._been_in = False

    def call(self) -> tuple[Link, list[Event]]:
        """Connect, come in, and ask for the rooms. Raises Unreachable, NotLetIn, NotTaken."""
        for room in self.state.rooms.values():
            room.inside, room.held = False, None
        nick = self.state.nick
        spare = "" if self._been_in else self.wish.spare_nick
        registration = Registration(nick, self.wish.password, spare, self.wish.login)
        conversation = Conversation(self.state, registration)
        link = Link(self.door.open(), conversation)
        try:
            told = come_in(link)
        except BaseException:
            link.close()
            raise
        if self._been_in and not self.state.is_me(nick):
            conversation.reclaim = nick
        for name, key in self._rooms(conversation.lobby):
            conversation.join(name, key)
        if not self._been_in and self.wish.rooms:
            self.state.go_to(self.wish.rooms[0].partition(" ")[0])
        # So one hears what the operators tell everybody, as people at telnet do.
        conversation.ask(lambda _: [], "MODE", self.state.nick, "+w")
        if self.state.away:
            conversation.ask(lambda _: [], "AWAY", self.state.away)
        self._been_in = True
        return link, told

    def _rooms(self, lobby: str) -> list[tuple[str, str]]:
        """Where to go: back, or where one wished to be; those one has been put into are there."""
        if self._been_in:
            rooms = self.state.rooms.values()
            return [(room.name, room.key) for room in rooms if not room.inside]
        wished = [one.partition(" ")[::2] for one in self.wish.rooms]
        if not wished and not self.state.rooms:
            wished = [(lobby or LOBBY, "")]
        inside = self.state.rooms
        return [(name, key) for name, key in wished if fold(name) not in inside]
