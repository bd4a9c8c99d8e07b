"""One IRC client: what it told of itself, what it can do, and how to answer it.

Answers to a command with a label are captured until the command is through:
only then is it known whether they are none, one, or so many that they need a
batch (IRCv3 labeled-response). Where what follows must not wait so long (the
lines of a room just joined), the answer becomes a batch that is sent as it
comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from geventchat.chat import commands, events
from geventchat.chat.events import Entry, Event, Form
from geventchat.chat.names import word_of
from geventchat.chat.proposals import Proposals
from geventchat.chat.sessions import Session
from geventchat.chat.state import ChatState
from geventchat.config import Config
from geventchat.delivery.audience import Audience
from geventchat.delivery.encoder import crlf
from geventchat.delivery.outbox import Outbox
from geventchat.dialects.base import Pause
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.capabilities import METADATA, there
from geventchat.dialects.irc.encoder import (
    LINE_MAX_BYTES,
    Frame,
    IrcEncoder,
    encoder_for,
    fitting,
)
from geventchat.dialects.irc.refusals import expects_fail, refusal_lines
from geventchat.dialects.irc.syntax import compose, fitted, in_batch, is_message, with_tag
from geventchat.dialects.irc.unfinished import Multiline, Registration
from geventchat.errors import Reason, Refused


class Client:
    """One IRC client's side of a conversation with the server.

    outbox   where everything for it goes
    session  who it is, once it has registered
    caps     capabilities it holds, of those it was offered
    registration  what it told of itself, until it is in
    watched  nicks it watches: key -> as it wrote them
    multiline  the message of several lines it is sending, if any
    markers  what it has read: key of a room or nick -> milliseconds since 1970
    refusals  how many commands and drafts came to nothing
    last_words  why the connection ends, for ERROR
    ends_with  why the connection is to end once it has been told
    oper_failures  wrong passwords given for OPER since the last right one
    login_failures  the same for accounts
    subscriptions  names of metadata it hears of
    sasl     what has come of a SASL message, while one is expected
    """

    def __init__(
        self,
        proposals: Proposals,
        audience: Audience,
        now: Callable[[], int],
        host: str,
        address: str,
        frame: Frame = crlf,
    ) -> None:
        self.proposals = proposals
        self.audience = audience
        self.now = now
        self.host = host
        self.address = address
        self.outbox: Outbox  # Comes with the open session, before anything is said.
        self.session: Session | None = None
        self.registration: Registration | None = Registration()
        self.caps: frozenset[str] = frozenset()
        self.offered = frozenset(there(proposals.config))
        self._frame = frame
        self.encoder: IrcEncoder = encoder_for(self.caps, frame)
        self.markers: dict[str, int] = {}
        self.watched: dict[str, str] = {}
        self.multiline: Multiline | None = None
        self.last_words = ""
        self.refusals = 0
        self.ends_with = ""
        self.oper_failures = 0
        self.login_failures = 0
        self.sasl: str | None = None
        self.subscriptions: dict[str, None] = {}
        self._label = ""
        self._stream = ""
        self._batches = 0

    @property
    def me(self) -> Session:
        """The session, which has registered."""
        assert self.session is not None
        return self.session

    @property
    def state(self) -> ChatState:
        return self.proposals.state

    @property
    def config(self) -> Config:
        return self.proposals.config

    @property
    def nick(self) -> str:
        """Its nick, or what stands for one that has none yet."""
        if self.session is not None:
            return self.session.nick
        return (self.registration.nick if self.registration else "") or "*"

    @property
    def server(self) -> str:
        """The server's name as a source; a name for people may have spaces."""
        return word_of(self.config.name)

    def has(self, capability: str) -> bool:
        return capability in self.caps

    def hold(self, caps: frozenset[str]) -> None:
        """Have these capabilities from now on; what was said before is still told the old way."""
        self.caps = caps
        names = frozenset(self.subscriptions) if METADATA in caps else frozenset[str]()
        self.encoder = encoder_for(caps, self._frame, names)
        self.outbox.restyle()

    def propose(self, command: commands.Command) -> None:
        """Propose a command. Raises `Refused` when that is refused at once."""
        self.proposals.handle(self.me, command, self.outbox.number)

    def ask(self, command: commands.Command) -> bool:
        """Propose a command; tell when it is refused at once."""
        try:
            self.propose(command)
        except Refused as refusal:
            quiet = getattr(command, "form", None) is Form.NOTICE
            said = isinstance(command, commands.Say | commands.SayToStatus)
            self.refuse(refusal, said=said, quiet=quiet)
            return False
        return True

    def refused(self, event: Event | None, refusal: Refused) -> None:
        """Tell that a draft came to nothing."""
        if isinstance(event, events.Arrived) and refusal.reason is Reason.NICK_IN_USE:
            return  # By itself perhaps, on another device: registration looks again.
        quiet = getattr(event, "form", None) is Form.NOTICE
        said = isinstance(event, events.Said | events.SaidToStatus)
        self.refuse(refusal, said=said, quiet=quiet)

    def refuse(self, refusal: Refused, said: bool = False, quiet: bool = False) -> None:
        """Tell why something is not done. Nothing answers a NOTICE (RFC 2812 section 3.3.2)."""
        self.refusals += 1
        if not quiet:
            for verb, params in refusal_lines(refusal, said):
                if verb == "FAIL":
                    self.fail(*params)
                else:
                    self.reply(verb, *params)

    def reply(self, numeric: str, *params: str) -> None:
        """Answer with a numeric; the last parameter may be any text."""
        self.send(numeric, self.nick, *params)

    def no_such_nick(self, nick: str) -> None:
        self.reply(n.NOSUCHNICK, nick, "No such nick")

    def no_such_channel(self, name: str) -> None:
        self.reply(n.NOSUCHCHANNEL, name, "No such channel")

    def unknown(self, verb: str) -> None:
        self.reply(n.UNKNOWNCOMMAND, verb or "*", "Unknown command")

    def needs(self, verb: str) -> None:
        """Tell that parameters are missing."""
        self.reply(n.NEEDMOREPARAMS, verb, "Not enough parameters")

    def send(self, verb: str, *params: str) -> None:
        """Send a line from the server; too long a parameter is cut, never what follows it."""
        self.unit([self.composed(verb, *params)])

    def fail(self, command: str, code: str, *context: str) -> None:
        """Tell a failure as a standard reply; the last of `context` is for people.

        Clients that know none are told in words.
        """
        known = expects_fail(self.caps, command, code)
        told = ("FAIL", command, code, *context) if known else ("NOTICE", self.nick, context[-1])
        self.send(*told)

    def line(self, line: str) -> None:
        """Send a line, cut to its limit: for those whose last parameter alone may be long."""
        self.unit([self.written(line)])

    def written(self, line: str) -> str:
        """A line of the server's as this client is sent it: cut to its limit, with its time."""
        stamp = f"@time={self.encoder.time(self.now())} " if self.has("server-time") else ""
        return f"{stamp}{fitting(line)}"

    def numeric(self, numeric: str, *params: str) -> str:
        """What `reply` would send."""
        return self.composed(numeric, self.nick, *params)

    def spare(self, numeric: str, *params: str) -> int:
        """How many bytes the last parameter of a numeric may have, behind these."""
        start = " ".join([f":{self.server}", numeric, self.nick, *params, ":"])
        return LINE_MAX_BYTES - 2 - len(start.encode())

    def composed(self, verb: str, *params: str) -> str:
        """What `send` would send."""
        return self.written(fitted(verb, params, self.server, LINE_MAX_BYTES - 2))

    def unit(self, lines: list[str]) -> None:
        """Send lines that belong together: one answer, or a batch of their own."""
        self.outbox.answer(self.streamed(lines))

    def streamed(self, lines: list[str]) -> list[str]:
        """Lines as a part of the answer that is sent as it comes, if there is one."""
        return in_batch(lines, self._stream) if self._stream else lines

    def batched(self, kind: str, params: list[str], lines: Iterable[str]) -> list[str]:
        """Lines as a batch, or bare for a client that knows no batches."""
        if not self.has("batch"):
            return list(lines)
        name, start = self.batch_begin(kind, params)
        return [start, *in_batch(lines, name), self.batch_end(name)]

    def batch_begin(self, kind: str, params: list[str]) -> tuple[str, str]:
        """The name of a batch, and the line that begins it."""
        name = self._batch_name()
        return name, compose("BATCH", [f"+{name}", kind, *params], source=self.server)

    def _batch_name(self) -> str:
        self._batches += 1
        return f"b{self._batches}"

    def batch_end(self, name: str) -> str:
        """The line that ends a batch."""
        return f":{self.server} BATCH -{name}"

    def _answer_start(self, name: str) -> str:
        return f"@label={self._label} :{self.server} BATCH +{name} labeled-response"

    def begin_answer(self, label: str) -> None:
        """Capture all answers until `end_answer`, events of its own among them."""
        self._label = label
        self.outbox.capture()

    def stream_answer(self) -> None:
        """Send the answer as a batch as it comes, from here on, if one is being captured.

        The lines of a room just joined must not overtake it; long answers are not gathered.
        """
        if self.outbox.captured is None:
            return
        units = self._release()
        self._stream = self._batch_name()
        self.outbox.put([self._answer_start(self._stream)])
        for unit in units:
            self.outbox.put(self.streamed(unit))

    def pause(self) -> Pause:
        """Let out what a long answer consists of so far, and go on when it is read."""
        self.stream_answer()
        return Pause()

    def end_answer(self) -> None:
        """Send what was captured as the answer to the command with the label."""
        if self._stream:
            name, self._stream = self._stream, ""
            self.outbox.put([self.batch_end(name)])
            return
        units = self._release()
        if not units:
            self.unit([f"@label={self._label} :{self.server} ACK"])
        elif len(units) == 1 and is_message(units[0]):
            first, *rest = units[0]
            self.unit([with_tag(first, f"label={self._label}"), *rest])
        else:
            name = self._batch_name()
            lines = [line for unit in units for line in in_batch(unit, name)]
            self.unit([self._answer_start(name), *lines, self.batch_end(name)])

    def _release(self) -> list[list[str]]:
        """What was captured, as units of lines."""
        captured = self.outbox.release()
        units = [self.encoder.encode(u) if isinstance(u, Entry) else list(u) for u in captured]
        return [unit for unit in units if unit]
