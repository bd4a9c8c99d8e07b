"""NickServ, whom IRC clients know how to identify to: words of theirs for what accounts can do.

It is nobody: it is in no room and no list, and what is said to it is in no log, no history
and nobody's window.

MUST: nothing that is said to it reaches anybody else, in whatever form it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from geventchat.chat.disclosure import discloses
from geventchat.chat.events import Form
from geventchat.chat.names import fold
from geventchat.dialects.accounts import Outcome, Proof, change_password, prove
from geventchat.dialects.base import Request, Settle, Steps
from geventchat.dialects.irc.accounts import (
    end_if_wrong,
    log_in,
    log_out,
    register,
    tell_login,
    tell_logout,
)
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.dated import notices
from geventchat.dialects.irc.encoder import source_of
from geventchat.dialects.irc.registration import take_nick
from geventchat.dialects.irc.syntax import Message
from geventchat.dialects.irc.table import Table
from geventchat.dialects.irc.unfinished import login_of
from geventchat.errors import Reason, Refused, StoreError

NICK = "NickServ"
_HELP = (
    "REGISTER password: have an account of your nick, which is yours alone then",
    "IDENTIFY [account] password: log in; your nick is the account if you name none",
    "REGAIN account password: log in, and take its name as your nick",
    "LOGOUT: log out; give up the account's name as your nick before",
    "SET PASSWORD old new: change your password",
    "INFO [nick]: whether a name is registered",
)
_REFUSED = {
    Reason.ACCOUNT_EXISTS: "{account} is registered already: IDENTIFY password",
    Reason.LOGGED_IN: "You are logged in as {account}",
    Reason.NAME_RESERVED: "{nick} cannot be registered: it is reserved",
    Reason.PASSWORD_TOO_SHORT: "That password is too short: it needs {min_chars} characters",
    Reason.PASSWORD_TOO_LONG: "That password is too long: {max_bytes} bytes are the most",
    Reason.BAD_PASSWORD: "That cannot be a password: it has characters that nobody can see",
    Reason.REGISTRATION_CLOSED: "Nobody can register here by themselves",
    Reason.TOO_OFTEN: "There was too much of that from your address: try again later",
    Reason.NOT_SAVED: "Not saved: {why}",
}

COMMANDS = Table()


def is_meant(client: Client, target: str) -> bool:
    """Whether a line is for NickServ: by its name, or `NickServ@` this server."""
    name, at, server = target.partition("@")
    return fold(name) == fold(NICK) and (not at or fold(server) == fold(client.server))


@COMMANDS.add("NICKSERV command [words]: talk to NickServ", needs=1)
def _nickserv(client: Client, message: Message) -> Steps:
    yield from answer(client, " ".join(message.params), Form.MESSAGE)


COMMANDS["NS"] = COMMANDS["NICKSERV"]


def hear(client: Client, text: str, form: Form) -> Steps:
    """Take a line that was sent to NickServ; nothing answers a notice (RFC 2812 3.3.2)."""
    if client.has("echo-message"):
        verb = "NOTICE" if form is Form.NOTICE else "PRIVMSG"
        client.line(f"{source_of(client.me.identity)}{verb} {NICK} :{_masked(text)}")
    if form is Form.MESSAGE:
        yield from answer(client, text, form)


def _masked(text: str) -> str:
    """A line to NickServ as its author is shown it: the command, and that there was more."""
    word, _, rest = text.partition(" ")
    shown = word if word.upper() in _RUN else "***"
    return f"{shown} ***" if rest and shown == word else shown


def answer(client: Client, text: str, form: Form) -> Steps:
    """Do what a line asks for, and tell what came of it. Of several lines the first counts."""
    yield Settle()
    word, *words = text.split("\n")[0].split() or ["HELP"]
    run = _RUN.get(word.upper().lstrip("/"))
    if run is None:
        _tell(client, "That is no command of mine.", *_HELP)
    else:
        yield from run(client, words) or ()


def _tell(client: Client, *texts: str) -> None:
    for line in notices(f"{NICK}!{NICK}@{client.server}", client.nick, list(texts)):
        client.line(line)


def _help(client: Client, words: list[str]) -> None:
    _tell(client, *_HELP)


def _register(client: Client, words: list[str]) -> Steps:
    if not words:
        _tell(client, "REGISTER password")
        return
    # What stands behind it is a mail address to other servers; this one keeps none.
    made = yield from register(client, client.me.nick, words[0])
    if isinstance(made, Refused):
        _refuse(client, made)
    elif made is Outcome.DONE:
        _tell(client, "Account created")  # In Ergo's words, which programs wait for.
        _tell(client, f"{client.me.nick} is yours now. The next time: IDENTIFY password")
        tell_login(client)


def _refuse(client: Client, refusal: Refused) -> None:
    text = _REFUSED.get(refusal.reason, "That is not possible now")
    _tell(client, text.format_map(refusal.facts))


def _identify(client: Client, words: list[str]) -> Steps:
    yield from _log_in(client, words, "IDENTIFY [account] password")


def _regain(client: Client, words: list[str]) -> Steps:
    if (yield from _log_in(client, words, "REGAIN account password")):
        yield from take_nick(client, client.me.identity.account)


def _log_in(client: Client, words: list[str], usage: str) -> Generator[Request, Any, bool]:
    """Log in with `[account] password`, or `account` alone if that is done; whether it is."""
    mine = client.me.identity.account
    if len(words) == 1 and mine and fold(words[0]) == fold(mine):
        _tell(client, f"You are logged in as {mine}.")
        return True
    if not 1 <= len(words) <= 2:
        _tell(client, usage)
        return False
    name = words[0] if len(words) > 1 else client.me.nick
    why = yield from log_in(client, login_of(name), words[-1])
    if why:
        _tell(client, f"{why}.")
        yield from end_if_wrong(client)
        return False
    account = client.me.identity.account
    _tell(client, f"You are logged in as {account}.")
    tell_login(client)
    if fold(client.me.nick) != fold(account):
        _tell(client, f"/nick {account} makes it your nick.")
    return True


def _log_out(client: Client, words: list[str]) -> Steps:
    account = client.me.identity.account
    if not account:
        _tell(client, "You are not logged in.")
    elif fold(client.me.nick) == fold(account):
        _tell(client, f"Your nick is {account}, which is for who is logged in: change it first.")
    elif (yield from log_out(client)):
        _tell(client, f"You are logged out of {account}.")
        tell_logout(client)


def _set(client: Client, words: list[str]) -> Steps:
    account = client.me.identity.account
    if len(words) != 3 or words[0].upper() not in ("PASSWORD", "PASS"):
        _tell(client, "SET PASSWORD old new")
        return
    if not account:
        _tell(client, "You are not logged in.")
        return
    proof = yield from prove(client, account, words[1], client.address)
    if proof is not Proof.RIGHT:
        _tell(
            client,
            "Passwords cannot be looked at now."
            if isinstance(proof, StoreError)
            else "Too many wrong passwords."
            if proof is Proof.BLOCKED
            else "Wrong password.",
        )
        if proof is Proof.ONCE_TOO_OFTEN:
            client.ends_with = "Too many wrong passwords"
            yield from end_if_wrong(client)
        return
    changed = yield from change_password(client, words[2])
    if isinstance(changed, Refused):
        _refuse(client, changed)
    elif changed is Outcome.DONE:
        _tell(client, f"{account} has another password now.")
    else:
        _tell(client, "Not changed: try again later.")


def _info(client: Client, words: list[str]) -> None:
    name = words[0] if words else client.me.nick
    account = client.state.accounts.get(fold(name))
    if account is None:
        _tell(client, "That name is not registered.")
        return
    on = client.state.session_on(account.name)
    _tell(client, f"{account.name} is registered{', and is here now' if on else ''}.")


_RUN: dict[str, Callable[[Client, list[str]], Steps | None]] = {
    "HELP": _help,
    "REGISTER": _register,
    "IDENTIFY": _identify,
    "LOGIN": _identify,
    "AUTH": _identify,
    "ID": _identify,
    "REGAIN": _regain,
    "RECOVER": _regain,
    "GHOST": _regain,
    "RELEASE": _regain,
    "LOGOUT": _log_out,
    "SET": _set,
    "INFO": _info,
}


def withholds(client: Client, target: str, text: str) -> bool:
    """Whether words tell a password, and so are not sent, which is told."""
    private = target[:1] not in ("#", "@", "+")
    for line in text.split("\n"):
        found = discloses(line, private)
        if found is not None:
            what = f"That looks like {found.command} with a password: it was not sent to {target}."
            client.send("NOTICE", client.nick, f"{what} To log in: /msg NickServ HELP")
            return True
    return False
