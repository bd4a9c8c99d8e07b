"""One connection's conversation with the server: lines in, events out, nothing waits.

    conversation = Conversation(state, registration)
    events = conversation.take(line)        # for each line that came
    sock.sendall(conversation.outgoing())   # after each call of anything here

MUST: every message that is said ends in exactly one of `confirmed`, `refused` or, when the
connection ends before its answer, `unanswered`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from typing import NamedTuple

from geventchat.client.terminal.answers import reason_of, refusals
from geventchat.client.terminal.batches import Answer, Batches
from geventchat.client.terminal.catchup import Catchup
from geventchat.client.terminal.events import Event, Form, InRoom, NotSent, Renamed, Said, Told
from geventchat.client.terminal.happenings import happened, line_of
from geventchat.client.terminal.outgoing import messages_of, written
from geventchat.client.terminal.registration import Registration
from geventchat.client.terminal.state import State, fold
from geventchat.client.terminal.wire import Message, compose, parse

# What tells an answer in words; it gets all messages of it.
Tell = Callable[[list[Message]], list[Event]]
_PAGE_MAX = 500
_FENCE = "welcomed"
# What geventchat tells IRC clients (its setting irc_on_connect).
_LOBBY = re.compile(r"People meet in (#\S+) ")


class Sent(NamedTuple):
    """A message on its way: whom it is for, what it says; `number` is the caller's own."""

    to: str
    text: str
    form: Form
    nick: str
    number: int = 0


