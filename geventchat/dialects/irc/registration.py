"""How a connection becomes a user: CAP, PASS, NICK, USER, and the welcome."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any

from geventchat import __version__
from geventchat.chat import commands, modes, rights
from geventchat.chat.events import Identity
from geventchat.chat.names import REALNAME_MAX_BYTES, fold
from geventchat.chat.passwords import is_right
from geventchat.chat.sessions import Session
from geventchat.chat.text import clean_for_storage, truncate
from geventchat.dialects.base import Arrive, Guess, HangUp, Record, Request, Steps
from geventchat.dialects.devices import attach
from geventchat.dialects.irc import isupport, metadata, returning, rooms, serverinfo
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.accounts import lapse, log_in, tell_login
from geventchat.dialects.irc.capabilities import METADATA, offered, requested
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.encoder import LINE_MAX_BYTES, timestamp
from geventchat.dialects.irc.sasl import give_up
from geventchat.dialects.irc.syntax import Message, packed
from geventchat.dialects.irc.table import Table
from geventchat.dialects.irc.unfinished import Registration, login_of
from geventchat.errors import CloseReason, Reason, Refused

_USER = re.compile(r"[^A-Za-z0-9._-]")

# Why a nick that might be somebody's cannot be had.
_TAKEN = (Reason.NICK_IN_USE, Reason.NICK_REGISTERED)

COMMANDS = Table()


@COMMANDS.add("CAP LS|LIST|REQ|END: extensions of the protocol", anytime=True)
def _cap(client: Client, message: Message) -> Steps | None:
    subcommand, *rest = [*message.params, ""]
    run = _CAP.get(subcommand.upper())
    if run is None:
        client.reply(n.INVALIDCAPCMD, subcommand or "*", "Invalid CAP command")
        return None
    return run(client, rest[0])


def _cap_ls(client: Client, version: str) -> None:
    modern = version.isascii() and version.isdigit() and int(version[:9]) >= 302
    if client.registration is not None:
        client.registration.negotiating = True
    if modern:
        client.caps |= {"cap-notify"}  # Implied by version 302.
    _tell_caps(client, "LS", offered(client.config, modern), more=" *" if modern else "")


def _cap_list(client: Client, _: str) -> None:
    _tell_caps(client, "LIST", sorted(client.caps))


def _tell_caps(client: Client, subcommand: str, caps: list[str], more: str = "") -> None:
    """Tell capabilities, in as many lines as it takes; `more` marks all but the last line."""
    start = f":{client.server} CAP {client.nick} {subcommand}"
    room = LINE_MAX_BYTES - 2 - len(f"{start}{more} :".encode())
    *firsts, last = list(packed(caps, room)) or [""]
    for some in firsts:
        client.line(f"{start}{more} :{some}")
    client.line(f"{start} :{last}")


def _cap_req(client: Client, wanted: str) -> None:
    if client.registration is not None:
        client.registration.negotiating = True
    held = requested(client.config, wanted.split(), client.caps)
    if held is not None:
        if "sasl" not in held:
            give_up(client)
        fresh = METADATA in held and not client.has(METADATA) and client.session is not None
        client.hold(held)
    _tell_caps(client, "NAK" if held is None else "ACK", wanted.split(" "))
    if held is not None and fresh:
        metadata.tell_own(client)


def _cap_end(client: Client, _: str) -> Steps:
    if client.registration is not None:
        give_up(client)
        client.registration.negotiating = False
        yield from _complete(client)


_CAP = {"LS": _cap_ls, "LIST": _cap_list, "REQ": _cap_req, "END": _cap_end}


@COMMANDS.add(
    "PASS password|account:password: the server's, or an account's", needs=1, anytime=True
)
def _pass(client: Client, message: Message) -> None:
    if client.registration is None:
        client.reply(n.ALREADYREGISTERED, "You may not reregister")
    else:
        client.registration.passwords = [*client.registration.passwords[-1:], message.params[0]]


@COMMANDS.add("NICK name: take a name", anytime=True)
def _nick(client: Client, message: Message) -> Steps:
    nick, registration = message.param(0), client.registration
    if not nick:
        client.reply(n.NONICKNAMEGIVEN, "No nickname given")
    elif registration is None:
        yield from take_nick(client, nick)
    elif _may_ask_for(client, registration, nick):
        registration.nick = nick
        yield from _complete(client)


def take_nick(client: Client, nick: str) -> Steps:
    """Change one's nick; to one's own that another device has: be one more device of it."""
    me, holder = client.me, client.state.session_of(nick)
    if nick == me.nick:
        return
    if holder is not None and holder is not me and _is_mine(holder, me.identity.account):
        if (yield from attach(holder, (me.devices or {}).get(client.outbox.number, ""))):
            yield from returning.welcomed(client)
    else:
        client.ask(commands.SetNick(nick))


def _may_ask_for(client: Client, told: Registration, nick: str) -> bool:
    """Whether a newcomer may get that nick; if not, it is told.

    Whoever may still log in is judged when that has been seen (`_complete`).
    """
    account = told.login.account
    try:
        client.proposals.canon.nick(nick, account)
        if not (told.negotiating or _may_be_login(told)):
            _judge(client, nick, account)
    except Refused as refusal:
        told.wanted = nick if refusal.reason in _TAKEN else ""
        client.refuse(refusal)
        return False
    return True


def _may_be_login(told: Registration) -> bool:
    return any(":" in password for password in told.passwords)


def _judge(client: Client, nick: str, account: str) -> Session | None:
    """The session of one's own account that bears a nick, if there is one.

    Raises `Refused` when the nick is another's.
    """
    rights.own_nick(client.state, nick, account)  # Which says how to get it.
    holder = client.state.session_of(nick)
    if holder is None or _is_mine(holder, account):
        return holder
    raise Refused(Reason.NICK_IN_USE, nick=holder.nick)


@COMMANDS.add("USER name * * :real name: tell who you are", needs=4, anytime=True)
def _user(client: Client, message: Message) -> Steps:
    registration = client.registration
    if registration is None:
        client.reply(n.ALREADYREGISTERED, "You may not reregister")
        return
    user = _USER.sub("", message.params[0])[: isupport.USER_MAX_CHARS - 1]
    realname = truncate(clean_for_storage(message.params[3]), REALNAME_MAX_BYTES)
    if not message.params[0] or not realname:
        client.needs("USER")
    elif not user:
        client.reply(n.INVALIDUSERNAME, "Your username is invalid")
    else:
        registration.user, registration.realname = user, realname
        yield from _complete(client)


def _complete(client: Client) -> Steps:
    """Let the client in once all is told."""
    told = client.registration
    if told is None or told.negotiating or not (told.user and told.nick):
        return
    if not (yield from _may_come_in(client, told)):
        return
    while client.session is None and told.nick:
        yield from _come_in(client, told)


def _come_in(client: Client, told: Registration) -> Steps:
    """Arrive, or be one more device of one's own session; if neither, another nick is wanted."""
    lapse(client, told)
    nick, (account, device, _) = told.nick, told.login
    try:
        mine = _judge(client, nick, account)
    except Refused as refusal:
        client.refuse(refusal)
        told.nick = ""
        return
    if account:
        yield from returning.awaited(client, account, device)
    if mine is not None:
        attached = yield from attach(mine, device)
        if attached:
            yield from metadata.come_in(client, told.metadata)
        elif client.state.session_of(nick) is mine:
            told.nick = ""  # Why was told.
        yield from returning.welcomed(client) if attached else returning.given_up(client)
        return
    # No ident is asked for, which the tilde says (RFC 1413 is not used).
    user, realname, host, address = f"~{told.user}", told.realname, client.host, client.address
    who = Identity(client.outbox.number, nick, user, host, realname, account, address=address)
    client.session = yield Arrive(who, "irc", device)
    if client.session is not None:
        welcome(client)
        yield from metadata.come_in(client, told.metadata)
        yield from returning.welcomed(client)
        yield from _show_lobby(client)
    elif client.state.session_of(nick) is None:
        told.nick = ""  # It was not saved, which was told.


