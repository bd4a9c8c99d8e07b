"""Who people are: WHOIS, WHOWAS, USERHOST, ISON, AWAY, SETNAME."""

from __future__ import annotations

from geventchat.chat import commands, visibility
from geventchat.chat.cloaks import host_told, may_know_address
from geventchat.chat.modes import prefixes
from geventchat.chat.names import fold
from geventchat.chat.sessions import Session
from geventchat.chat.text import clean_for_storage
from geventchat.dialects.base import ROWS_A_SLICE, Settle, Steps
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.devices import away_lines
from geventchat.dialects.irc.encoder import timestamp
from geventchat.dialects.irc.profiles import whois_lines
from geventchat.dialects.irc.syntax import Message, number, packed
from geventchat.dialects.irc.table import Table

_USERHOST_MAX = 5  # RFC 2812 section 4.8.

COMMANDS = Table()


def host_word(host: str) -> str:
    """A host as a parameter: one that begins with a colon would be taken for the last."""
    return f"0{host}" if host[:1] == ":" else host


def real_name(session: Session) -> str:
    """What somebody calls themselves, or how they came."""
    return session.identity.realname or f"comes via {session.via}"


@COMMANDS.add("WHOIS nick: who somebody is", needs=1)
def _whois(client: Client, message: Message) -> None:
    nick = message.params[-1] if len(message.params) < 3 else message.params[1]
    nick = nick.split(",")[0]
    session = client.state.session_of(nick)
    if session is None:
        client.no_such_nick(nick)
    else:
        _tell_of(client, session)
    client.reply(n.ENDOFWHOIS, session.nick if session else nick, "End of /WHOIS list")


def _tell_of(client: Client, session: Session) -> None:
    who = session.identity
    client.reply(n.WHOISUSER, who.nick, who.user, host_word(who.host), "*", real_name(session))
    _tell_rooms(client, session)
    client.reply(n.WHOISSERVER, who.nick, client.server, client.config.description)
    if session.away:
        client.reply(n.AWAY, who.nick, session.away)
    if "o" in session.modes:
        client.reply(n.WHOISOPERATOR, who.nick, "is an IRC operator")
    if who.account:
        client.reply(n.WHOISACCOUNT, who.nick, who.account, "is logged in as")
    if fold(who.account) == fold(who.nick):
        client.reply(n.WHOISREGNICK, who.nick, "is a registered nick")
    for line in whois_lines(client, session):
        client.unit([line])
    if who.bot:
        client.reply(n.WHOISBOT, who.nick, "is a bot")
    if may_know_address(client.me, who):
        address = host_word(who.address)
        client.reply(n.WHOISACTUALLY, who.nick, address, "is connecting from")
    idle = max(0, client.now() - session.last_line_at) // 1000
    signon = session.arrived_at // 1000
    client.reply(n.WHOISIDLE, who.nick, str(idle), str(signon), "seconds idle, signon time")


def _tell_rooms(client: Client, session: Session) -> None:
    every = client.has("multi-prefix")
    shown = [
        prefixes(room.members[session.number].status, every) + room.name
        for room in visibility.rooms_known(client.state, client.me, session)
    ]
    for some in packed(shown, client.spare(n.WHOISCHANNELS, session.nick)):
        client.line(f":{client.server} {n.WHOISCHANNELS} {client.nick} {session.nick} :{some}")


@COMMANDS.add("WHOWAS nick [count]: who somebody was")
def _whowas(client: Client, message: Message) -> Steps:
    if not message.params or not message.params[0]:
        client.reply(n.NONICKNAMEGIVEN, "No nickname given")
        return
    nick, *rest = message.params
    most = (number(rest[0]) if rest else 0) or len(client.state.whowas)
    found = 0
    for nth, (who, at) in enumerate(reversed(list(client.state.whowas)), 1):
        if nth % ROWS_A_SLICE == 0:
            yield client.pause()
        if found < most and fold(who.nick) == fold(nick):
            found += 1
            realname = who.realname or "*"
            host = host_told(client.me, who, client.proposals.config.cloak_hosts) or "*"
            client.reply(n.WHOWASUSER, who.nick, who.user, host_word(host), "*", realname)
            if may_know_address(client.me, who):
                address = host_word(who.address)
                client.reply(n.WHOISACTUALLY, who.nick, address, "was connecting from")
            client.reply(n.WHOISSERVER, who.nick, client.server, timestamp(at))
    if not found:
        client.reply(n.WASNOSUCHNICK, nick, "There was no such nickname")
    client.reply(n.ENDOFWHOWAS, nick, "End of WHOWAS")


@COMMANDS.add("USERHOST nick...: hosts of up to five", needs=1)
def _userhost(client: Client, message: Message) -> None:
    found = []
    for nick in message.params[:_USERHOST_MAX]:
        session = client.state.session_of(nick)
        if session is not None:
            star = "*" if "o" in session.modes else ""
            sign = "-" if session.away else "+"
            who = session.identity
            found.append(f"{who.nick}{star}={sign}{who.user}@{who.host}")
    _tell_found(client, n.USERHOST, found)


@COMMANDS.add("ISON nick...: which of them are here", needs=1)
def _ison(client: Client, message: Message) -> None:
    asked = " ".join(message.params).split()
    here = [client.state.session_of(nick) for nick in asked]
    _tell_found(client, n.ISON, [session.nick for session in here if session is not None])


def _tell_found(client: Client, numeric: str, found: list[str]) -> None:
    """Those found, as many lines as it takes; one even if there is none."""
    for some in list(packed(found, client.spare(numeric))) or [""]:
        client.reply(numeric, some)


@COMMANDS.add("AWAY [:reason]: be away, or be back")
def _away(client: Client, message: Message) -> Steps:
    reason = clean_for_storage(message.param(0))
    if reason or client.me.away:
        client.ask(commands.SetAway(reason))
        yield Settle()
    # What was not saved was told; here is told what is.
    if reason and client.me.away:
        client.unit(away_lines(client, reason))
    elif not (reason or client.me.away):
        client.unit(away_lines(client, ""))


@COMMANDS.add("SETNAME :name: change your real name", needs=1)
def _setname(client: Client, message: Message) -> None:
    client.ask(commands.SetRealName(message.params[0]))