class Conversation:
    """From the first line to the last of one connection; `state` outlives it.

    is_ready   the welcome is through: rooms may be entered
    lobby      where people meet, if the server told
    reclaim    the nick to have back, while a lost connection still has it
    last_words why the server closes the connection, if it told
    confirmed, refused  counts of the messages said
    """

    def __init__(self, state: State, registration: Registration) -> None:
        self.state = state
        self.is_ready = False
        self.last_words = ""
        self.confirmed = 0
        self.refused: list[NotSent] = []
        self.reclaim = ""
        self.lobby = ""
        self._registration = registration
        self._batches = Batches()
        self._labels = count(1)
        self._sent: dict[str, Sent] = {}
        self._asked: dict[str, Tell] = {}
        self._out: list[str] = []
        self._catchups: dict[str, Catchup] = {}
        self._page_lines = _PAGE_MAX

    @property
    def unanswered(self) -> list[Sent]:
        """What was said and has no answer yet, in order."""
        return list(self._sent.values())

    def outgoing(self) -> bytes:
        """What is to be sent now."""
        lines = self._registration.out + self._out
        self._registration.out, self._out = [], []
        return "".join(f"{line}\r\n" for line in lines).encode()

    def take(self, line: str) -> list[Event]:
        """One line of the server's. Raises what Registration and Batches raise."""
        message = parse(line)
        if not self._registration.is_done:
            self._registration.take(message, line)
            if self._registration.is_done:
                self.state.nick = self._registration.nick
            return []
        told: list[Event] = []
        for piece in self._batches.take(message):
            if isinstance(piece, Answer):
                told += self._answered(piece)
            else:
                told += self._now(piece.message)
        return told

    def ask(self, tell: Tell, verb: str, *params: str) -> None:
        """Send a command; `tell` makes words of its whole answer."""
        label = self._label()
        self._out.append(compose(verb, *params, label=label))
        self._asked[label] = tell

    def say(self, to: str, text: str, form: Form = Form.MESSAGE, number: int = 0) -> None:
        """Say something to a room or to somebody, in as many messages as it takes."""
        limits = self._registration.limits
        for pieces in messages_of(text, to, self.state.nick, limits, form):
            label = self._label()
            self._out += written(pieces, to, label, form)
            whole = "".join(("" if p.concat else "\n") + p.text for p in pieces)[1:]
            self._sent[label] = Sent(to, whole, form, self.state.nick, number)

    def join(self, name: str, key: str = "") -> None:
        """Enter a room. `InRoom` tells that it has worked."""
        self.state.add_room(name, key)

        def tell(messages: list[Message]) -> list[Event]:
            told = refusals(messages)
            room = self.state.room(name)
            if told and room is not None and not room.inside:
                self.state.drop_room(name)
            return told

        self.ask(tell, "JOIN", name, *([key] if key else []))

    def ping(self) -> None:
        """Ask for a sign of life; and for one's own nick, where a lost connection still has it."""
        self._out.append("PING :here")
        if self.reclaim:
            self.ask(lambda _: [], "NICK", self.reclaim)

    @property
    def last_notice(self) -> str:
        """What the server said last before its welcome; perhaps why there is none."""
        return self._registration.last_notice

    def quit(self, reason: str = "") -> None:
        """Say goodbye; the server closes."""
        self._out.append(compose("QUIT", reason) if reason else "QUIT")

    def _label(self) -> str:
        return f"c{next(self._labels)}"

    def _now(self, message: Message) -> list[Event]:
        verb, state = message.verb, self.state
        if verb == "PING":
            self._out.append(compose("PONG", message.param(-1)))
        elif verb in ("PRIVMSG", "NOTICE"):
            return self._words(message)
        elif verb == "005":
            self._supported(message)
        elif verb in ("376", "422"):
            # What the server tells newcomers behind its welcome stands before the answer.
            self._out.append(f"PING :{_FENCE}")
        elif verb == "PONG" and message.param(-1) == _FENCE:
            self.is_ready = True
        elif verb == "ERROR":
            self.last_words = message.param(-1)
        elif verb == "372":
            return [Told(message.param(-1))]
        elif not self._is_answer(message) and (reason := reason_of(message)):
            # A batch that was refused is told with its label; its lines are, one by one, too.
            return [] if message.param(0) == "BATCH" else [Told(reason)]
        told = happened(state, message)
        if verb == "JOIN" and state.is_me(message.nick):
            self._came_in(message)
        if verb in ("NICK", "QUIT"):
            self._nick_changed(message, told)
        return told

    def _is_answer(self, message: Message) -> bool:
        return "label" in message.tags or "batch" in message.tags

    def _words(self, message: Message) -> list[Event]:
        if message.verb == "NOTICE" and "!" not in message.source:
            return self._from_the_server(message.param(-1))
        said = line_of(self.state, message)
        if said is None or (fold(said.nick) in self.state.ignored and not said.own):
            return []
        room = self.state.room(said.room) if said.room else self.state.private
        if room is self.state.private:
            self._spoke_with(said)
        if room is not None and room.held is not None:
            room.held.append(said)
            return []
        return [said] if room is None or room.is_new(said) else []

    def _from_the_server(self, text: str) -> list[Event]:
        if not self.is_ready and (found := _LOBBY.match(text)):
            self.lobby = found[1]  # Where one goes anyhow needs no hint.
            return []
        return [Told(text)]

    def _spoke_with(self, said: Said) -> None:
        other = said.to if said.own else said.nick
        self.state.speaks_with(other)
        if not said.own and said.form is not Form.NOTICE:
            self.state.last_from = said.nick

    def _supported(self, message: Message) -> None:
        for token in message.params[1:-1]:
            name, _, value = token.partition("=")
            if name == "CHATHISTORY" and value.isdecimal() and int(value[:6]):
                self._page_lines = min(_PAGE_MAX, int(value[:6]))

    def _came_in(self, message: Message) -> None:
        room = self.state.room(message.param(0))
        if room is None:
            return
        if not self.state.current:
            self.state.go_to(room.name)
        catchup = Catchup(self.state, room, self.ask, self._page_lines, message.at)
        self._catchups[fold(room.name)] = catchup
        if "draft/chathistory" in self._registration.held:
            catchup.begin()
        else:  # A fence: names and topic stand before its answer.
            self.ask(lambda _: catchup.end(), "PING", "entered")

    def _nick_changed(self, message: Message, told: list[Event]) -> None:
        if self.reclaim and self.state.is_me(self.reclaim):
            self.reclaim = ""
        elif self.reclaim and fold(message.nick) == fold(self.reclaim):
            self.ask(lambda _: [], "NICK", self.reclaim)
        for event in told:
            if isinstance(event, Renamed) and fold(self.state.last_from) == fold(event.nick):
                self.state.last_from = event.new

    def _answered(self, answer: Answer) -> list[Event]:
        messages = list(answer.messages)
        sent = self._sent.pop(answer.label, None)
        if sent is None:
            tell = self._asked.pop(answer.label, None)
            return tell(messages) if tell is not None else []
        told: list[Event] = [
            Told(f"{m.param(1)} is away: {m.param(-1)}") for m in messages if m.verb == "301"
        ]
        if any(m.verb in ("PRIVMSG", "NOTICE") and m.source for m in messages):
            self.confirmed += 1
            return told
        why = next((reason for m in messages if (reason := reason_of(m))), "")
        refused = NotSent(sent.to, sent.text, why or "the server gave no reason", sent.number)
        self.refused.append(refused)
        return [*told, refused]


def verdicts(entered: InRoom, unsure: list[Sent], is_over: bool) -> tuple[list[Event], list[Sent]]:
    """What became of lines whose confirmation was lost: those of this room, and the others.

    Each line of the history answers for one that was said. What is not there can still come
    unless `is_over`: the server has seen the end of the connection that was lost. Nor is it
    lost where the history does not reach back to it, or cannot be fetched.
    """
    found = [(line.nick, line.text) for line in entered.lines]
    told: list[Event] = []
    for sent in (one for one in unsure if fold(one.to) == fold(entered.room)):
        if (sent.nick, sent.text) in found:
            found.remove((sent.nick, sent.text))
            told.append(Told(f"Your line did arrive in {entered.room}: {sent.text}"))
        elif entered.more or not entered.missed or not is_over:
            told.append(Told(f"It is not known whether this arrived: {sent.text}"))
        else:
            why = "the connection was lost before it arrived"
            told.append(NotSent(sent.to, sent.text, why))
    return told, [one for one in unsure if fold(one.to) != fold(entered.room)]
