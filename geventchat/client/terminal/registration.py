"""Coming in: capabilities, password, a nick that is free, the welcome.

It also finds out whether the other end is a chat server at all, and says what it is instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from geventchat.client.terminal.errors import NotLetIn, NotTaken, Unreachable, WrongPassword
from geventchat.client.terminal.login import Login
from geventchat.client.terminal.outgoing import Limits
from geventchat.client.terminal.wire import Message, compose, parse

# Without these no line could be confirmed, nor its place in the history known.
NEEDED = ("batch", "echo-message", "labeled-response", "message-tags", "server-time")
WANTED = (*NEEDED, "away-notify", "draft/chathistory", "draft/multiline", "standard-replies")
NICK_TAKEN, NICK_BAD, NICK_KEPT = "433", "432", "435"
_TRIES_MAX = 12
# How the server meets a person. It takes us for one when our first words take longer than
# it listens for them, as on a slow line, and hears who we are when they are there.
_MEETS_A_PERSON = re.compile(
    r"Welcome to .+\. You are \S+ in \S+ \([\d,]+ here\)\.$|-> This server has a password\.$"
)
_MEETS_A_CLIENT = re.compile(r"(?:Password: )?(:\S+ CAP .+)")


def other_nicks(nick: str) -> Iterator[str]:
    """Names to take where one is in use: `ci_`, `ci2` to `ci9`."""
    yield f"{nick}_"
    for number in range(2, 10):
        yield f"{nick}{number}"


class Registration:
    """The conversation up to the welcome. `out` is what to send."""

    def __init__(
        self, nick: str, password: str = "", spare_nick: str = "", login: Login | None = None
    ) -> None:
        """`spare_nick` is what to be called where that nick can be nobody's."""
        self.wanted = nick
        self.nick = nick
        self.out: list[str] = []
        self.is_done = False
        self.last_notice = ""
        self.offered: dict[str, str] = {}
        self.held: set[str] = set()
        self._others = other_nicks(nick)
        self._spare = spare_nick
        self._login = login
        self._tries = 0
        self._asked = self._is_a_person = False
        self._gave_password = bool(password)
        self.out.append(compose("CAP", "LS", "302"))
        if password:
            self.out.append(compose("PASS", password))
        self.out += [compose("NICK", nick), compose("USER", "chat", "0", "*", nick)]

    @property
    def limits(self) -> Limits:
        """What one message of several lines may be."""
        name = "draft/multiline"
        return Limits.of(self.offered[name]) if name in self.held else Limits()

    def take(self, message: Message, line: str) -> None:
        """One line of the server's, read and as it came.

        Raises Unreachable when no chat server says such a thing, NotLetIn, NotTaken.
        """
        if self._is_a_person or _MEETS_A_PERSON.search(line):
            found = _MEETS_A_CLIENT.fullmatch(line)
            self._is_a_person = found is None
            if found is None:  # Not for us.
                return
            message = parse(found[1])
        verb = message.verb
        if verb == "CAP":
            self._capabilities(message)
        elif verb == "PING":
            self.out.append(compose("PONG", message.param(-1)))
        elif verb == "001":
            self._check_capabilities()
            self.nick, self.is_done = message.param(0), True
            if not self.nick or self.nick[0] == ":" or " " in self.nick:
                raise Unreachable("that is not a chat server: nobody can have the nick it gives")
        elif self._login is not None and (answer := self._login.take(message)) is not None:
            self.out += answer
        elif verb in (NICK_TAKEN, NICK_KEPT, NICK_BAD):
            self._another_nick(message)
        elif verb == "464":
            raise WrongPassword(
                "that is not the server's password"
                if self._gave_password
                else "the server wants a password: GEVENTCHAT_PASSWORD or --password"
            )
        elif verb in ("ERROR", "465"):
            raise NotLetIn(f"the server does not let us in: {message.param(-1)}")
        elif verb in ("NOTICE", "FAIL"):
            self.last_notice = message.param(-1)
        elif not _is_servers(message):
            raise Unreachable(f"that is not a chat server: it says {line[:60]!r}")

    def _capabilities(self, message: Message) -> None:
        subcommand, words = message.param(1).upper(), message.param(-1).split()
        if subcommand == "LS":
            self.offered.update(word.partition("=")[::2] for word in words)
            if message.param(2) != "*":
                self._ask_for_capabilities()
        elif subcommand == "ACK":
            self.held |= set(words)
            self.out.append("CAP END" if self._login is None else "AUTHENTICATE PLAIN")
        elif subcommand == "NAK":
            raise Unreachable("the server takes back the capabilities it offers")
        elif subcommand not in ("NEW", "DEL"):
            raise Unreachable("that is not a chat server: it repeats what it is sent")

    def _ask_for_capabilities(self) -> None:
        self._check_capabilities()
        if not self._asked:
            self._asked = True
            wanted = WANTED if self._login is None else (*WANTED, "sasl")
            some = [name for name in wanted if name in self.offered]
            self.out.append(compose("CAP", "REQ", " ".join(some)))

    def _check_capabilities(self) -> None:
        if missing := [name for name in NEEDED if name not in self.offered]:
            raise Unreachable(
                "that IRC server cannot confirm lines (it has no"
                f" {', '.join(missing)}): use an IRC client for it"
            )
        if self._login is not None and "sasl" not in self.offered:
            raise NotLetIn("the server has no accounts to log in to: do without --login")

    def _another_nick(self, message: Message) -> None:
        self._tries += 1
        is_bad = message.verb == NICK_BAD
        nick = self._spare if is_bad else next(self._others, "")
        if is_bad:
            self._spare = ""
        if not nick or self._tries > _TRIES_MAX:
            raise NotTaken(f"the nick {message.param(1)} cannot be had: {message.param(-1)}")
        self.out.append(compose("NICK", nick))


def _is_servers(message: Message) -> bool:
    """Whether an IRC server may say such a thing to somebody who is coming in."""
    if message.verb.isdecimal() and len(message.verb) == 3:
        return bool(message.source and message.params)
    return message.verb in ("WARN", "NOTE", "PONG", "MODE", "SETNAME")
