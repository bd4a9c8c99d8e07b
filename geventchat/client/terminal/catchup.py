"""What was said in a room before one was in it, or while one was not: fetched, in its place.

What is said meanwhile waits, so that lines come in the room's order, each once. The newest
come first from the server, page by page back to what was seen last.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from geventchat.client.terminal.answers import refusals
from geventchat.client.terminal.events import Event, InRoom, Said
from geventchat.client.terminal.happenings import line_of
from geventchat.client.terminal.state import Room, State
from geventchat.client.terminal.wire import Message

# Lines shown to somebody who comes in, as at telnet.
FIRST_LINES = 20
# Pages of what was missed: 2,000 lines where a page is 500. More is told, not shown.
PAGES_MAX = 4

Ask = Callable[[Callable[[list[Message]], list[Event]], str, str, str, str, str], None]


class Catchup:
    """One room's, from the moment one is in it until its lines are there."""

    def __init__(self, state: State, room: Room, ask: Ask, page_lines: int, came_at: int) -> None:
        """`ask(tell, verb, *params)` sends a command and has its answer told.

        `came_at` is when this person came into the room, in milliseconds since 1970.
        """
        self._state, self._room, self._ask = state, room, ask
        self._page = page_lines
        # The moment itself counts again: other lines may bear the same. `is_new` sorts it out.
        self._since = room.last_at - 1 if room.last_at else 0
        self._pages = 0
        self._is_told = False
        self._lines: list[Said] = []
        self._came_at = came_at
        room.held = []

    def begin(self) -> None:
        """Ask for the first page. By time: a server that keeps nothing begins its numbers again,
        and the same number would be another line."""
        name = self._room.name
        if self._since:
            self._request("LATEST", name, f"timestamp={_stamp(self._since)}", self._page)
        else:
            self._request("LATEST", name, "*", min(FIRST_LINES, self._page))

    def _request(self, way: str, room: str, place: str, lines: int) -> None:
        self._pages += 1
        self._ask(self.took, "CHATHISTORY", way, room, place, str(lines))

    def took(self, messages: list[Message]) -> list[Event]:
        """A page has come, or why there is none."""
        if refused := refusals(messages):
            return [*self.end(more=self._is_told), *(refused if self._since else [])]
        self._is_told = True
        page = [
            line
            for message in messages
            if message.verb in ("PRIVMSG", "NOTICE")
            and message.source
            and (line := line_of(self._state, message)) is not None
            and line.room
        ]
        self._lines = page + self._lines
        is_full = len(page) >= self._page and page[0].at > self._since
        goes_on = is_full and self._pages < PAGES_MAX and " " not in (page[0].id or " ")
        if self._since and goes_on:
            self._request("BEFORE", self._room.name, f"msgid={page[0].id}", self._page)
            return []
        return self.end(more=bool(self._since) and is_full)

    def end(self, more: bool = False) -> list[Event]:
        """All there is to fetch has come; now what was said meanwhile."""
        room = self._room
        missed = self._since > 0 and self._is_told
        lines = [one for one in self._lines if one.at > self._since and room.is_new(one)]
        held, room.held = room.held or [], None
        room.last_at = max(room.last_at, self._came_at)
        nicks = tuple(room.nicks)
        entered = InRoom(room.name, room.topic, nicks, tuple(lines), missed, more)
        return [entered, *(one for one in held if room.is_new(one))]


def _stamp(at: int) -> str:
    moment = datetime.fromtimestamp(at // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{at % 1000:03d}Z"
