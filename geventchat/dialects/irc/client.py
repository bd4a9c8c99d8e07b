"""What both sides of an IRC connection know of each other, and how to answer.

Answers to a command with a label are gathered until the command is through:
only then is it known whether they are none, one, or so many that they need a
batch (IRCv3 labeled-response).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from geventchat.chat import commands as chat
from geventchat.chat.events import Entry, Event, Form, Joined, Said, SaidToStatus, Told
from geventchat.chat.presence import Session
from geventchat.chat.proposals import Proposals
from geventchat.config import Config
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.encoder import IrcEncoder, encoder_for, fitting
from geventchat.dialects.irc.refusals import refusal_lines
from geventchat.dialects.irc.syntax import compose, with_tag
from geventchat.errors import Refused

_NOT_A_NAME = re.compile(r"[^!-~]+")
# Own events told in an answer are remembered, so that they are not told again
# when the room's log is sent; they come soon.
_ANSWERED_MAX = 256


class Registration:
    """What a client has told of itself so far; its nick stands in its session."""

    __slots__ = ("negotiating", "password", "realname", "user")

    def __init__(self) -> None:
        self.negotiating = False
        self.password = ""
        self.user = ""
        self.realname = ""


class Client:
    """One IRC client's side of a talk with the server.

    caps     capabilities it holds
    registration  what it told of itself, until it is in
    streams  name of the batch that all answers go into as they come, or empty
    watched  nicks it watches: key -> as it wrote them
    draft    the message of several lines it is sending, if any
    markers  what it has read: key of a room or nick -> milliseconds since 1970
    """

    def __init__(self, proposals: Proposals, now: Callable[[], int]) -> None:
        self.proposals = proposals
        self.state = proposals.state
        self.now = now
        self.session: Session | None = None
        self.registration: Registration | None = Registration()
        self.caps: frozenset[str] = frozenset()
        self.encoder: IrcEncoder = encoder_for(self.caps)
        self.streams = ""
        self.markers: dict[str, int] = {}
        self.watched: dict[str, str] = {}
        self.draft: Any = None
        self.last_words = ""
        self._gathered: list[Any] | None = None
        self._answered: dict[int, None] = {}
        self._batches = 0

    @property
    def me(self) -> Session:
        """The session."""
        assert self.session is not None
        return self.session

    @property
    def config(self) -> Config:
        return self.state.config

    @property
    def nick(self) -> str:
        """Its nick, or what stands for one that has none yet."""
        return self.me.nick or "*"

    @property
    def server(self) -> str:
        """The server's name as a source; a name for people may have spaces."""
        return _NOT_A_NAME.sub("-", self.config.name)

    def has(self, capability: str) -> bool:
        return capability in self.caps

    def hold(self, caps: frozenset[str]) -> None:
        """Have these capabilities from now on; what was said before is still told the old way."""
        for membership in self.me.memberships.values():
            self.me.close_span(membership)
            membership.encoder = None
        self.caps = caps
        self.encoder = encoder_for(caps)
        self.me.echoes = "echo-message" in caps

    def ask(self, command: chat.Command) -> bool:
        """Propose a command; tell when it is refused at once."""
        try:
            self.proposals.handle(self.me, command)
        except Refused as refusal:
            quiet = getattr(command, "form", None) is Form.NOTICE
            self.refuse(refusal, said=isinstance(command, chat.Say | chat.SayToStatus), quiet=quiet)
            return False
        return True

    def refused(self, event: Event | None, refusal: Refused) -> bytes:
        """Tell that a draft came to nothing."""
        quiet = isinstance(event, Said | Told | SaidToStatus) and event.form is Form.NOTICE
        self.refuse(refusal, said=isinstance(event, Said | SaidToStatus), quiet=quiet)
        return b""

    def refuse(self, refusal: Refused, said: bool = False, quiet: bool = False) -> None:
        """Tell why something is not done. Nothing answers a NOTICE (RFC 2812 section 3.3.2)."""
        if not quiet:
            for verb, params in refusal_lines(refusal, said):
                if verb == "FAIL":
                    self.fail(*params)
                else:
                    self.reply(verb, *params)

    def reply(self, numeric: str, *params: str) -> None:
        """Answer with a numeric; the last parameter may be any text."""
        self.send(numeric, self.nick, *params)

    def needs(self, verb: str) -> None:
        """Tell that parameters are missing."""
        self.reply(n.NEEDMOREPARAMS, verb, "Not enough parameters")

    def send(self, verb: str, *params: str) -> None:
        """Send a line from the server."""
        self.line(compose(verb, params, source=self.server))

    def fail(self, command: str, code: str, *context: str) -> None:
        """Tell a failure as a standard reply; the last of `context` is for people."""
        *words, text = context
        params = " ".join([command, code, *words])
        self.line(f":{self.server} FAIL {params} :{text}")

    def line(self, line: str) -> None:
        """Send a line without its end, truncate to its limit."""
        stamp = ""
        if self.has("server-time"):
            stamp = f"@time={self.encoder.time(self.now())} "
        self.unit(f"{stamp}{fitting(line)}\r\n".encode())

    def unit(self, lines: bytes) -> None:
        """Send lines that belong together: one answer, or a batch of their own."""
        if self._gathered is not None:
            self._gathered.append(lines)
        else:
            self.me.queue(self.tagged(lines))

    def tagged(self, lines: bytes) -> bytes:
        """Lines as a part of the batch that answers go into now."""
        return with_tag(lines, f"batch={self.streams}", False) if self.streams else lines

    def batch_name(self) -> str:
        self._batches += 1
        return f"b{self._batches}"

    def batch(self, kind: str, params: list[str], lines: list[bytes]) -> None:
        """Send lines as a batch, or bare to a client that knows no batches."""
        if not self.has("batch"):
            self.unit(b"".join(lines))
            return
        name = self.batch_name()
        start = compose("BATCH", [f"+{name}", kind, *params], source=self.server)
        body = b"".join(with_tag(piece, f"batch={name}", False) for piece in lines)
        self.unit(f"{start}\r\n".encode() + body + f":{self.server} BATCH -{name}\r\n".encode())

    @contextmanager
    def aside(self, lines: list[bytes]) -> Iterator[None]:
        """Have answers put into `lines` meanwhile."""
        gathered, self._gathered = self._gathered, lines
        try:
            yield
        finally:
            self._gathered = gathered

    def gather(self) -> None:
        """Keep all answers until `answer`, events of its own among them."""
        self._gathered = self.me.captured = []

    def answer(self, label: str) -> None:
        """Send what was gathered as the answer to a command with that label."""
        gathered, self._gathered, self.me.captured = self._gathered or [], None, None
        tag = f"label={label}"
        for entry in gathered:
            if isinstance(entry, Entry):
                self._answered[entry.number] = None
        while len(self._answered) > _ANSWERED_MAX:
            del self._answered[next(iter(self._answered))]
        units = [self.encoder.encode(u) if isinstance(u, Entry) else u for u in gathered]
        units = [unit for unit in units if unit]
        if len(units) == 1:
            self.unit(with_tag(units[0], tag, True))
        elif not units:
            self.unit(f"@{tag} :{self.server} ACK\r\n".encode())
        else:
            name = self.batch_name()
            lines = b"".join(with_tag(unit, f"batch={name}", False) for unit in units)
            start = f"@{tag} :{self.server} BATCH +{name} labeled-response\r\n".encode()
            self.unit(start + lines + f":{self.server} BATCH -{name}\r\n".encode())

    def open_stream(self, label: str) -> None:
        """Have all answers go into one batch as they come.

        For joining: the room's lines must not overtake the news of being in it.
        """
        name = self.batch_name()
        start = f"@label={label} :{self.server} BATCH +{name} labeled-response\r\n"
        self.me.queue(start.encode())
        self.streams = name

    def close_stream(self) -> None:
        name, self.streams = self.streams, ""
        self.me.queue(f":{self.server} BATCH -{name}\r\n".encode())

    def has_answered(self, entry: Entry) -> bool:
        """Whether an event of its own stands (or will stand) in an answer."""
        return entry.number in self._answered or (
            self._gathered is not None
            and any(isinstance(u, Entry) and u.number == entry.number for u in self._gathered)
        )

    def may_join(self, room: str, key: str) -> bool:
        """Whether joining a room would succeed now."""
        event = Joined(self.me.identity, room, key)
        return self.proposals.allows(event)
