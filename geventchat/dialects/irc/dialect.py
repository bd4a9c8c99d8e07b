"""The dialect of IRC clients: lines in, lines out.

MUST: a line that is not understood gets the numeric or FAIL that says why,
never silence, never the end of the connection.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from geventchat.chat import events
from geventchat.chat.disclosure import discloses
from geventchat.chat.events import Entry, Event
from geventchat.chat.events_accounts import Attached, LoggedIn, LoggedOut, Registered
from geventchat.chat.names import fold
from geventchat.chat.proposals import Proposals
from geventchat.chat.rooms import Room
from geventchat.chat.sessions import Session
from geventchat.delivery.audience import Audience
from geventchat.delivery.encoder import crlf
from geventchat.dialects.base import HangUp, OpenSession, Settle, Steps
from geventchat.dialects.irc import devices, multiline
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.capabilities import there
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.encoder import LINE_MAX_BYTES, Frame, IrcEncoder
from geventchat.dialects.irc.help import COMMANDS
from geventchat.dialects.irc.history import recent_lines
from geventchat.dialects.irc.markers import moved, tell_marker
from geventchat.dialects.irc.modes import modes_lines
from geventchat.dialects.irc.monitor import tell_watched
from geventchat.dialects.irc.profiles import lines_of_room
from geventchat.dialects.irc.rooms import names_lines, topic_lines
from geventchat.dialects.irc.syntax import Message, escape, parse
from geventchat.dialects.lines import LineBuffer
from geventchat.errors import CloseReason, Refused

# What a client may send before its line, `@` and the space behind included
# (IRCv3 message-tags, "Size limit"); 8,191 with the server's own.
TAGS_MAX_BYTES = 4096
_LABEL_MAX_BYTES = 64
# What is heard of people who are watched only by who asked for it (IRCv3 extended-monitor).
_EXTENDED = events.WentAway | events.RealNameSet | Registered | LoggedIn | LoggedOut
_ODD = frozenset(b" ,")
_BUFFER_BYTES = LINE_MAX_BYTES + 8191


class IrcDialect:
    """Reads commands and writes events as IRC does. Implements `dialects.base.Dialect`."""

    screen = None

    def __init__(
        self,
        proposals: Proposals,
        audience: Audience,
        now: Callable[[], int],
        host: str,
        address: str,
        frame: Frame = crlf,
    ) -> None:
        self.client = Client(proposals, audience, now, host, address, frame)
        self._buffer = LineBuffer(_BUFFER_BYTES)

    @property
    def session(self) -> Session | None:
        return self.client.session

    @property
    def encoder(self) -> IrcEncoder:
        return self.client.encoder

    @property
    def door(self) -> tuple[str, str]:
        return "irc", self.client.address

    def opened(self) -> Steps:
        self.client.outbox = yield OpenSession()

    def received(self, data: bytes) -> Steps:
        client = self.client
        for nth, raw in enumerate(self._buffer.feed(data), 1):
            if nth % client.config.burst_max_lines == 0:
                yield Settle()
            if raw[:9] != b"PRIVMSG #" or not self._said(raw):
                yield from self._line(raw)
        if self._buffer.overflown:
            client.last_words = "Line too long"
            yield HangUp(CloseReason.LINE_TOO_LONG)

    def ended(self) -> Steps:
        """A command without its end was cut: what it was to be is not known."""
        yield from ()

    def _said(self, raw: bytes) -> bool:
        """Take the short way for what most lines are: plain words in one room.

        False for all that needs a closer look. Of a line to 500 members this is
        a tenth of the work saved.
        """
        client = self.client
        if client.session is None:
            return False
        target, colon, text = raw[8:].partition(b" :")
        who = client.session.identity
        overhead = len(who.nick) + len(who.user) + len(who.host) + 6  # ":!@ " and the line's end
        if (
            not (colon and text)
            or text[0] == 1
            or len(raw) + overhead > LINE_MAX_BYTES
            or not _ODD.isdisjoint(target)
            or b"\0" in raw
            or b"\r" in raw
        ):
            return False
        try:
            room = client.state.rooms.get(fold(target.decode()))
            words = text.decode()
        except UnicodeDecodeError:
            return False
        if room is None or discloses(words) is not None:
            return False
        try:
            client.proposals.say(client.session, client.outbox.number, room.name, words)
        except Refused as refusal:
            client.refuse(refusal, said=True)
        return True

    def _line(self, raw: bytes) -> Steps:
        # Neither may be in a message (RFC 2812 section 2.3); they only ever break things.
        raw = raw.replace(b"\0", b"").replace(b"\r", b"")
        tags_size = raw.find(b" ") + 1 if raw[:1] == b"@" else 0
        if tags_size > TAGS_MAX_BYTES or len(raw) - tags_size > LINE_MAX_BYTES - 2:
            self.client.reply(n.INPUTTOOLONG, "Input line was too long")
            return
        try:
            message = parse(raw.decode())
        except UnicodeDecodeError:
            self._not_utf8(parse(raw.decode(errors="replace")))
            return
        if message.verb or message.tags:
            yield from self._command(message._replace(verb=message.verb.upper()))

    def _not_utf8(self, message: Message) -> None:
        """IRCv3 UTF8ONLY: refuse, do not guess."""
        client, label = self.client, self._label(message)
        if label:
            client.begin_answer(label)
        verb = message.verb if message.verb.isalnum() and message.verb.isascii() else "*"
        client.fail(verb.upper(), "INVALID_UTF8", "Message is not valid UTF-8")
        if label:
            client.end_answer()

    def _label(self, message: Message) -> str:
        """The label an answer must bear, as it is written, if there must be one."""
        client = self.client
        if not (client.has("labeled-response") and client.has("batch")):
            return ""
        label = message.tags.get("label", "")
        return escape(label) if len(label.encode()) <= _LABEL_MAX_BYTES else ""

    def _command(self, message: Message) -> Steps:
        client = self.client
        if client.session is not None and multiline.concerns(client, message):
            yield from multiline.take(client, message, self._label(message))
            return
        command = COMMANDS.get(message.verb)
        label = self._label(message)
        if label or command is None or not command.flows:
            yield Settle()
        if label:
            client.begin_answer(label)
        yield from self._run(message) or ()
        if label or command is None or not command.flows:
            yield Settle()
        if label:
            client.end_answer()

    def _run(self, message: Message) -> Steps | None:
        """Carry out a command whose conditions are met, or tell which is not."""
        client, command = self.client, COMMANDS.get(message.verb)
        if client.session is None and (command is None or not command.anytime):
            client.reply(n.NOTREGISTERED, "You have not registered")
        elif command is None or (command.capability and not client.has(command.capability)):
            client.unknown(message.verb)
        elif command.oper and "o" not in client.me.modes:
            client.reply(n.NOPRIVILEGES, "Permission denied: you're not an IRC operator")
        elif len(message.params) < command.needs or (command.needs and not message.params[0]):
            client.needs(message.verb)
        else:
            return command.run(client, message)
        return None

    def encoder_in(self, room: Room) -> IrcEncoder:
        return self.client.encoder

    def present(self, entry: Entry, echo: bool) -> list[str]:
        event = entry.event
        if isinstance(event, events.Joined):
            return self._joined(entry, event)
        if isinstance(event, Attached):
            return self._joined(*devices.entering(self.client, entry))
        if echo and isinstance(event, events.WentAway):
            return devices.away_lines(self.client, event.reason)
        if isinstance(event, events.Announced) and "w" not in self.client.me.modes:
            return []
        if isinstance(event, events.Invited):
            return self.encoder.lines(entry, [f"INVITE {event.nick} {event.room}"])
        if not echo and isinstance(event, events.Arrived | events.Left | events.Renamed):
            return tell_watched(self.client, event)
        if not echo and isinstance(event, _EXTENDED):
            return self.encoder.encode(entry) if self._extended else []
        return self.encoder.encode(entry)

    @property
    def _extended(self) -> bool:
        return self.client.has("extended-monitor") or self.client.has("draft/extended-monitor")

    def _joined(self, entry: Entry, event: events.Joined) -> list[str]:
        """Being in a room: who is there, what about (Modern IRC, JOIN)."""
        client = self.client
        lines = self.encoder.encode(entry)
        subscription = client.outbox.subscriptions.get(fold(event.room))
        if subscription is not None:
            room = subscription.feed.room
            lines += [*topic_lines(client, room), *names_lines(client, room)]
            if client.has("draft/read-marker"):
                lines.append(tell_marker(client, room.name))
            lines.append(client.numeric(n.ENDOFNAMES, room.name, "End of /NAMES list"))
            lines += lines_of_room(client, room)
            lines += recent_lines(client, subscription.feed, before=entry.number)
        # What another device did is no part of what this one asked for.
        return client.streamed(lines) if event.by.session == client.outbox.number else lines

    def attached(self, session: Session, left: Sequence[Room]) -> None:
        devices.begin(self.client, session, left)

    def gap(self, room: Room | None, lines: int) -> list[str]:
        client = self.client
        noun = "line" if lines == 1 else "lines"
        if room is None:
            text = f"{lines} private {noun} skipped: you did not read fast enough"
            return [client.written(f":{client.server} NOTICE {client.nick} :{text}")]
        how = f"/msg {client.server} history {lines} {room.name}"
        if client.has("draft/chathistory"):
            how = "CHATHISTORY"
        text = f"{lines} {noun} skipped; read them with {how}" if lines else "Events skipped"
        return [client.written(f":{client.server} NOTICE {room.name} :{text}")]

    def standing(self, room: Room) -> list[str]:
        """Topic, modes and names, so that nobody stays who has left, under a name they had."""
        client = self.client
        topic = topic_lines(client, room)
        lines = topic or [client.numeric(n.NOTOPIC, room.name, "No topic is set")]
        end = client.numeric(n.ENDOFNAMES, room.name, "End of /NAMES list")
        return [*lines, *modes_lines(client, room), *names_lines(client, room), end]

    def refused(self, event: Event | None, refusal: Refused) -> None:
        self.client.refused(event, refusal)

    def killed(self, reason: str) -> None:
        self.client.last_words = reason

    def hushed(self, room: Room, on: bool) -> None:
        """The MODE that did it was sent to everybody there."""

    def marked(self, target: str, at: int) -> None:
        moved(self.client, target, at)

    def settings_changed(self) -> None:
        """What is offered may have changed, which is told (IRCv3 cap-notify)."""
        client = self.client
        now = frozenset(there(client.config))
        came, went = sorted(now - client.offered), sorted(client.offered - now)
        client.offered = now
        for change, names in (("NEW", came), ("DEL", went)):
            if names and client.has("cap-notify"):
                client.outbox.put([client.composed("CAP", client.nick, change, " ".join(names))])
        if went:
            client.hold(client.caps - frozenset(went))

    def slowed(self) -> None:
        text = "Slow down: that was much at once. The rest is read later, none is lost."
        self.client.send("NOTICE", self.client.nick, text)

    def farewell(self, reason: CloseReason) -> list[str]:
        words = self.client.last_words or reason.value
        return [f"ERROR :Closing Link: {self.client.host} ({words})"]
