"""The server's operators: how one is made, and what they do, in every dialect alike.

What is asked of a password, what counts, what is logged and when the connection
ends is said here; a dialect parses what was typed and words what came of it.
"""

from __future__ import annotations

from collections.abc import Generator
from enum import Enum, auto
from typing import Any, Protocol

from geventchat.chat import commands
from geventchat.chat.commands_accounts import BecomeOper
from geventchat.chat.passwords import is_right
from geventchat.chat.sessions import Session
from geventchat.chat.state import ChatState
from geventchat.chat.text import clean_for_storage, truncate
from geventchat.config import Config
from geventchat.dialects.base import (
    Guess,
    Kill,
    PutTokenBack,
    Record,
    Reload,
    Request,
    Settle,
    Steps,
    TakeToken,
)


class Asking(Protocol):
    """What there is to know of a dialect's client.

    oper_failures  wrong passwords it gave for becoming an operator since the last right one
    """

    oper_failures: int

    @property
    def address(self) -> str:
        """Where it comes from; its session may have other connections, from elsewhere."""

    @property
    def config(self) -> Config:
        """The settings as they are now."""

    @property
    def state(self) -> ChatState:
        """Who is here, and which accounts there are."""

    @property
    def me(self) -> Session:
        """Its session, which has arrived."""

    def ask(self, command: commands.Command) -> bool:
        """Propose a command; it is told when that is refused at once."""


class Claim(Enum):
    """What comes of a claim to be an operator; after the last two the connection must end."""

    GRANTED = auto()
    NOT_LOGGED_IN = auto()  # The token is for an account.
    NOT_SAVED = auto()  # Which was told.
    WRONG = auto()
    ONCE_TOO_OFTEN = auto()
    BLOCKED = auto()  # Too many were wrong from that address: no password counts.


ENDING = frozenset({Claim.ONCE_TOO_OFTEN, Claim.BLOCKED})


def rules(client: Asking) -> bool:
    """Whether its account is an operator of the server, and needs no other password."""
    account = client.state.account_of(client.me)
    return account is not None and account.oper and not account.disabled


def claim(client: Asking, name: str, password: str) -> Generator[Request, Any, Claim]:
    """Become an operator of the server by its name and password; what came of it.

    Whose account is one has given its password, and needs none here.
    """
    if not rules(client):
        config = client.config
        # Both parts are compared always.
        same = is_right(name, config.oper_name), is_right(password, config.oper_password)
        right = bool(config.oper_name and config.oper_password) and all(same)
        counted = yield Guess(client.address, right)
        if not counted:
            return (yield from _failed(client, "password for OPER", counted is None))
    return (yield from _become(client))


def claim_owner(client: Asking, token: str) -> Generator[Request, Any, Claim]:
    """Have one's account rule the server, by the owner's token; what came of it."""
    me = client.me
    if not me.identity.account:
        return Claim.NOT_LOGGED_IN
    right = yield TakeToken(token)
    counted = yield Guess(client.address, right)
    if not counted:
        if right:
            yield PutTokenBack()
        return (yield from _failed(client, "owner's token", counted is None))
    client.ask(BecomeOper())
    yield Settle()
    if not rules(client):
        yield PutTokenBack()
        return Claim.NOT_SAVED
    yield record(client, f"used the owner's token: {me.identity.account} rules the server")
    return (yield from _become(client))


def _become(client: Asking) -> Generator[Request, Any, Claim]:
    if "o" not in client.me.modes:
        client.ask(commands.SetUserModes("+o"))
        yield Settle()
    if "o" not in client.me.modes:
        return Claim.NOT_SAVED
    client.oper_failures = 0
    yield record(client, "became an operator of the server")
    return Claim.GRANTED


def _failed(client: Asking, of: str, blocked: bool) -> Generator[Request, Any, Claim]:
    client.oper_failures += 1
    what = f"gave a wrong {of}"
    if blocked:
        what = "may not OPER for now: too many wrong passwords from that address"
    yield record(client, what, failed=True)
    if blocked:
        return Claim.BLOCKED
    last = client.oper_failures >= client.config.password_tries
    return Claim.ONCE_TOO_OFTEN if last else Claim.WRONG


def record(client: Asking, did: str, failed: bool = False) -> Record:
    """Who did what, and from where, for the server's log."""
    return Record(f"{client.address}: {client.me.nick} {did}", failed)


def end_session(client: Asking, target: Session, words: str) -> Steps:
    """End somebody's session, for the reason that was typed, if there is one."""
    why = f" ({clean_for_storage(words)})" if words else ""
    yield record(client, f"ended the session of {target.nick}, {target.identity.address}")
    reason = truncate(f"Killed by {client.me.nick}{why}", client.config.reason_max_bytes)
    yield Kill(target, reason)


def reload(client: Asking) -> Generator[Request, Any, str]:
    """Have the settings read again; what changed, or why not, in a line."""
    told: str = yield Reload()
    yield record(client, f"had the settings read again: {told}")
    return told
