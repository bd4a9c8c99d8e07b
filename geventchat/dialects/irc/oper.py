"""The server's operators: OPER, KILL, REHASH, WALLOPS."""

from __future__ import annotations

import hmac

from geventchat.chat import commands
from geventchat.chat.text import clean_for_storage, truncate
from geventchat.dialects.base import Kill, Reload, Settle, Steps
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.syntax import Message
from geventchat.dialects.irc.table import Table

COMMANDS = Table()


@COMMANDS.add("OPER name password: become an operator of the server", needs=2)
def _oper(client: Client, message: Message) -> Steps:
    name, password = message.params[:2]
    config = client.config
    # Compared in constant time, and with both parts always.
    same_name = hmac.compare_digest(name.encode(), config.oper_name.encode())
    same_word = hmac.compare_digest(password.encode(), config.oper_password.encode())
    if not (config.oper_name and config.oper_password and same_name and same_word):
        client.reply(n.PASSWDMISMATCH, "Password incorrect")
        return
    if "o" not in client.me.modes:
        client.ask(commands.SetUserModes("+o"))
        yield Settle()
    if "o" in client.me.modes:  # Else it was not saved, which was told.
        client.reply(n.YOUREOPER, "You are now an IRC operator")


@COMMANDS.add("KILL nick [:reason]: end somebody's session", needs=1, oper=True)
def _kill(client: Client, message: Message) -> Steps:
    target = client.state.session_of(message.params[0])
    if target is None:
        client.no_such_nick(message.params[0])
        return
    words = message.param(1)
    why = f" ({clean_for_storage(words)})" if words else ""
    reason = truncate(f"Killed by {client.nick}{why}", client.config.reason_max_bytes)
    yield Kill(target, reason)


@COMMANDS.add("REHASH: read the settings again", oper=True)
def _rehash(client: Client, message: Message) -> Steps:
    client.reply(n.REHASHING, "settings", "Rehashing")
    told = yield Reload()
    client.send("NOTICE", client.nick, f"*** {told}")


@COMMANDS.add("WALLOPS :text: tell all who listen", needs=1, oper=True)
def _wallops(client: Client, message: Message) -> None:
    client.ask(commands.Announce(message.params[0]))
