"""Logging in to an account before coming in: SASL PLAIN (IRCv3 sasl-3.1, RFC 4616)."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from pathlib import Path

from geventchat.client.terminal.errors import NotLetIn, UsageError
from geventchat.client.terminal.wire import Message

# IRCv3 sasl-3.1: the answer goes in pieces of so much; one that is not full is the last.
_PIECE_CHARS = 400
LOGGED_IN, ALREADY = "903", "907"
_REFUSED = ("902", "904", "905", "906")


class WrongLogin(NotLetIn):
    """The server knows no such account, or not by that password."""


@dataclass(frozen=True)
class Login:
    """An account's name and password, as they were given."""

    name: str
    password: str = field(repr=False)

    def answers(self) -> list[str]:
        """What is sent once the server says that it waits for it."""
        plain = f"{self.name}\0{self.name}\0{self.password}".encode()
        told = base64.b64encode(plain).decode()
        pieces = [told[i : i + _PIECE_CHARS] for i in range(0, len(told), _PIECE_CHARS)]
        if len(pieces[-1]) == _PIECE_CHARS:
            pieces.append("+")
        return [f"AUTHENTICATE {piece}" for piece in pieces]

    def take(self, message: Message) -> list[str] | None:
        """What to answer to a line of the server's; None to one that is not about this.

        Raises WrongLogin.
        """
        if message.verb == "AUTHENTICATE":
            return self.answers() if message.param(0) == "+" else []
        if message.verb in (LOGGED_IN, ALREADY):
            return ["CAP END"]
        if message.verb in _REFUSED:
            raise WrongLogin(f"cannot log in as {self.name}: {message.param(-1)}")
        return None


def password_in(path: str) -> str:
    """The first line of a file. Raises UsageError."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}") from None
    if not lines or not lines[0]:
        raise UsageError(f"{path} has no password in its first line")
    return lines[0]
