"""Logging in to an account, in every dialect alike.

What counts, what is logged and when the connection ends is said here; a dialect parses
what was typed and words what came of it.

MUST: no log has what somebody typed where a name belongs and no account is called so;
people type their password there.
"""

from __future__ import annotations

from collections.abc import Generator
from enum import Enum, auto
from typing import Any, Protocol

from geventchat.chat import commands
from geventchat.chat.commands_accounts import LogIn, Register, SetPassword
from geventchat.chat.names import fold
from geventchat.chat.proposals import Proposals
from geventchat.chat.sessions import Session
from geventchat.chat.state import ChatState
from geventchat.config import Config
from geventchat.dialects.base import (
    CheckPassword,
    DropCredential,
    KnowOwner,
    MakeCredential,
    Record,
    Request,
    Settle,
)
from geventchat.dialects.devices import attach, user_of
from geventchat.errors import Reason, Refused, StoreError


class Claimant(Protocol):
    """What there is to know of a dialect's client, which may not have arrived yet.

    login_failures  wrong passwords of accounts it gave since the last right one
    """

    login_failures: int

    @property
    def address(self) -> str:
        """Where it comes from; its session may have other connections, from elsewhere."""

    @property
    def config(self) -> Config:
        """The settings as they are now."""

    @property
    def state(self) -> ChatState:
        """Who is here, and which accounts there are."""


class Member(Claimant, Protocol):
    """A client that has arrived, or (to register) is about to, under the nick of its session."""

    @property
    def me(self) -> Session:
        """Its session."""

    @property
    def proposals(self) -> Proposals:
        """What its commands go to."""

    def ask(self, command: commands.Command) -> bool:
        """Propose a command; it is told when that is refused at once."""


class Proof(Enum):
    """What comes of a password; after `ONCE_TOO_OFTEN` the connection must end."""

    RIGHT = auto()
    WRONG = auto()
    ONCE_TOO_OFTEN = auto()
    BLOCKED = auto()  # Too many were wrong from there: none counts for now.


class Outcome(Enum):
    """What comes of something that needs a password to be hashed."""

    DONE = auto()
    NOT_DONE = auto()  # Which was told: it was proposed and refused.
    BLOCKED = auto()  # Too many were hashed for that address.


def prove(
    client: Claimant, account: str, password: str, address: str
) -> Generator[Request, Any, Proof | StoreError]:
    """Whether somebody at that address has an account's password.

    After a `StoreError` (its text is for users) nothing was counted: to be tried again.
    """
    answer = yield CheckPassword(account, password, address)
    if isinstance(answer, StoreError):
        return answer
    found = client.state.accounts.get(fold(account))
    to = "an account that does not exist" if found is None else found.name
    if answer:
        client.login_failures = 0
        yield Record(f"{address}: gave the password of {to}")
        return Proof.RIGHT
    client.login_failures += 1
    if answer is None:
        yield Record(f"{address}: may not log in to {to} for now: too many tries", failed=True)
        return Proof.BLOCKED
    yield Record(f"{address}: wrong password for {to}", failed=True)
    last = client.login_failures >= client.config.password_tries
    return Proof.ONCE_TOO_OFTEN if last else Proof.WRONG


def log_in(
    client: Member, account: str, password: str, device: str = ""
) -> Generator[Request, Any, Proof | Outcome | StoreError]:
    """Log in to an account by its password; `Outcome.DONE` if that came about.

    If its user is here, this connection is one more of theirs, and was told so.
    """
    proof = yield from prove(client, account, password, client.address)
    if proof is not Proof.RIGHT:
        return proof
    user = user_of(client.state, account)
    if user is not None and user is not client.me:
        return _outcome((yield from attach(user, device)))
    proposed = client.ask(LogIn(account, device))
    yield Settle()
    return _outcome(proposed and fold(client.me.identity.account) == fold(account))


def register(
    client: Member, password: str
) -> Generator[Request, Any, Outcome | Refused | StoreError]:
    """Make an account of one's nick; `Refused` says why that cannot be."""
    me, address = client.me, client.address
    refusal = why_not(client)  # What is refused anyway costs no hash.
    if refusal is not None:
        return refusal
    made = yield from _credential(password, address, registers=True)
    if not isinstance(made, str):
        return made
    client.ask(Register(made))
    yield Settle()
    account = client.state.accounts.get(fold(me.nick))
    done = account is not None and account.credential == made
    if account is not None and done:
        yield KnowOwner(account.name, address)
        yield Record(f"{address}: registered {account.name}")
    else:
        yield DropCredential(me.nick, made)
    return _outcome(done)


def why_not(client: Member) -> Refused | None:
    """Why somebody cannot register, whatever the password."""
    if client.config.registration != "open":
        return Refused(Reason.REGISTRATION_CLOSED)
    try:
        client.proposals.draft(client.me, Register(""))
    except Refused as refusal:
        return refusal
    return None


def change_password(
    client: Member, password: str
) -> Generator[Request, Any, Outcome | Refused | StoreError]:
    """Have another password for one's own account, as `register`. The old one was proved."""
    me, address = client.me, client.address
    account, name = client.state.account_of(me), me.identity.account
    made = yield from _credential(password, address)
    if not isinstance(made, str):
        return made
    former = "" if account is None else account.credential
    client.ask(SetPassword(made))
    yield Settle()
    done = account is not None and account.credential == made
    yield DropCredential(name, former if done else made)
    if done:
        yield Record(f"{address}: changed the password of {name}")
    return _outcome(done)


def _credential(
    password: str, address: str, registers: bool = False
) -> Generator[Request, Any, str | Outcome | Refused | StoreError]:
    made: str | Refused | StoreError | None = yield MakeCredential(password, address, registers)
    return Outcome.BLOCKED if made is None else made


def _outcome(done: bool) -> Outcome:
    return Outcome.DONE if done else Outcome.NOT_DONE
