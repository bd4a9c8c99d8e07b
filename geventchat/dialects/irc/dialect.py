"""The dialect of IRC clients: lines in, lines out. Implements `dialects.base.Dialect`.

MUST: a line that is not understood gets the numeric or FAIL that says why,
never silence, never the end of the connection.
"""

from __future__ import annotations

from geventchat.chat.events import (
    Arrived,
    Entry,
    Invited,
    Joined,
    Left,
    RealNameSet,
    Renamed,
    Told,
    WentAway,
)
from geventchat.chat.names import fold
from geventchat.chat.presence import Membership
from geventchat.dialects.base import Encoder, HangUp, OpenSession, Settle, Steps
from geventchat.dialects.irc import multiline
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.encoder import LINE_MAX_BYTES
from geventchat.dialects.irc.help import COMMANDS
from geventchat.dialects.irc.history import tell_marker
from geventchat.dialects.irc.rooms import tell_names, tell_topic
from geventchat.dialects.irc.syntax import Message, escape, parse
from geventchat.dialects.lines import LineBuffer
from geventchat.errors import CloseReason, Refused

# What a client may send before its line, `@` and the space behind included
# (IRCv3 message-tags, "Size limit"); 8,191 with the server's own.
TAGS_MAX_BYTES = 4096
_ODD = frozenset(b" ,")
_BUFFER_BYTES = LINE_MAX_BYTES + 8191


