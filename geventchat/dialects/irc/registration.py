"""How a connection becomes a user: CAP, PASS, NICK, USER, and the welcome."""

from __future__ import annotations

import re

from geventchat import __version__
from geventchat.chat import commands, modes
from geventchat.chat.events import Identity
from geventchat.chat.names import REALNAME_MAX_BYTES, fold
from geventchat.chat.passwords import is_right
from geventchat.chat.text import clean_for_storage, truncate
from geventchat.dialects.base import Arrive, Guess, HangUp, Record, Steps
from geventchat.dialects.irc import isupport, rooms, serverinfo
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.capabilities import offered, requested
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.encoder import LINE_MAX_BYTES, timestamp
from geventchat.dialects.irc.syntax import Message, packed
from geventchat.dialects.irc.table import Table
from geventchat.errors import CloseReason, Refused

_USER = re.compile(r"[^A-Za-z0-9._-]")

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
    held = requested(wanted.split(), client.caps)
    if held is not None:
        client.hold(held)
    _tell_caps(client, "NAK" if held is None else "ACK", wanted.split(" "))


def _cap_end(client: Client, _: str) -> Steps:
    if client.registration is not None:
        client.registration.negotiating = False
        yield from _complete(client)


_CAP = {"LS": _cap_ls, "LIST": _cap_list, "REQ": _cap_req, "END": _cap_end}


@COMMANDS.add("PASS password: the server's password", needs=1, anytime=True)
def _pass(client: Client, message: Message) -> None:
    if client.registration is None:
        client.reply(n.ALREADYREGISTERED, "You may not reregister")
    else:
        client.registration.password = message.params[0]


@COMMANDS.add("NICK name: take a name", anytime=True)
def _nick(client: Client, message: Message) -> Steps:
    nick, registration = message.param(0), client.registration
    if not nick:
        client.reply(n.NONICKNAMEGIVEN, "No nickname given")
    elif registration is None:
        if nick != client.nick:
            client.ask(commands.SetNick(nick))
    elif not _may_be_called(client, nick):
        return
    elif fold(nick) in client.state.nicks:
        client.reply(n.NICKNAMEINUSE, nick, "Nickname is already in use")
    else:
        registration.nick = nick
        yield from _complete(client)


def _may_be_called(client: Client, nick: str) -> bool:
    """Whether that may be somebody's nick; the client is told when it may not."""
    try:
        client.proposals.canon.nick(nick)
    except Refused as refusal:
        client.refuse(refusal)
        return False
    return True


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
    wanted = client.config.password
    if wanted and not (yield Guess(client.address, is_right(told.password, wanted))):
        yield Record(f"{client.address}: wrong password of the server", failed=True)
        client.reply(n.PASSWDMISMATCH, "Password incorrect")
        client.last_words = "Bad password"
        yield HangUp(CloseReason.WRONG_PASSWORD)
        return
    # No ident is asked for, which the tilde says (RFC 1413 is not used).
    user, realname = f"~{told.user}", told.realname
    number, host = client.outbox.number, client.host
    who = Identity(number, told.nick, user, host, realname, address=client.address)
    client.session = yield Arrive(who, "irc")
    if client.session is None:
        told.nick = ""
    else:
        welcome(client)
        yield from _show_lobby(client)


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
