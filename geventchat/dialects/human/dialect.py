"""The dialect of people at terminals: the conversation, wired to bytes and events."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from geventchat.chat.events import (
    Entry,
    Form,
    Invited,
    Joined,
    Kicked,
    Left,
    Parted,
    Said,
    SaidToStatus,
    Told,
)
from geventchat.chat.names import fold
from geventchat.chat.presence import Membership
from geventchat.chat.proposals import Proposals
from geventchat.chat.text import clean_for_terminal, decoded
from geventchat.dialects.base import Arrive, Encoder, HangUp, OpenSession, Settle, Steps
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.encoder import encoder_for, said
from geventchat.dialects.human.help import run
from geventchat.dialects.human.keys import END_OF_FILE, Keyboard
from geventchat.dialects.human.refusals import farewell_line
from geventchat.dialects.human.telnet import Telnet
from geventchat.errors import CloseReason

# What a browser or a web page's script would send; it must never become chat.
_HTTP = re.compile(rb"[A-Z]+ \S+ HTTP/1\.[0-9]")
_NAMES_SHOWN = 10


class HumanDialect(Client):
    """Reads lines and slash commands, writes plain text. Implements `dialects.base.Dialect`."""

    __slots__ = ("_keyboard", "_telnet", "_welcomed")

    def __init__(self, proposals: Proposals, now: Callable[[], int], via: str = "telnet") -> None:
        super().__init__(proposals, now, via)
        self._telnet = Telnet()
        self._keyboard = Keyboard(self.config.line_max_bytes)
        self._welcomed = False

    @property
    def filters(self) -> bool:
        session = self.session
        return session is not None and bool(session.ignoring or session.quiet)

    def opened(self) -> Steps:
        """Bring the person in and into the lobby; `direct` writes the welcome."""
        self.session = yield OpenSession(self.via, "~" + self.via)
        while not (yield Arrive()):
            if self.state.session_of(self.me.nick) is None:  # It was not the name's fault.
                yield HangUp(CloseReason.NOT_ADMITTED)
            # Somebody took that very guest name meanwhile; the next one is free.
            self.me.identity = replace(self.me.identity, nick="")
        yield from self.join(self.config.lobby)

    def received(self, data: bytes) -> Steps:
        text = self._telnet.feed(data)
        if self._telnet.spoken:
            self._heed_terminal()
        for nth, line in enumerate(self._keyboard.feed(text), 1):
            if nth % self.config.burst_max_lines == 0:
                yield Settle()
            if line[:1] == b"/" or line == END_OF_FILE:
                yield Settle()
                yield from self._command(line)
            elif line[-9:-1] == b" HTTP/1." and _HTTP.fullmatch(line):
                yield HangUp(CloseReason.HTTP)
            elif len(line) > self.config.line_max_bytes:
                self._too_long(line)
            elif line:
                self.say(decoded(line))
        if self._keyboard.buffer.overflown:
            yield HangUp(CloseReason.LINE_TOO_LONG)

    def _heed_terminal(self) -> None:
        if self._telnet.reply:
            self.me.queue(self._telnet.reply)
            self._telnet.reply = b""
        if self._telnet.width and self.columns == 80:
            self.columns = self._telnet.width

    def _too_long(self, line: bytes) -> None:
        limit = self.config.line_max_bytes
        self.reply(f"Line too long: {len(line):,} of {limit:,} bytes, not sent.")

    def _command(self, line: bytes) -> Steps:
        if len(line) > self.config.line_max_bytes:
            self._too_long(line)
        elif line == END_OF_FILE:
            yield from run(self, "quit", "")
        elif line[:2] == b"//":
            self.say(decoded(line[1:]))
        else:
            word, _, rest = clean_for_terminal(decoded(line[1:])).partition(" ")
            yield from run(self, word, rest.strip())

    def encoder_in(self, membership: Membership) -> Encoder:
        return encoder_for(self.look, membership is self.here)

    def returns(self, encoder: Encoder, entry: Entry) -> bool:
        return encoder.returns(entry)

    def wants(self, membership: Membership, entry: Entry) -> bool:
        event = entry.event
        session = membership.session
        if fold(event.by.nick) in session.ignoring:
            return False
        if session.quiet and isinstance(event, Joined | Parted | Left):
            return False
        return membership.shows(entry)

    def direct(self, entry: Entry) -> bytes:
        event = entry.event
        if isinstance(event, Told):
            return self._told(event).encode()
        if isinstance(event, Joined):
            return self._joined(entry, event).encode()
        if isinstance(event, Parted):
            for membership in self.me.memberships.values():
                membership.encoder = None  # Another room may be the one to talk in now.
            return self._parted(event).encode()
        if isinstance(event, Kicked):
            return self._kicked(event).encode()
        if isinstance(event, Invited):
            return (
                f" * {event.by.nick} invites you to {event.room}. /join {event.room}\r\n".encode()
            )
        if isinstance(event, SaidToStatus):
            line = Said(event.by, event.room, event.text, event.form)
            return f"[to {event.status}{event.room}] {said(line, self.look)}\r\n".encode()
        return encoder_for(self.look, True).encode(entry)

    def _kicked(self, event: Kicked) -> str:
        why = f": {clean_for_terminal(event.reason)}" if event.reason else "."
        return f"-> You were kicked from {event.room} by {event.by.nick}{why}\r\n"

    def _told(self, event: Told) -> str:
        sent = ""
        if event.by.session == self.me.identity.session:
            sent = self._tells(event)
            if event.to != event.by.session:
                return sent
        if fold(event.by.nick) in self.me.ignoring:
            return ""
        return sent + self._is_told(event)

    def _tells(self, event: Told) -> str:
        """What the author of a private line sees of it."""
        text = (
            said(event, self.look) if event.form is Form.ACTION else clean_for_terminal(event.text)
        )
        target = self.state.sessions.get(event.to)
        away = f"-> (away: {target.away})\r\n" if target is not None and target.away else ""
        return f"-> [PM to {event.nick}] {text}\r\n{away}"

    def _is_told(self, event: Told) -> str:
        if event.text[:1] == "\x01":
            return ""  # CTCP is what programs ask each other.
        bell = "\a" if self.look.bell else ""
        if event.form is Form.ACTION:
            return f"[PM] {said(event, self.look)}{bell}\r\n"
        return f"[PM from {event.by.nick}] {clean_for_terminal(event.text)}{bell}\r\n"

    def _joined(self, entry: Entry, event: Joined) -> str:
        """The welcome to a room: where you are, who is here, what was said last."""
        membership = self.me.memberships.get(fold(event.room))
        if membership is None:  # Left again before this could be written.
            return ""
        room = membership.room
        recent = room.recent(self.config.history_on_join_lines, before=entry.number)
        encoder = encoder_for(self.look, True)
        lines = self._greeting(membership) if not self._welcomed else [self._here(membership)]
        self._welcomed = True
        history = b"".join(map(encoder.encode, recent)).decode()
        return "".join(f"{line}\r\n" for line in lines) + history + "-- end of history --\r\n"

    def _greeting(self, membership: Membership) -> list[str]:
        room = membership.room
        welcome = (
            f"Welcome to {self.config.name}. You are {self.me.nick} in {room.name}"
            f" ({len(room.members)} here). /nick NAME to choose a name, /help for commands."
        )
        return [welcome, *self.config.motd.splitlines()]

    def _here(self, membership: Membership) -> str:
        room = membership.room
        nicks = [member.session.nick for member in islice(room.members.values(), _NAMES_SHOWN)]
        more = " …" if len(room.members) > len(nicks) else ""
        topic = clean_for_terminal(room.topic) or "no topic"
        names = ", ".join(nicks) + more
        return f"-> You are in {room.name}: {topic} ({len(room.members)} here: {names})"

    def _parted(self, event: Parted) -> str:
        where = f"Now in {self.here.room.name}." if self.here else "You are in no room now."
        return f"-> You left {event.room}. {where}\r\n"

    def gap(self, membership: Membership, lines: int) -> bytes:
        room = membership.room
        where = "" if membership is self.here else f" {room.name}"
        noun = "line" if lines == 1 else "lines"
        return f"-- {lines} {noun} skipped; /history {lines}{where} --\r\n".encode()

    def farewell(self, reason: CloseReason) -> bytes:
        line = farewell_line(reason)
        return f"{line}\r\n".encode() if line else b""
