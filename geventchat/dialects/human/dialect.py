"""The dialect of people at terminals: bytes to lines and commands, events to lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from geventchat.chat import events
from geventchat.chat.events import Entry, Event, Identity
from geventchat.chat.names import fold
from geventchat.chat.proposals import Proposals
from geventchat.chat.rooms import Room
from geventchat.chat.sessions import Session
from geventchat.chat.text import clean_for_terminal, decoded
from geventchat.dialects.base import HangUp, OpenSession, Pause, Settle, Steps
from geventchat.dialects.human import speech
from geventchat.dialects.human.agreement import heed
from geventchat.dialects.human.blanks import Blanks
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.devices import begin, joined_elsewhere
from geventchat.dialects.human.encoder import HumanEncoder, lines_of, said
from geventchat.dialects.human.help import is_call_for_help, run, secret_from
from geventchat.dialects.human.keys import Keyboard
from geventchat.dialects.human.moderation import hush_told
from geventchat.dialects.human.prompt.painting import columns_from
from geventchat.dialects.human.prompt.prompt import Prompt
from geventchat.dialects.human.questions import Question, obeyed
from geventchat.dialects.human.refusals import farewell_line, withheld
from geventchat.dialects.human.registration import Registration
from geventchat.dialects.human.screen import Plain, Screen
from geventchat.dialects.human.speech import Kind, kind_of
from geventchat.dialects.human.talks import is_told, tells
from geventchat.dialects.human.terminal import unanswered
from geventchat.dialects.human.welcome import arrival, founded, greeting, last_lines, reminder
from geventchat.dialects.lines import HTTP_REQUEST
from geventchat.errors import CloseReason, Refused

_SLASH, _TAB = b"/\t"
# Of what comes at once in prompt mode so much is looked at in a turn: up to 5 ms of keys.
_PIECE_BYTES = 2048


class HumanDialect:
    """Reads lines and slash commands, writes plain text. Implements `dialects.base.Dialect`.

    `via` is how others see the connection; of a `piped` one nothing is asked that only a
    terminal understands.
    """

    __slots__ = ("_asking", "_keyboard", "_welcomed", "client")

    def __init__(
        self,
        proposals: Proposals,
        now: Callable[[], int],
        host: str,
        address: str,
        via: str = "telnet",
        piped: bool = False,
    ) -> None:
        self.client = Client(proposals, now)
        # Who takes the lines that come while they are for nobody else. Dropped once it is done:
        # of the silent, every byte counts.
        self._asking: Registration | Question | None = Registration(
            self.client,
            self.client.telnet,
            Identity(0, "", f"~{via}", host, address=address),
            via,
            piped,
        )
        self._keyboard: Keyboard | Prompt = Keyboard(proposals.config.line_max_bytes)
        self._welcomed = False

    @property
    def session(self) -> Session | None:
        return self.client.session

    @property
    def screen(self) -> Screen | None:
        mode = self.client.mode
        return mode if mode.__class__ is Screen else None

    @property
    def encoder(self) -> HumanEncoder:
        return self.client.encoder

    @property
    def door(self) -> tuple[str, str]:
        asking, client = self._asking, self.client
        via = asking.via if isinstance(asking, Registration) else client.me.via
        return via, client.address

    def opened(self) -> Steps:
        """Ask for the password or bring the person in; `present` writes the welcome."""
        assert isinstance(self._asking, Registration)
        self.client.outbox = yield OpenSession()
        yield from self._asking.begin()
        self._drop_if_done()

    def received(self, data: bytes) -> Steps:
        if len(data) > _PIECE_BYTES and self.screen is not None:
            yield from self._received_in_pieces(data)
            return
        lines = iter(self._finished_by(data))
        if self._asking is not None:
            yield from self._answered(lines)
        yield from self._take(lines)
        if self.client.screen is None and isinstance(self._keyboard, Prompt):
            self._hand_over()
        if self._keyboard.buffer.overflown:
            yield HangUp(CloseReason.LINE_TOO_LONG)

    def _take(self, lines: Iterator[bytes]) -> Steps:
        """Say or do what was typed."""
        client, config = self.client, self.client.config
        for nth, line in enumerate(lines, 1):
            if nth % config.burst_max_lines == 0:
                yield Settle()
            if (line and line[0] > _SLASH) or (kind := kind_of(line)) is Kind.WORDS:
                if line[-9:-1] == b" HTTP/1." and HTTP_REQUEST.fullmatch(line):
                    yield HangUp(CloseReason.HTTP)
                elif len(line) > config.line_max_bytes:
                    speech.too_long(client, len(line))
                elif told := withheld(text := decoded(line)):
                    client.reply(told)
                elif not client.lines_said and is_call_for_help(line):
                    run(client, "help", "")
                elif line[0] == _SLASH or _TAB in line or client.blanks is not None:
                    speech.say(client, line)
                else:
                    client.say(text)
            elif kind is Kind.COMMAND:
                yield Settle()
                self._asking = yield from obeyed(client, speech.obey(client, line))
                yield Settle()
                if self._asking is not None:
                    yield from self._answered(lines)
            elif kind is Kind.BLANK:
                client.blanks = client.blanks or Blanks()
                client.blanks.add(client.now())
            else:
                speech.cut(client)

    def _answered(self, lines: Iterator[bytes]) -> Steps:
        """Have what was asked for taken from the lines."""
        assert self._asking is not None
        yield from self._asking.typed(lines)
        self._drop_if_done()

    def _received_in_pieces(self, data: bytes) -> Steps:
        """A line editor's keys are dear: the others have their turns between some of them."""
        for start in range(0, len(data), _PIECE_BYTES):
            yield from self.received(data[start : start + _PIECE_BYTES])
            yield Pause()

    def _finished_by(self, data: bytes) -> list[bytes]:
        """The lines that are whole with these bytes."""
        text = self.client.telnet.feed(data)
        if self.client.telnet.spoken:
            self._heed_terminal()
        lines = self._keyboard.feed(text)
        if lines and self.client.mode is not Plain.UNOFFERED:
            self._finished()
        return lines

    def ended(self) -> Steps:
        """The last line of a pipe may have no end; at a terminal it was not finished."""
        if self._keyboard.buffer.pending and self.session and not self.client.telnet.spoken:
            yield from self.received(b"\n")

    def _drop_if_done(self) -> None:
        if self._asking is not None and self._asking.done:
            self._asking = None

    def _heed_terminal(self) -> None:
        if self.client.telnet.reply:
            self.client.outbox.put(self.client.telnet.taken())
        if self.client.telnet.width:  # A window can change its size.
            self.client.resize(columns_from(self.client.telnet.width))
            self.client.telnet.width = 0
        if self.session is not None:
            heed(self.client)
            self._hand_over()

    def _hand_over(self) -> None:
        """Have the keys read by who is to read them now; a line that was begun goes on there."""
        screen, before = self.client.screen, self._keyboard
        if screen is not None:
            self._keyboard = screen.prompt
        elif isinstance(before, Prompt):
            self._keyboard = Keyboard(before.buffer.max_bytes)
        if self._keyboard is not before:
            begun = before.buffer.pending
            self._keyboard.feed(begun)
            question = self._asking if isinstance(self._asking, Question) else None
            if question is not None:
                question.label()
            elif begun and screen is None and secret_from(begun.decode()) is None:
                self.client.outbox.put(begun)  # The terminal does not know of it.

    def _finished(self) -> None:
        """Somebody has finished a line: so they have looked at their screen."""
        client = self.client
        if client.screen is not None:
            client.screen.unread.private = 0
        elif client.mode is Plain.ASKED and not client.telnet.spoken:
            unanswered(client)

    def encoder_in(self, room: Room) -> HumanEncoder:
        return self.client.encoder_as(room is self.client.here)

    def present(self, entry: Entry, echo: bool) -> list[str]:
        event = entry.event
        if isinstance(event, events.Told):
            return tells(self.client, event) if echo else is_told(self.client, entry, event)
        if isinstance(event, events.Joined):
            return self._joined(entry, event)
        if isinstance(event, events.Parted):
            return self._parted(event)
        if isinstance(event, events.Kicked):
            return self._kicked(event)
        if isinstance(event, events.Invited):
            return [f"*** {event.by.nick} invites you to {event.room}. /join {event.room}"]
        if isinstance(event, events.SaidToStatus):
            start = f"{self.encoder.stamp(entry.at)}[to {event.status}{event.room}] "
            return [start + said(line, self.client.look) for line in lines_of(event)]
        return self.encoder.encode(entry)

    def _kicked(self, event: events.Kicked) -> list[str]:
        why = f": {clean_for_terminal(event.reason)}" if event.reason else "."
        told = f"-> You were kicked from {event.room} by {event.by.nick}{why}"
        return [told, f"-> {self.client.where}"]

    def _joined(self, entry: Entry, event: events.Joined) -> list[str]:
        """The welcome to a room: where you are, who is here, what was said last."""
        subscription = self.client.outbox.subscriptions.get(fold(event.room))
        if subscription is None:  # Left again before this could be written.
            return []
        feed = subscription.feed
        if event.by.session != self.client.outbox.number:
            return joined_elsewhere(feed.room)
        past = last_lines(self.client, feed, entry)
        if self._welcomed:
            own = founded(self.client, feed.room, entry)
            return [*arrival(self.client, feed.room), *own, *past]
        self._welcomed = True
        greeted = greeting(self.client, feed.room)
        # Before the end of the history: what comes behind that is live, for programs.
        return [*greeted, *past[:-1], *reminder(self.client, greeted + past), past[-1]]

    def _parted(self, event: events.Parted) -> list[str]:
        return [f"-> You left {event.room}. {self.client.where}"]

    def attached(self, session: Session, left: Sequence[Room]) -> None:
        self._welcomed = True
        begin(self.client, session)

    def gap(self, room: Room | None, lines: int) -> list[str]:
        noun = "line" if lines == 1 else "lines"
        if self.client.screen is not None:
            self.client.screen.unread.skipped(None if room is None else room.key, lines)
        if room is None:
            return [f"-- {lines} private {noun} skipped: you did not read fast enough --"]
        where = "" if room is self.client.here else f" {room.name}"
        if not lines:
            return [f"-- some news skipped; /names{where} says who is here --"]
        return [f"-- {lines} {noun} skipped; /history {lines}{where} --"]

    def standing(self, room: Room) -> list[str]:
        return []

    def refused(self, event: Event | None, refusal: Refused) -> None:
        self.client.refuse(refusal, event)

    def killed(self, reason: str) -> None:
        self.client.reply(f"You were removed from the server: {reason}")

    def hushed(self, room: Room, on: bool) -> None:
        self.client.reply(*hush_told(room, self.client.me.identity, on))

    def marked(self, target: str, at: int) -> None:
        """What was read elsewhere is not missed here; nothing shows it."""

    def settings_changed(self) -> None:
        client, config = self.client, self.client.config
        self._keyboard.buffer.max_bytes = config.line_max_bytes
        if client.look.few != config.join_lines_max_members:
            client.restyle(replace(client.look, few=config.join_lines_max_members))

    def slowed(self) -> None:
        self.client.reply("Slow down: that was much at once. The rest is read later, none is lost.")

    def farewell(self, reason: CloseReason) -> list[str]:
        line = farewell_line(reason)
        return [line] if line else []
