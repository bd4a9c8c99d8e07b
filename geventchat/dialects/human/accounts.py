"""Commands about accounts: making a name one's own, logging in and out, another password."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from geventchat.chat import commands
from geventchat.chat.commands_accounts import LogIn, LogOut, TakeGuestNick
from geventchat.chat.names import fold, is_guest
from geventchat.chat.sessions import Session
from geventchat.dialects import accounts
from geventchat.dialects.absence import Leave
from geventchat.dialects.accounts import Outcome, Proof
from geventchat.dialects.base import AskLine, HangUp, Request, Settle, Steps
from geventchat.dialects.devices import attach
from geventchat.dialects.human import returning
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.settings import restore
from geventchat.dialects.human.table import ACCOUNTS, Table
from geventchat.errors import CloseReason, Reason, Refused, StoreError

_Change = Callable[[accounts.Member, str], Generator[Request, Any, Outcome | Refused | StoreError]]

_GIVING_UP = "Enter alone gives up."
_KEPT_SECRET = "A password typed where it asks is not shown, but by nc and the like."

COMMANDS = Table()


@COMMANDS.add(
    "/register [PASSWORD]",
    "make the name you have yours alone",
    ACCOUNTS,
    typed="/register",
    notes=(
        "It asks for a password. From then on nobody else can have your name,",
        "private lines wait for you, and rooms that you make stay yours.",
        _KEPT_SECRET,
    ),
    secret=0,
    asks=2,
)
def _register(client: Client, password: str) -> Steps:
    me = client.me
    refusal = accounts.why_not(client)
    if is_guest(me.nick) and not me.identity.account:
        client.reply(f"{me.nick} is a guest's name. Choose your own first: /nick NAME")
    elif refusal is not None:
        client.refuse(refusal)
    elif (yield from _set(client, password, me.nick, accounts.register)):
        yield from returning.begun(client)
        client.reply(f"{me.nick} is now yours. From elsewhere, or another day: /login {me.nick}")


@COMMANDS.add(
    "/login NICK [PASSWORD]",
    "be who you have registered",
    ACCOUNTS,
    typed="/login alice",
    notes=(
        "It asks for the password. You may be on from several terminals and",
        "clients at once: all of them see the same.",
        _KEPT_SECRET,
    ),
    secret=0,
    asks=1,
)
def _login(client: Client, rest: str) -> Steps:
    me = client.me
    if me.identity.account:
        client.refuse(Refused(Reason.LOGGED_IN, account=me.identity.account))
        return
    nick, _, password = rest.partition(" ")
    if not nick and fold(me.nick) not in client.state.accounts:
        client.reply("Usage: /login NICK [PASSWORD]")
        return
    name = nick or me.nick
    if not (yield from is_right(client, name, password.strip(), "Password")):
        return
    on = client.state.session_on(name)
    absence = yield from returning.absence_of(client, name)
    yield from _come_in(client, name) if on is None else _come_too(client, on)
    restore(client)
    yield from returning.told(client, name, absence)


def _come_in(client: Client, name: str) -> Steps:
    """Be the account's only connection under its name."""
    if client.ask(LogIn(name, "")):
        yield Settle()
    account = client.me.identity.account
    if not account:
        return
    if client.me.nick != account and client.ask(commands.SetNick(account)):
        yield Settle()
    if not client.announced:  # By the name that is their own, not as a guest.
        client.announce()
    client.reply(f"You are logged in as {account}.")


def _come_too(client: Client, on: Session) -> Steps:
    """Be one more of its connections, in the rooms that the guest was in as well."""
    rooms, current = [client.state.rooms[key].name for key in client.me.rooms], client.current
    if not (yield from attach(on)):
        return
    for room in rooms:
        if fold(room) not in client.me.rooms:
            yield from client.join(room)
    if current in client.me.rooms:
        client.switch(current)


@COMMANDS.add(
    "/logout",
    "be a guest again",
    ACCOUNTS,
    notes=("You stay here, under a guest's name. /quit leaves.",),
)
def _logout(client: Client, rest: str) -> Steps:
    me = client.me
    account = me.identity.account
    if len(me.devices or ()) > 1:
        client.reply(f"You are on as {me.nick} from elsewhere too: /quit leaves from here alone.")
        return
    if account and fold(me.nick) == fold(account):
        if not client.ask(TakeGuestNick(client.proposals.guest_nick())):
            return
        yield Settle()
    if client.ask(LogOut()):
        yield Settle()
        if not me.identity.account:
            yield Leave()
            client.reply(f"You are logged out. You are {me.nick}; /login {account} comes back.")


@COMMANDS.add(
    "/passwd [OLD NEW]",
    "have another password",
    ACCOUNTS,
    typed="/passwd",
    notes=("It asks for the old one and for the new one, twice.", _KEPT_SECRET),
    secret=0,
    asks=3,
)
def _passwd(client: Client, rest: str) -> Steps:
    account, words = client.me.identity.account, rest.split()
    if not account:
        client.refuse(Refused(Reason.NOT_LOGGED_IN))
        return
    if len(words) not in (0, 2):
        client.reply("Usage: /passwd alone asks for both; /passwd OLD NEW if neither has a space.")
        return
    old, new = words or ("", "")
    if not (yield from is_right(client, account, old, "Old password")):
        return
    if (yield from _set(client, new, account, accounts.change_password)):
        client.reply(f"{account} has a new password.")


def is_right(client: Client, account: str, given: str, label: str) -> Generator[Request, Any, bool]:
    """Whether the password that was given, or is asked for, is the account's; if not, told."""
    while True:
        question = f"{label} of {account}? {_GIVING_UP}"
        password = given or (yield AskLine(question, label, hidden=True))
        if not password:
            client.reply("Nothing has changed.")
            return False
        proof = yield from accounts.prove(client, account, password, client.address)
        if proof is Proof.RIGHT:
            return True
        if proof is Proof.ONCE_TOO_OFTEN:
            yield HangUp(CloseReason.WRONG_PASSWORD)
        if proof is Proof.BLOCKED:
            client.reply("Too many wrong passwords: none counts from here for now. Try later.")
            return False
        wrong = proof is Proof.WRONG
        client.reply("Wrong name or password." if wrong else f"That did not work: {proof}.")
        if given:
            return False


def _set(
    client: Client, given: str, account: str, change: _Change
) -> Generator[Request, Any, bool]:
    """Have the new password that was given, or is asked for; whether that is so now, else told."""
    while True:
        password = given or (yield from _asked_twice(client, account))
        if not password:
            client.reply("Nothing has changed.")
            return False
        outcome = yield from change(client, password)
        if isinstance(outcome, Refused):
            client.refuse(outcome)
        elif isinstance(outcome, StoreError):
            client.reply(f"That did not work: {outcome}. Nothing has changed.")
        elif outcome is Outcome.BLOCKED:
            client.reply("Too many passwords came from here for now. Try later.")
            return False
        else:
            return outcome is Outcome.DONE
        if given:
            return False


def _asked_twice(client: Client, account: str) -> Generator[Request, Any, str]:
    """A new password, typed in the same way twice where it may not be seen; empty if given up."""
    question = f"New password for {account}? {_GIVING_UP}"
    while True:
        first: str = yield AskLine(question, "New password", hidden=True)
        again = first and (yield AskLine("The same again?", "Again", hidden=True))
        if first == again:
            return first
        client.reply("Those two differ.")
