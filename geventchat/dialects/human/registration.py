"""How a person becomes a user: the server's password, if it has one, and the arrival."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from geventchat.chat.events import Identity
from geventchat.chat.passwords import is_right
from geventchat.chat.text import decoded
from geventchat.dialects.base import Arrive, Guess, HangUp, Record, Steps
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.keys import CUT_LINE, END_OF_FILE
from geventchat.dialects.human.negotiation import OURS, THEIRS
from geventchat.dialects.human.speech import cut
from geventchat.dialects.human.telnet import OPT_BINARY, OPT_ECHO, Telnet
from geventchat.errors import CloseReason, Reason

_WANTED = "-> This server has a password."
_WRONG = "-> Wrong password."


class Registration:
    """What is kept of somebody until they have arrived; `via` and `piped` as for the dialect."""

    __slots__ = ("_client", "_failures", "_piped", "_telnet", "_who", "via")

    def __init__(
        self, client: Client, telnet: Telnet, who: Identity, via: str, piped: bool
    ) -> None:
        self._client = client
        self._telnet = telnet
        self._who = who
        self.via = via
        self._piped = piped
        self._failures = 0

    def begin(self) -> Steps:
        """Ask for the password, or let the person in at once."""
        if not self._client.config.password:
            yield from self._arrive(opens=True)
            return
        self._open()
        self._client.write(_WANTED)
        self._prompt()

    def _open(self) -> None:
        """Ask of a terminal what has to be asked before the first line is typed.

        Nothing says whether it speaks telnet: one that does answers, and `nc` shows two odd
        characters for each request, over which the first line is written. One in binary
        hands on every byte (RFC 856); one of which we say that we echo for it shows nothing
        of a password that is typed (RFC 857).
        """
        config, telnet = self._client.config, self._telnet
        if config.password:
            telnet.want(OURS, OPT_ECHO)
        if config.telnet_binary and not self._piped:
            telnet.want(THEIRS, OPT_BINARY)
        if telnet.reply:
            self._client.outbox.put(telnet.taken() + b"\r", at_once=False)

    @property
    def done(self) -> bool:
        """Whether the person is in."""
        return self._client.session is not None

    def typed(self, lines: Iterator[bytes]) -> Steps:
        """Take lines for passwords up to the right one; those behind it are left."""
        client = self._client
        for line in lines:
            if line == END_OF_FILE:
                yield HangUp(CloseReason.QUIT)
            elif line == CUT_LINE:
                client.outbox.put(b"\r\n")
                cut(client)
                self._prompt()
            elif line and (yield self._guess(decoded(line))):
                # What was typed has not moved the cursor of a terminal that hid it.
                self._telnet.want(OURS, OPT_ECHO, False)
                client.outbox.put(self._telnet.taken() + b"\r\n")
                yield from self._arrive()
            elif line:
                yield from self._failed()
            if self.done:
                return

    def _guess(self, password: str) -> Guess:
        return Guess(self._who.address, is_right(password, self._client.config.password))

    def _failed(self) -> Steps:
        self._failures += 1
        yield Record(f"{self._who.address}: wrong password of the server", failed=True)
        self._client.outbox.put(b"\r\n")
        if self._failures >= self._client.config.password_tries:
            yield HangUp(CloseReason.WRONG_PASSWORD)
        self._client.write(_WRONG)
        self._prompt()

    def _prompt(self) -> None:
        self._client.outbox.put(b"Password: ")

    def _arrive(self, opens: bool = False) -> Steps:
        """Bring the person in and into the lobby; the welcome comes with the joining.

        If it `opens` the conversation, the welcome travels in one packet with what it asks.
        """
        client = self._client
        who = replace(self._who, session=client.outbox.number)
        while client.session is None:
            client.session = yield Arrive(who, self.via)
            if client.session is None and client.turned_away is not Reason.NICK_IN_USE:
                yield HangUp(CloseReason.NOT_ADMITTED)
        if opens:
            self._open()
        yield from client.join(client.config.lobby, quiet=True)
        if not client.session.rooms and client.turned_away is Reason.NOT_SAVED:
            yield HangUp(CloseReason.NOT_ADMITTED)  # Half in is of no use to anybody.