def _is_mine(holder: Session | None, account: str) -> bool:
    """Whether a session is one of that account, on another device."""
    return bool(holder and account and fold(holder.identity.account) == fold(account))


def _may_come_in(client: Client, told: Registration) -> Generator[Request, Any, bool]:
    """Whether the passwords that PASS gave are the right ones: the server's, and an account's.

    What is not the server's, and has a colon, is `account:password`.
    """
    wanted, given = client.config.password, told.passwords
    told.passwords = []
    if wanted and not told.admitted:
        others = [password for password in given if not is_right(password, wanted)]
        if not (yield Guess(client.address, len(others) < len(given))):
            yield Record(f"{client.address}: wrong password of the server", failed=True)
            yield from _turn_away(client, "Password incorrect", "Bad password")
            return False
        given = others
    told.admitted = True
    name, colon, password = next((p for p in reversed(given) if ":" in p), "").partition(":")
    if colon and not told.login.account:
        why = yield from log_in(client, login_of(name), password)
        if why:
            yield from _turn_away(client, why, "Bad password")
            return False
        tell_login(client)
    return True


def _turn_away(client: Client, why: str, last_words: str) -> Steps:
    client.reply(n.PASSWDMISMATCH, why)
    client.last_words = last_words
    yield HangUp(CloseReason.WRONG_PASSWORD)


def welcome(client: Client) -> None:
    """What every client waits for before it does anything (Modern IRC, registration)."""
    client.registration = None
    server, me = client.server, client.me.identity
    client.reply(n.WELCOME, f"Welcome to {server}, {me.mask}")
    client.reply(n.YOURHOST, f"Your host is {server}, running geventchat {__version__}")
    client.reply(n.CREATED, f"This server was started {timestamp(client.state.started_at)}")
    letters = "".join(sorted(modes.LISTS + modes.FLAGS + "kl" + modes.STATUSES))
    version = f"geventchat-{__version__}"
    client.reply(n.MYINFO, server, version, modes.USER_MODES, letters, "Ibeklov")
    isupport.tell(client)
    serverinfo.tell_lusers(client)
    serverinfo.tell_motd(client)


def _show_lobby(client: Client) -> Steps:
    """People at terminals begin in the lobby; an IRC client would never learn of it."""
    lobby, how = client.config.lobby, client.config.irc_on_connect
    if how == "join":
        yield from rooms.enter(client, lobby)
    elif how == "tell":
        room = client.state.room(lobby)
        size = room.size_for(client.me) if room else 0
        text = f"People meet in {lobby} ({size} there now): /join {lobby}"
        if not client.has("draft/chathistory"):
            text += f". What was said before you came: /msg {client.server} history"
        client.send("NOTICE", client.nick, text)


@COMMANDS.add("QUIT [:reason]: leave", anytime=True)
def _quit(client: Client, message: Message) -> Steps:
    reason = message.param(0)
    client.last_words = f"Quit: {reason}" if reason else "Quit"
    yield HangUp(CloseReason.QUIT, reason)
