"""Accounts as IRC clients ask for them: REGISTER and VERIFY (IRCv3 draft/account-registration).

Also what every way to log in has in common: SASL, PASS and NickServ.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from geventchat.chat.commands import Command
from geventchat.chat.commands_accounts import LogIn, LogOut
from geventchat.chat.events import Identity
from geventchat.chat.names import fold
from geventchat.chat.sessions import Session
from geventchat.dialects import accounts
from geventchat.dialects.absence import Leave
from geventchat.dialects.accounts import Outcome, Proof, prove
from geventchat.dialects.base import HangUp, Request, Settle, Steps
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.returning import awaited, begun, given_up, welcomed
from geventchat.dialects.irc.syntax import Message
from geventchat.dialects.irc.table import Table
from geventchat.dialects.irc.unfinished import NO_LOGIN, Login, Registration
from geventchat.errors import CloseReason, Reason, Refused, StoreError

# IRCv3 draft/account-registration, "Responses"; `USERNAME_EXISTS` is what Ergo says of a
# name that is somebody's nick and nobody's account.
_CODES = {
    Reason.ACCOUNT_EXISTS: ("ACCOUNT_EXISTS", "That account exists already"),
    Reason.NICK_REGISTERED: ("ACCOUNT_EXISTS", "That account exists already"),
    Reason.NICK_IN_USE: ("USERNAME_EXISTS", "Somebody else has that nickname now"),
    Reason.NAME_RESERVED: ("BAD_ACCOUNT_NAME", "That name is reserved"),
    Reason.BAD_NICK: ("BAD_ACCOUNT_NAME", "That cannot be a name"),
    Reason.LOGGED_IN: ("ALREADY_AUTHENTICATED", "You are logged in already"),
    Reason.PASSWORD_TOO_SHORT: ("WEAK_PASSWORD", "Passwords need {min_chars} characters"),
    Reason.PASSWORD_TOO_LONG: ("UNACCEPTABLE_PASSWORD", "{max_bytes} bytes are the most"),
    Reason.BAD_PASSWORD: ("UNACCEPTABLE_PASSWORD", "Passwords have only what can be typed"),
    Reason.REGISTRATION_CLOSED: ("TEMPORARILY_UNAVAILABLE", "Nobody can register here now"),
    Reason.TOO_OFTEN: ("TEMPORARILY_UNAVAILABLE", "Too many from your address; try again later"),
    Reason.NOT_SAVED: ("TEMPORARILY_UNAVAILABLE", "Not saved: {why}"),
}
_WRONG = "Account name or password is wrong"
_BLOCKED = "Too many wrong passwords; try again later"

COMMANDS = Table()


def log_in(client: Client, login: Login, password: str) -> Generator[Request, Any, str]:
    """Log in with a password: before registration is through, or after. Why not, or nothing.

    Without a word to the client if it worked; see `tell_login`. After too many wrong
    passwords the connection is to end: see `end_if_wrong`.
    """
    proof = yield from prove(client, login.account, password, client.address)
    if isinstance(proof, StoreError):
        return f"Passwords cannot be looked at now: {proof}"
    if proof is not Proof.RIGHT:
        if proof is Proof.ONCE_TOO_OFTEN:
            client.ends_with = "Too many wrong passwords"
        return _BLOCKED if proof is Proof.BLOCKED else _WRONG
    account = client.state.accounts[fold(login.account)]
    if client.registration is not None:
        client.registration.login = Login(account.name, login.device, account.credential)
        return ""
    return (yield from _change_account(client, account.name, login.device))


def lapse(client: Client, told: Registration) -> None:
    """Have a login count no more if its password does not: it was changed, or the account is gone.

    Between the two lies as long as a client likes to take. By now the name may be another's.
    """
    name, _, credential = told.login
    account = client.state.accounts.get(fold(name))
    if name and (account is None or account.disabled or account.credential != credential):
        told.login = NO_LOGIN
        tell_logout(client)


def _change_account(client: Client, account: str, device: str) -> Generator[Request, Any, str]:
    """Be logged in to that account, and to no other (sasl-3.2 lets a client log in again)."""
    me = client.me
    if me.identity.account and fold(me.identity.account) != fold(account):
        if fold(me.nick) == fold(me.identity.account):
            return f"You bear the name of the account {me.identity.account}: change your nick first"
        yield from log_out(client)
    if not me.identity.account:
        yield from awaited(client, account, device)
        client.ask(LogIn(account, device))
        yield Settle()
        if me.identity.account:
            yield from welcomed(client)
        else:
            yield Leave(became=False)
    return "" if fold(me.identity.account) == fold(account) else "You cannot log in now"


def log_out(client: Client) -> Generator[Request, Any, bool]:
    """Be nobody's account; whether that is done."""
    client.ask(LogOut())
    yield Settle()
    if not client.me.identity.account:
        yield from given_up(client)
    return not client.me.identity.account


