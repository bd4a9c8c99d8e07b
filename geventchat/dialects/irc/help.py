"""All commands, and HELP on them."""

from __future__ import annotations

from geventchat.dialects.irc import (
    accounts,
    history,
    markers,
    messages,
    metadata,
    modes,
    monitor,
    nickserv,
    oper,
    people,
    registration,
    rooms,
    sasl,
    search,
    serverinfo,
    who,
)
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.syntax import Message
from geventchat.dialects.irc.table import Command


def _help(client: Client, message: Message) -> None:
    subject = message.param(0)
    command = COMMANDS.get(subject.upper())
    if subject and command is None:
        client.reply(n.HELPNOTFOUND, subject, "No help on that")
        return
    subject = subject or "*"
    client.reply(n.HELPSTART, subject, "Help of this server")
    if command is not None:
        client.reply(n.HELPTXT, subject, command.help)
    else:
        names = sorted(COMMANDS)
        for start in range(0, len(names), 10):
            client.reply(n.HELPTXT, subject, " ".join(names[start : start + 10]))
    client.reply(n.ENDOFHELP, subject, "End of help")


COMMANDS: dict[str, Command] = {
    **registration.COMMANDS,
    **sasl.COMMANDS,
    **accounts.COMMANDS,
    **nickserv.COMMANDS,
    **rooms.COMMANDS,
    **messages.COMMANDS,
    **metadata.COMMANDS,
    **modes.COMMANDS,
    **people.COMMANDS,
    **who.COMMANDS,
    **monitor.COMMANDS,
    **history.COMMANDS,
    **markers.COMMANDS,
    **search.COMMANDS,
    **serverinfo.COMMANDS,
    **oper.COMMANDS,
    "HELP": Command(_help, "HELP [command]: how to use a command"),
    "HELPOP": Command(_help, "HELPOP [command]: as HELP"),
}
