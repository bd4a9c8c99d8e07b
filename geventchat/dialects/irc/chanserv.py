"""ChanServ, whom IRC clients know how to ask for ranks: words of theirs for rooms that are owned.

It is nobody, as NickServ is. The rules are those of the commands that people type.
"""

from __future__ import annotations

from collections.abc import Callable

from geventchat.chat.commands_accounts import DropRoom, Grant
from geventchat.chat.events import Form
from geventchat.chat.names import fold
from geventchat.dialects.base import Settle, Steps
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.dated import beginning, notices
from geventchat.dialects.irc.encoder import source_of

NICK = "ChanServ"
_HELP = (
    "OP #channel nick, VOICE #channel nick: a rank for good, for who has an account",
    "REVOKE #channel nick: take a rank back",
    "TRANSFER #channel nick: make somebody else its owner",
    "DROP #channel: give it up",
    "INFO #channel: whose it is, and who has a rank there",
)
_RANKS = {"OP": "o", "VOICE": "v", "REVOKE": "", "TRANSFER": "owner"}
_TOLD = {
    "o": "{nick} is an operator of {room} for good.",
    "v": "{nick} has voice in {room} for good.",
    "": "{nick} has no rank in {room} any more.",
    "owner": "{room} is {nick}'s now.",
}


def is_meant(client: Client, target: str) -> bool:
    """Whether a line is for ChanServ: by its name, or `ChanServ@` this server."""
    name, at, server = target.partition("@")
    return fold(name) == fold(NICK) and (not at or fold(server) == fold(client.server))


def hear(client: Client, text: str, form: Form) -> Steps:
    """Take a line that was sent to ChanServ; nothing answers a notice (RFC 2812 3.3.2)."""
    if client.has("echo-message"):
        verb = "NOTICE" if form is Form.NOTICE else "PRIVMSG"
        start = f"{source_of(client.me.identity)}{verb} {NICK} :"
        for line in beginning(start, text.split("\n")):
            client.line(line)
    if form is not Form.MESSAGE:
        return
    yield Settle()
    word, *words = text.split("\n")[0].split() or ["HELP"]
    verb = word.upper().lstrip("/")
    if verb in _RANKS and len(words) == 2:
        yield from _grant(client, words[0], words[1], _RANKS[verb])
    elif verb in _ASKS and len(words) == 1:
        yield from _ASKS[verb](client, words[0]) or ()
    else:
        _tell(client, *_HELP)


def _tell(client: Client, *texts: str) -> None:
    for line in notices(f"{NICK}!{NICK}@{client.server}", client.nick, list(texts)):
        client.line(line)


def _grant(client: Client, room: str, nick: str, rank: str) -> Steps:
    refusals = client.refusals
    client.ask(Grant(room, nick, rank))
    yield Settle()
    if client.refusals == refusals:
        _tell(client, _TOLD[rank].format(nick=nick, room=room))


def _drop(client: Client, room: str) -> Steps:
    refusals = client.refusals
    client.ask(DropRoom(room))
    yield Settle()
    if client.refusals == refusals:
        _tell(client, f"{room} is nobody's now.")


def _info(client: Client, name: str) -> None:
    """Its ranks are told to those in it: they see them in the list of names."""
    room = client.state.room(name)
    if room is None or room.key not in client.me.rooms:
        _tell(client, f"You are not in {name}.")
    elif not room.owner:
        _tell(client, f"{room.name} is nobody's: it is gone with its last member.")
    else:
        accounts = client.state.accounts
        ranks = (f"{accounts[key].name} (+{rank})" for key, rank in room.ranks.items())
        others = ", ".join(ranks)
        owner = f"{room.name} is {accounts[room.owner].name}'s."
        _tell(client, f"{owner} Ranks: {others}." if others else owner)


_ASKS: dict[str, Callable[[Client, str], Steps | None]] = {"DROP": _drop, "INFO": _info}