def end_if_wrong(client: Client) -> Steps:
    """End the connection if too many passwords were wrong, which was told."""
    if client.ends_with:
        client.last_words = client.ends_with
        yield HangUp(CloseReason.WRONG_PASSWORD)


def account_of(client: Client) -> str:
    """The name of the account the client is logged in to, or nothing."""
    if client.session is not None:
        return client.session.identity.account
    return client.registration.login.account if client.registration else ""


def tell_login(client: Client) -> None:
    """RPL_LOGGEDIN (IRCv3 sasl-3.1): who the client is, and whose account."""
    account = account_of(client)
    client.reply(n.LOGGEDIN, _mask(client), account, f"You are now logged in as {account}")


def tell_logout(client: Client) -> None:
    """RPL_LOGGEDOUT."""
    client.reply(n.LOGGEDOUT, _mask(client), "You are now logged out")


def _mask(client: Client) -> str:
    """`nick!user@host`, as far as it is known."""
    if client.session is not None:
        return client.session.identity.mask
    told = client.registration
    return f"{client.nick}!{(told and told.user) or '*'}@{client.host}"


def may_register_early(client: Client) -> bool:
    """Whether an account may be made before registration: never past the server's password."""
    config = client.config
    return config.registration_before_connect and not config.password


@COMMANDS.add("REGISTER account|* email|* password: make an account of your nick", anytime=True)
def _register(client: Client, message: Message) -> Steps:
    if len(message.params) < 3:
        client.needs("REGISTER")
        return
    wanted, _, password = message.params[:3]  # No mail is sent, and no address is kept.
    told = client.registration
    nick = client.me.nick if told is None else told.nick or told.wanted
    if told is not None and not may_register_early(client):
        _fail(client, "COMPLETE_CONNECTION_REQUIRED", wanted, "Come in first")
    elif not nick:
        _fail(client, "NEED_NICK", "*", "Send NICK first")
    elif wanted not in ("*", "") and fold(wanted) != fold(nick):
        _fail(client, "ACCOUNT_NAME_MUST_BE_NICK", wanted, "An account bears your nickname")
    elif account_of(client):
        _fail(client, "ALREADY_AUTHENTICATED", account_of(client), "You are logged in already")
    else:
        made = yield from register(client, nick, password)
        if isinstance(made, Refused):
            _fail(client, *_worded(made, nick))
        elif made is Outcome.DONE:
            client.send("REGISTER", "SUCCESS", account_of(client), "Account created")
            tell_login(client)


def _worded(refusal: Refused, nick: str) -> tuple[str, str, str]:
    code, text = _CODES.get(refusal.reason, ("TEMPORARILY_UNAVAILABLE", "Not possible now"))
    return code, nick, text.format_map(refusal.facts)


class _Newcomer:
    """Whoever makes an account before they have come in, as a `Member`."""

    def __init__(self, client: Client, nick: str) -> None:
        number, host = client.outbox.number, client.host
        self.me = Session(Identity(number, nick, "*", host, address=client.address), "irc")
        self.address, self.login_failures = client.address, 0
        self.proposals, self.state, self.config = client.proposals, client.state, client.config
        self._client = client

    def ask(self, command: Command) -> bool:
        try:
            self.proposals.handle(self.me, command)
        except Refused as refusal:
            self._client.refuse(refusal)
            return False
        return True


def register(
    client: Client, nick: str, password: str
) -> Generator[Request, Any, Outcome | Refused]:
    """Make an account of a nick, and be logged in to it; what came of it, told or why not."""
    told = client.registration
    member = client if told is None else _Newcomer(client, nick)
    made = yield from accounts.register(member, password)
    if made is Outcome.DONE and told is None:
        yield from begun(client, client.me.identity.account)
    if made is Outcome.DONE and told is not None:
        account = client.state.accounts[fold(nick)]
        told.nick, told.login = nick, Login(account.name, "", account.credential)
    if isinstance(made, StoreError):
        return Refused(Reason.NOT_SAVED, why=str(made))
    return Refused(Reason.TOO_OFTEN) if made is Outcome.BLOCKED else made


def _fail(client: Client, code: str, about: str, text: str, command: str = "REGISTER") -> None:
    """Whoever sends these commands knows their failures, whatever it has negotiated."""
    client.send("FAIL", command, code, about or "*", text)


@COMMANDS.add("VERIFY account code: not needed here", anytime=True)
def _verify(client: Client, message: Message) -> None:
    if len(message.params) < 2:
        client.needs("VERIFY")
    elif account_of(client):
        about = account_of(client)
        _fail(client, "ALREADY_AUTHENTICATED", about, "You are logged in already", "VERIFY")
    else:
        about = message.params[0]
        _fail(client, "INVALID_CODE", about, "No account waits for a code", "VERIFY")
