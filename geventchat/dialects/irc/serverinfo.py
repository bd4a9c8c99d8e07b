"""What the server tells of itself: MOTD, LUSERS, VERSION, TIME, INFO, ADMIN, LINKS, STATS, PING."""

from __future__ import annotations

from geventchat import __version__
from geventchat.chat.masks import matches
from geventchat.chat.names import fold
from geventchat.dialects.base import Barrier, Steps
from geventchat.dialects.irc import isupport
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.encoder import timestamp
from geventchat.dialects.irc.pieces import split
from geventchat.dialects.irc.syntax import Message
from geventchat.dialects.irc.table import Table

COMMANDS = Table()


def _meant(client: Client, message: Message) -> bool:
    """Whether a command is meant for this server, the only one there is; tell if not."""
    target = message.param(0)
    if not target or matches(target, client.server) or fold(target) in client.state.nicks:
        return True
    client.reply(n.NOSUCHSERVER, target, "No such server")
    return False


@COMMANDS.add("MOTD: the message of the day")
def _motd(client: Client, message: Message) -> None:
    if _meant(client, message):
        tell_motd(client)


def tell_motd(client: Client) -> None:
    """The message of the day."""
    lines = client.config.motd.splitlines()
    if not lines:
        client.reply(n.NOMOTD, "There is no message of the day")
        return
    room = client.spare(n.MOTD) - len("- ")
    pieces = [piece for line in lines for piece, _ in split(line, room)]
    client.unit(
        [
            client.numeric(n.MOTDSTART, f"- {client.server} Message of the day -"),
            *(client.numeric(n.MOTD, f"- {piece}") for piece in pieces),
            client.numeric(n.ENDOFMOTD, "End of /MOTD command"),
        ]
    )


@COMMANDS.add("LUSERS: how many are here")
def _lusers(client: Client, message: Message) -> None:
    tell_lusers(client)


def tell_lusers(client: Client) -> None:
    """How many are here."""
    state = client.state
    sessions = state.users
    total, most = len(sessions), state.sessions_max
    invisible = sum("i" in session.modes for session in sessions)
    opers = sum("o" in session.modes for session in sessions)
    rooms = sum(bool(room.members) for room in state.rooms.values())
    client.reply(
        n.LUSERCLIENT,
        f"There are {total - invisible} users and {invisible} invisible on 1 servers",
    )
    unregistered = sum(number not in state.sessions for number in client.audience.outboxes)
    client.reply(n.LUSEROP, str(opers), "operator(s) online")
    client.reply(n.LUSERUNKNOWN, str(unregistered), "unknown connection(s)")
    client.reply(n.LUSERCHANNELS, str(rooms), "channels formed")
    client.reply(n.LUSERME, f"I have {total} clients and 0 servers")
    client.reply(n.LOCALUSERS, str(total), str(most), f"Current local users {total}, max {most}")
    client.reply(n.GLOBALUSERS, str(total), str(most), f"Current global users {total}, max {most}")


@COMMANDS.add("VERSION: what runs here, and what it can do")
def _version(client: Client, message: Message) -> None:
    if _meant(client, message):
        version = f"geventchat-{__version__}"
        client.reply(n.VERSION, version, client.server, client.config.description)
        isupport.tell(client)


@COMMANDS.add("TIME: what time it is")
def _time(client: Client, message: Message) -> None:
    if _meant(client, message):
        now = client.now()
        client.reply(n.TIME, client.server, str(now // 1000), "0", timestamp(now))


@COMMANDS.add("INFO: about this server")
def _info(client: Client, message: Message) -> None:
    if _meant(client, message):
        started = timestamp(client.state.started_at)
        for line in (
            f"geventchat {__version__}: telnet, nc and IRC in the same rooms, on one port",
            client.config.description,
            f"On-line since {started}",
        ):
            client.reply(n.INFO, line)
        client.reply(n.ENDOFINFO, "End of /INFO list")


@COMMANDS.add("ADMIN: who runs this server")
def _admin(client: Client, message: Message) -> None:
    if not _meant(client, message):
        return
    contact = client.config.admin_contact
    if not contact:
        client.reply(n.NOADMININFO, client.server, "No administrative info available")
        return
    client.reply(n.ADMINME, client.server, "Administrative info")
    client.reply(n.ADMINLOC1, client.config.description)
    client.reply(n.ADMINEMAIL, contact)


@COMMANDS.add("LINKS: the servers of this network")
def _links(client: Client, message: Message) -> None:
    mask = message.params[-1] if message.params else "*"
    if matches(mask, client.server):
        client.reply(n.LINKS, client.server, client.server, f"0 {client.config.description}")
    client.reply(n.ENDOFLINKS, mask, "End of /LINKS list")


@COMMANDS.add("STATS u|o: uptime, operators", needs=1)
def _stats(client: Client, message: Message) -> None:
    letter = message.params[0][:1] or "*"
    if letter == "u":
        seconds = max(0, client.now() - client.state.started_at) // 1000
        days, rest = divmod(seconds, 86400)
        clock = f"{rest // 3600}:{rest // 60 % 60:02d}:{rest % 60:02d}"
        client.reply(n.STATSUPTIME, f"Server Up {days} days {clock}")
    elif letter in "oO" and client.config.oper_name:
        client.reply(n.STATSOLINE, "O", "*", "*", client.config.oper_name)
    client.reply(n.ENDOFSTATS, letter, "End of /STATS report")


@COMMANDS.add("PING token: whether the server hears you", anytime=True)
def _ping(client: Client, message: Message) -> Steps:
    if not message.params:
        client.needs("PING")
        return
    # Clients (and test suites) take the answer to mean that whatever reached
    # the server before the question is through; so it waits for the commit.
    yield Barrier()
    client.line(f":{client.server} PONG {client.server} :{message.params[0]}")


@COMMANDS.add("PONG token: the answer to PING", anytime=True)
def _pong(client: Client, message: Message) -> None:
    """Nobody asked; the kernel watches the connection."""
