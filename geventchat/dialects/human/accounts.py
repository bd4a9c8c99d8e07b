"""Commands about accounts: making a name one's own, logging in and out, another password."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from geventchat.chat import commands
from geventchat.chat.commands_accounts import LogIn, LogOut, Register, SetPassword, TakeGuestNick
from geventchat.chat.names import fold, is_guest
from geventchat.chat.sessions import Session
from geventchat.dialects.base import (
    AskLine,
    CheckPassword,
    KnowOwner,
    MakeCredential,
    Record,
    Request,
    Settle,
    Steps,
)
from geventchat.dialects.devices import attach
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.table import ACCOUNTS, Table
from geventchat.errors import Reason, Refused

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
    if is_guest(me.nick) and not me.identity.account:
        client.reply(f"{me.nick} is a guest's name. Choose your own first: /nick NAME")
        return
    try:
        client.proposals.draft(me, Register(""))
    except Refused as refusal:
        client.refuse(refusal)
        return
    credential = yield from _credential(client, password, me.nick)
    if not credential or not client.ask(Register(credential)):
        return
    yield Settle()
    account = me.identity.account
    if account:
        client.reply(f"{account} is now yours. From elsewhere, or another day: /login {account}")
        yield KnowOwner(account, me.identity.address)
        yield Record(f"{me.identity.address}: registered {account}")


@COMMANDS.add(
    "/login [NICK] [PASSWORD]",
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
    if not (yield from _is_right(client, name, password.strip(), "Password")):
        return
    on = client.state.session_on(name)
    yield from _come_in(client, name) if on is None else _come_too(client, on)


def _come_in(client: Client, name: str) -> Steps:
    """Be the account's only connection under its name."""
    if client.ask(LogIn(name, "")):
        yield Settle()
    account = client.me.identity.account
    if not account:
        return
    if client.me.nick != account and client.ask(commands.SetNick(account)):
        yield Settle()
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
    if not (yield from _is_right(client, account, old, "Old password")):
        return
    credential = yield from _credential(client, new, account)
    if not credential or not client.ask(SetPassword(credential)):
        return
    yield Settle()
    found = client.state.account_of(client.me)
    if found is not None and found.credential == credential:
        client.reply(f"{account} has a new password.")


def _is_right(
    client: Client, account: str, given: str, label: str
) -> Generator[Request, Any, bool]:
    """Whether the password that was given, or is asked for, is the account's; if not, told."""
    address = client.me.identity.address
    for _ in range(client.config.password_tries):
        question = f"{label} of {account}? {_GIVING_UP}"
        password = given or (yield AskLine(question, label, hidden=True))
        if not password:
            client.reply("Nothing has changed.")
            return False
        right = yield CheckPassword(account, password, address)
        if right is True:
            return True
        if right is None:
            client.reply(
                "Too many wrong passwords: none counts from here for now. Try again later."
            )
            return False
        if right is False:
            yield Record(f"{address}: wrong password for {account}", failed=True)
            client.reply("Wrong name or password.")
        else:
            client.reply(f"That did not work: {right}.")
        if given:
            return False
    return False


def _credential(client: Client, given: str, account: str) -> Generator[Request, Any, str]:
    """The id of the hash of the new password that was given, or is asked for; empty if none."""
    while True:
        password = given or (yield from _asked_twice(client, account))
        if not password:
            client.reply("Nothing has changed.")
            return ""
        made = yield MakeCredential(password, client.me.identity.address)
        if isinstance(made, str):
            return made
        if made is None:
            client.reply("Too many passwords came from here for now. Try again later.")
            return ""
        if isinstance(made, Refused):
            client.refuse(made)
        else:
            client.reply(f"That did not work: {made}. Nothing has changed.")
        if given:
            return ""


def _asked_twice(client: Client, account: str) -> Generator[Request, Any, str]:
    """A new password, typed in the same way twice where it may not be seen; empty if given up."""
    question = f"New password for {account}? {_GIVING_UP}"
    while True:
        first: str = yield AskLine(question, "New password", hidden=True)
        again = first and (yield AskLine("The same again?", "Again", hidden=True))
        if first == again:
            return first
        client.reply("Those two differ.")
