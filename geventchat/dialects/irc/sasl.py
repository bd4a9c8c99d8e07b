"""Logging in before or after registration: AUTHENTICATE with the mechanism PLAIN.

IRCv3 sasl-3.1 and sasl-3.2; RFC 4616 is what PLAIN is.
"""

from __future__ import annotations

import base64
import binascii
from typing import NamedTuple

from geventchat.chat.names import fold
from geventchat.dialects.base import Steps
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.accounts import end_if_wrong, log_in, tell_login
from geventchat.dialects.irc.capabilities import MECHANISMS
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.syntax import Message
from geventchat.dialects.irc.table import Table
from geventchat.dialects.irc.unfinished import Login, login_of

# A shorter line is the last one (sasl-3.1, "AUTHENTICATE").
_CHUNK_CHARS = 400
# As base64 the longest password with the longest names before it has 1,700 characters.
_MOST_CHARS = 5 * _CHUNK_CHARS

COMMANDS = Table()


class _Told(NamedTuple):
    """What a PLAIN message says."""

    login: Login
    password: str


@COMMANDS.add("AUTHENTICATE PLAIN|data|*: log in by SASL", needs=1, anytime=True, capability="sasl")
def _authenticate(client: Client, message: Message) -> Steps:
    said = message.params[0]
    begun = client.sasl
    if said == "*":
        _abort(client)
    elif begun is None:
        _begin(client, said)
    elif len(said) > _CHUNK_CHARS or len(begun) + len(said) > _MOST_CHARS:
        client.sasl = None
        client.reply(n.SASLTOOLONG, "SASL message too long")
    else:
        client.sasl = begun + (said if said != "+" else "")
        if len(said) < _CHUNK_CHARS:
            said, client.sasl = client.sasl, None
            yield from _finish(client, said)


def _begin(client: Client, mechanism: str) -> None:
    if mechanism.upper() == MECHANISMS:
        client.sasl = ""
        client.send("AUTHENTICATE", "+")
    else:
        client.reply(n.SASLMECHS, MECHANISMS, "are available SASL mechanisms")
        _failed(client, "SASL authentication failed")


def _abort(client: Client) -> None:
    client.sasl = None
    client.reply(n.SASLABORTED, "SASL authentication aborted")


def give_up(client: Client) -> None:
    """Whoever ends the negotiation in the midst of an exchange has aborted it (sasl-3.1)."""
    if client.sasl is not None:
        _abort(client)


def _failed(client: Client, why: str) -> None:
    client.reply(n.SASLFAIL, why)


def _finish(client: Client, encoded: str) -> Steps:
    told = _read(encoded)
    if told is None:
        _failed(client, "SASL authentication failed: not a PLAIN message")
        return
    why = yield from log_in(client, *told)
    if why:
        _failed(client, f"SASL authentication failed: {why}")
        yield from end_if_wrong(client)
        return
    tell_login(client)
    client.reply(n.SASLSUCCESS, "SASL authentication successful")


def _read(encoded: str) -> _Told | None:
    """`authzid NUL authcid NUL password`; nobody acts for another account."""
    try:
        words = base64.b64decode(encoded, validate=True).decode().split("\0")
    except (binascii.Error, ValueError):
        return None
    if len(words) != 3:
        return None
    acts_as, name, password = words
    login = login_of(name)
    if acts_as and fold(login_of(acts_as).account) != fold(login.account):
        return None
    return _Told(login, password) if login.account and password else None
