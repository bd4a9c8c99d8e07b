"""The server's operators: OPER, KILL, REHASH, WALLOPS."""

from __future__ import annotations

from geventchat.chat import commands
from geventchat.dialects import operators
from geventchat.dialects.base import HangUp, Steps
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.syntax import Message
from geventchat.dialects.irc.table import Table
from geventchat.dialects.operators import ENDING, Claim
from geventchat.errors import CloseReason, Reason, Refused

COMMANDS = Table()


@COMMANDS.add("OPER name password: become an operator; yours, if your account is one", needs=2)
def _oper(client: Client, message: Message) -> Steps:
    name, password = message.params[:2]
    yield from _told(client, (yield from operators.claim(client, name, password)))


@COMMANDS.add("OWNER token: have your account rule the server", needs=1)
def _owner(client: Client, message: Message) -> Steps:
    yield from own(client, message.params[0])


def own(client: Client, token: str) -> Steps:
    """Have the client's account rule the server, if that is the owner's token."""
    outcome = yield from operators.claim_owner(client, token)
    if outcome is Claim.NOT_LOGGED_IN:
        client.refuse(Refused(Reason.NOT_LOGGED_IN))
    yield from _told(client, outcome)


def _told(client: Client, outcome: Claim) -> Steps:
    if outcome is Claim.GRANTED:
        client.reply(n.YOUREOPER, "You are now an IRC operator")
    elif outcome in (Claim.WRONG, Claim.ONCE_TOO_OFTEN):
        client.reply(n.PASSWDMISMATCH, "Password incorrect")
    if outcome in ENDING:
        client.last_words = "Too many wrong passwords"
        yield HangUp(CloseReason.WRONG_PASSWORD)


@COMMANDS.add("KILL nick [:reason]: end somebody's session", needs=1, oper=True)
def _kill(client: Client, message: Message) -> Steps:
    target = client.state.session_of(message.params[0])
    if target is None:
        client.no_such_nick(message.params[0])
    else:
        yield from operators.end_session(client, target, message.param(1))


@COMMANDS.add("REHASH: read the settings again", oper=True)
def _rehash(client: Client, message: Message) -> Steps:
    client.reply(n.REHASHING, "settings", "Rehashing")
    told = yield from operators.reload(client)
    client.send("NOTICE", client.nick, f"*** {told}")


@COMMANDS.add("WALLOPS :text: tell all at terminals and all who listen", needs=1, oper=True)
def _wallops(client: Client, message: Message) -> None:
    client.ask(commands.Announce(message.params[0]))
