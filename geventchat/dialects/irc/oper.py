"""The server's operators: OPER, KILL, REHASH, WALLOPS."""

from __future__ import annotations

from geventchat.chat import commands
from geventchat.chat.passwords import is_right
from geventchat.chat.text import clean_for_storage, truncate
from geventchat.dialects.base import Guess, HangUp, Kill, Record, Reload, Settle, Steps
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.syntax import Message
from geventchat.dialects.irc.table import Table
from geventchat.errors import CloseReason

COMMANDS = Table()


@COMMANDS.add("OPER name password: become an operator of the server", needs=2)
def _oper(client: Client, message: Message) -> Steps:
    name, password = message.params[:2]
    config = client.config
    # Both parts are compared always.
    same = is_right(name, config.oper_name), is_right(password, config.oper_password)
    right = bool(config.oper_name and config.oper_password) and all(same)
    counted = yield Guess(client.address, right)
    if not counted:
        yield from _failed(client, blocked=counted is None)
        return
    if "o" not in client.me.modes:
        client.ask(commands.SetUserModes("+o"))
        yield Settle()
    if "o" in client.me.modes:  # Else it was not saved, which was told.
        client.oper_failures = 0
        yield _record(client, "became an operator of the server")
        client.reply(n.YOUREOPER, "You are now an IRC operator")


def _failed(client: Client, blocked: bool) -> Steps:
    client.oper_failures += 1
    what = "gave a wrong password for OPER"
    if blocked:
        what = "may not OPER for now: too many wrong passwords from that address"
    yield _record(client, what, failed=True)
    if not blocked:
        client.reply(n.PASSWDMISMATCH, "Password incorrect")
    if blocked or client.oper_failures >= client.config.password_tries:
        client.last_words = "Too many wrong passwords"
        yield HangUp(CloseReason.WRONG_PASSWORD)


def _record(client: Client, did: str, failed: bool = False) -> Record:
    """Who did what, and from where, for the server's log."""
    return Record(f"{client.address}: {client.nick} {did}", failed)


@COMMANDS.add("KILL nick [:reason]: end somebody's session", needs=1, oper=True)
def _kill(client: Client, message: Message) -> Steps:
    target = client.state.session_of(message.params[0])
    if target is None:
        client.no_such_nick(message.params[0])
        return
    words = message.param(1)
    why = f" ({clean_for_storage(words)})" if words else ""
    yield _record(client, f"ended the session of {target.nick}, {target.identity.address}")
    reason = truncate(f"Killed by {client.nick}{why}", client.config.reason_max_bytes)
    yield Kill(target, reason)


@COMMANDS.add("REHASH: read the settings again", oper=True)
def _rehash(client: Client, message: Message) -> Steps:
    client.reply(n.REHASHING, "settings", "Rehashing")
    told = yield Reload()
    yield _record(client, f"had the settings read again: {told}")
    client.send("NOTICE", client.nick, f"*** {told}")


@COMMANDS.add("WALLOPS :text: tell all who listen", needs=1, oper=True)
def _wallops(client: Client, message: Message) -> None:
    client.ask(commands.Announce(message.params[0]))