class IrcDialect(Client):
    """Reads commands and writes events as IRC does."""

    via = "irc"

    @property
    def filters(self) -> bool:
        return False

    def opened(self) -> Steps:
        self._buffer = LineBuffer(_BUFFER_BYTES)
        self.state.unregistered += 1
        self.session = yield OpenSession(self.via, "~")
        self.me.echoes = False

    def received(self, data: bytes) -> Steps:
        for nth, raw in enumerate(self._buffer.feed(data), 1):
            if nth % self.config.burst_max_lines == 0:
                yield Settle()
            if raw[:9] != b"PRIVMSG #" or not self._said(raw):
                yield from self._line(raw)
        if self._buffer.overflown:
            self.last_words = "Line too long"
            yield HangUp(CloseReason.LINE_TOO_LONG)

    def _said(self, raw: bytes) -> bool:
        """Take the short way for what most lines are: plain words in one room.

        False for all that needs a closer look. Of a line to 500 members this is
        a tenth of the work saved.
        """
        target, colon, text = raw[8:].partition(b" :")
        who = self.me.identity
        overhead = len(who.nick) + len(who.user) + len(who.host) + 6  # ":!@ " and the line's end
        if (
            self.registration is not None
            or not (colon and text)
            or text[0] == 1
            or len(raw) + overhead > LINE_MAX_BYTES
            or not _ODD.isdisjoint(target)
            or b"\0" in raw
            or b"\r" in raw
        ):
            return False
        try:
            room = self.state.rooms.get(fold(target.decode()))
            words = text.decode()
        except UnicodeDecodeError:
            return False
        if room is None:
            return False
        try:
            self.proposals.say(self.me, room.name, words)
        except Refused as refusal:
            self.refuse(refusal, said=True)
        return True

    def _line(self, raw: bytes) -> Steps:
        # Neither may be in a message (RFC 2812 section 2.3); they only ever break things.
        raw = raw.replace(b"\0", b"").replace(b"\r", b"")
        tags_size = raw.find(b" ") + 1 if raw[:1] == b"@" else 0
        if tags_size > TAGS_MAX_BYTES or len(raw) - tags_size > LINE_MAX_BYTES - 2:
            self.reply(n.INPUTTOOLONG, "Input line was too long")
            return
        try:
            message = parse(raw.decode())
        except UnicodeDecodeError:
            self._not_utf8(parse(raw.decode(errors="replace")))
            return
        if message.verb or message.tags:
            yield from self._command(message)

    def _not_utf8(self, message: Message) -> None:
        """IRCv3 UTF8ONLY: refuse, do not guess."""
        label = self._label(message)
        if label:
            self.gather()
        verb = message.verb if message.verb.isalnum() and message.verb.isascii() else "*"
        self.fail(verb.upper(), "INVALID_UTF8", "Message is not valid UTF-8")
        if label:
            self.answer(label)

    def _label(self, message: Message) -> str:
        label = message.tags.get("label", "") if "labeled-response" in self.caps else ""
        return label if len(label.encode()) <= 64 and self.has("batch") else ""

    def _command(self, message: Message) -> Steps:
        verb = message.verb.upper()
        if verb == "BATCH" and self.registration is None:
            yield Settle()
            if message.params and message.params[0][:1] == "-":
                yield from multiline.end(self, message)
            else:
                multiline.begin(self, message)
            return
        if "batch" in message.tags and self.has(multiline.TYPE):
            multiline.add(self, message)
            return
        command = COMMANDS.get(verb)
        label = self._label(message)
        if self.me.unsettled and (label or command is None or not command.flows):
            yield Settle()
        if not label:
            yield from self._run(message._replace(verb=verb))
        elif verb == "JOIN" and self._joins(message):
            self.open_stream(escape(label))
            yield from self._run(message._replace(verb=verb))
            self.close_stream()
        else:
            self.gather()
            yield from self._run(message._replace(verb=verb))
            yield Settle()
            self.answer(escape(label))

    def _run(self, message: Message) -> Steps:
        command = COMMANDS.get(message.verb)
        if self.registration is not None and (command is None or not command.anytime):
            self.reply(n.NOTREGISTERED, "You have not registered")
        elif command is None:
            self.reply(n.UNKNOWNCOMMAND, message.verb or "*", "Unknown command")
        elif command.oper and "o" not in self.me.modes:
            self.reply(n.NOPRIVILEGES, "Permission denied: you're not an IRC operator")
        elif len(message.params) < command.needs or (command.needs and not message.params[0]):
            self.needs(message.verb)
        else:
            yield from command.run(self, message) or ()

    def _joins(self, message: Message) -> bool:
        """Whether a JOIN brings anything but errors, so that its answer is sure to be a batch."""
        rooms, keys = [*message.params, "", ""][:2]
        paired = zip(rooms.split(","), [*keys.split(","), *[""] * rooms.count(",")], strict=False)
        return any(
            room and fold(room) not in self.me.memberships and self.may_join(room, key)
            for room, key in paired
        )

    def encoder_in(self, membership: Membership) -> Encoder:
        return self.encoder

    def returns(self, encoder: Encoder, entry: Entry) -> bool:
        return encoder.returns(entry) and not self.has_answered(entry)

    def wants(self, membership: Membership, entry: Entry) -> bool:
        return membership.shows(entry)

    def direct(self, entry: Entry) -> bytes:
        event = entry.event
        mine = event.by.session == self.me.identity.session
        if isinstance(event, Joined):
            return self._joined(entry, event)
        if isinstance(event, Invited):
            return self.encoder.lines(entry, [f"INVITE {event.nick} {event.room}"])
        if not mine and isinstance(event, Arrived | Left | Renamed):
            return self._watched(event)
        if not mine and isinstance(event, WentAway | RealNameSet) and not self._extended:
            return b""
        encoded = self.encoder.encode(entry)
        to_itself = isinstance(event, Told) and mine and event.to == event.by.session
        # Once as the echo (unless that stands in an answer), and once as the message.
        twice = to_itself and self.me.echoes and not self.has_answered(entry)
        return encoded * 2 if twice else encoded

    @property
    def _extended(self) -> bool:
        return self.has("extended-monitor") or self.has("draft/extended-monitor")

    def _joined(self, entry: Entry, event: Joined) -> bytes:
        """Being in a room: who is there, what about (Modern IRC, JOIN)."""
        membership = self.me.memberships.get(fold(event.room))
        lines = [self.encoder.encode(entry)]
        if membership is not None:
            with self.aside(lines):
                room = membership.room
                if room.topic:
                    tell_topic(self, room)
                tell_names(self, room)
                if self.has("draft/read-marker"):
                    tell_marker(self, room.name)
                self.reply(n.ENDOFNAMES, room.name, "End of /NAMES list")
        return self.tagged(b"".join(lines))

    def _watched(self, event: Arrived | Left | Renamed) -> bytes:
        """Somebody watched came or went; a change of case is neither."""
        lines: list[bytes] = []
        by = event.by
        new = event.nick if isinstance(event, Renamed) else by.nick
        with self.aside(lines):
            if not isinstance(event, Arrived) and fold(by.nick) in self.watched:
                self.reply(n.MONOFFLINE, by.nick)
            if not isinstance(event, Left) and fold(new) in self.watched:
                self.reply(n.MONONLINE, f"{new}!{by.user}@{by.host}")
        return b"".join(lines)

    def gap(self, membership: Membership, lines: int) -> bytes:
        room = membership.room.name
        text = f"{lines} lines skipped; read them with CHATHISTORY"
        return f":{self.server} NOTICE {room} :{text}\r\n".encode()

    def killed(self, reason: str) -> bytes:
        self.last_words = reason
        return b""

    def farewell(self, reason: CloseReason) -> bytes:
        if self.registration is not None and self.session is not None:
            self.state.unregistered -= 1
        words = self.last_words or reason.value
        host = self.session.identity.host if self.session is not None else "*"
        return f"ERROR :Closing Link: {host} ({words})\r\n".encode()
