"""Standard input, line by line, into a room: for programs and for `echo`.

MUST: exit code 0 says that every line is in the room, and in its history where the server
keeps one. Whatever else has happened is told on standard error.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from geventchat.chat.text import clean_for_terminal
from geventchat.client.terminal.caller import Caller
from geventchat.client.terminal.errors import ConnectionLost, NotTaken
from geventchat.client.terminal.events import Event, InRoom, Kicked, NotSent, Told
from geventchat.client.terminal.link import Link, say_goodbye
from geventchat.client.terminal.words import Words, plain

# Lines on their way at once. The server's burst is 10; more would only wait there.
WINDOW_LINES = 16
_READ_BYTES = 65536
# A line without an end is cut here, as a very long one is.
_LINE_MAX_BYTES = 1 << 20
_TICK_S = 10.0
# Colours and cursor movements of programs that take a pipe for a terminal.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])")

Say = Callable[[str], None]


def shown_of(raw: bytes) -> str:
    """A line as a terminal would show it in the end: no colours, and what a CR came back over
    is gone."""
    text = _ESCAPES.sub("", raw.decode(errors="replace"))
    parts = [part for part in text.split("\r") if part.strip()]
    return clean_for_terminal(parts[-1].expandtabs(8)).rstrip() if parts else ""


class Input:
    """The lines of a descriptor, as they come."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.is_at_end = False
        self.lines: list[str] = []
        self.number = 0
        self._rest = b""

    def read(self) -> None:
        """Take what there is; the last line needs no end."""
        data = os.read(self.descriptor, _READ_BYTES)
        if not data:
            self.is_at_end = True
            data = b"\n" if self._rest else b""
        *done, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > _LINE_MAX_BYTES:
            done, self._rest = [*done, self._rest], b""
        self.lines += [shown_of(line) for line in done]

    def next(self) -> tuple[int, str]:
        """The next line and its number in the input, from 1; blank ones are passed over."""
        while self.lines:
            line = self.lines.pop(0)
            self.number += 1
            if line:
                return self.number, line
        return 0, ""


class Pipe:
    """From the first line to the exit code."""

    def __init__(
        self, link: Link, room: str, source: Input, complain: Say, out: Say | None
    ) -> None:
        """`complain` writes to standard error, `out` what is said in the rooms, if it is to."""
        self._link = link
        self._talk = link.conversation
        self._room = room
        self._source = source
        self._complain = complain
        self._out = out
        self._words = Words(link.conversation.state)
        self._said = 0
        self._refused = 0
        self._put_out = ""  # By whom and why, once it has happened.

    def run(self) -> int:
        """Say everything. Raises NotTaken when the room is closed to us, ConnectionLost."""
        try:
            while not self._is_through():
                if self._put_out and not self._talk.unanswered:
                    raise NotTaken(f"{self._put_out}: {self._account()}")
                self._say_more()
                wants = self._wants_more()
                also = self._source.descriptor if wants else -1
                told, readable = self._link.step(_TICK_S, also)
                for event in told:
                    self._take(event)
                if readable and wants:
                    self._source.read()
        except ConnectionLost as error:
            raise ConnectionLost(f"connection lost ({error}): {self._account()}") from None
        say_goodbye(self._link)
        return 1 if self._refused else 0

    @property
    def _is_in(self) -> bool:
        """Whether one is in the room, and all that was said before has come."""
        room = self._talk.state.room(self._room)
        return room is not None and room.inside and room.held is None

    @property
    def _is_shut_out(self) -> bool:
        """Whether the server does not let us into the room."""
        return not self._put_out and self._talk.state.room(self._room) is None

    def _is_through(self) -> bool:
        source = self._source
        nothing_left = source.is_at_end and not any(source.lines)
        return (self._is_in or bool(self._put_out)) and nothing_left and not self._talk.unanswered

    def _wants_more(self) -> bool:
        few = len(self._talk.unanswered) < WINDOW_LINES
        return self._is_in and few and not self._source.lines and not self._source.is_at_end

    def _say_more(self) -> None:
        while self._is_in and len(self._talk.unanswered) < WINDOW_LINES:
            number, line = self._source.next()
            if not number:
                break
            self._talk.say(self._room, line, number=number)
            self._said += 1

    def _take(self, event: Event) -> None:
        if isinstance(event, Kicked) and event.own and self._talk.state.room(self._room) is None:
            why = f" ({event.reason})" if event.reason else ""
            self._put_out = f"put out of {event.room} by {event.by}{why}"
        if isinstance(event, NotSent):
            self._refused += 1
            self._complain(f"line {event.number} was not sent: {event.why}")
        elif self._is_shut_out and isinstance(event, Told):
            raise NotTaken(event.text)
        if self._out is not None and not isinstance(event, InRoom):
            for line in self._words.lines(event):
                self._out(plain(line))

    def _account(self) -> str:
        open_lines = sorted({sent.number for sent in self._talk.unanswered})
        sure = self._said - self._refused - len(open_lines)
        known = "" if self._source.is_at_end else " read so far"
        waiting = sum(1 for line in self._source.lines if line)
        told = f"{sure} of {self._said + waiting} lines{known} are confirmed"
        return f"{told}; line {open_lines[0]} is the first that is not" if open_lines else told


def run_pipe(caller: Caller, descriptor: int, complain: Say, out: Say | None) -> int:
    """Come in, say what comes from `descriptor`, leave. Raises ConnectError."""
    link, _ = caller.call()
    try:
        state, wanted = caller.state, caller.wish.nick
        if not state.is_me(wanted) and not caller.wish.spare_nick:
            complain(f"{wanted} cannot be had; speaking as {state.nick}")
        rooms = caller.wish.rooms or tuple(room.name for room in state.rooms.values())
        room = rooms[0].partition(" ")[0]
        return Pipe(link, room, Input(descriptor), complain, out).run()
    finally:
        link.close()
