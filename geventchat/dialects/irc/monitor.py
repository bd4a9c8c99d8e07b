"""Hearing of people's comings and goings: MONITOR (IRCv3 monitor)."""

from __future__ import annotations

from collections.abc import Iterable

from geventchat.chat.events import Arrived, Left, Renamed
from geventchat.chat.names import fold, is_nick
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.profiles import lines_of_user
from geventchat.dialects.irc.syntax import Message, packed
from geventchat.dialects.irc.table import Table

COMMANDS = Table()


@COMMANDS.add("MONITOR +|- nick[,nick], C, L or S: watch for people", needs=1)
def _monitor(client: Client, message: Message) -> None:
    run = _WAYS.get(message.params[0].upper())
    if run is not None:
        run(client, message.param(1))


def _add(client: Client, names: str) -> None:
    known = dict.fromkeys(client.watched)
    online: list[str] = []
    offline: list[str] = []
    refused: list[str] = []
    for nick in filter(None, names.split(",")):
        if not is_nick(nick, client.config.nick_max_chars):
            continue
        if fold(nick) not in known and len(known) >= client.config.watching_max:
            refused.append(nick)
            continue
        known[fold(nick)] = None
        client.watched[fold(nick)] = nick
        (online if fold(nick) in client.state.nicks else offline).append(nick)
    client.audience.watch(client.outbox, frozenset(client.watched))
    _tell(client, n.MONONLINE, (online_name(client, nick) for nick in online))
    for nick in online:
        for line in lines_of_user(client, nick):
            client.unit([line])
    _tell(client, n.MONOFFLINE, offline)
    limit, full = str(client.config.watching_max), "Monitor list is full"
    for some in packed(refused, client.spare(n.MONLISTFULL, limit) - len(f" :{full}"), ","):
        client.reply(n.MONLISTFULL, limit, some, full)


def _remove(client: Client, names: str) -> None:
    for nick in names.split(","):
        client.watched.pop(fold(nick), None)
    client.audience.watch(client.outbox, frozenset(client.watched))


def _clear(client: Client, _: str) -> None:
    client.watched.clear()
    client.audience.watch(client.outbox, frozenset())


def _list(client: Client, _: str) -> None:
    _tell(client, n.MONLIST, client.watched.values())
    client.reply(n.ENDOFMONLIST, "End of MONITOR list")


def _status(client: Client, _: str) -> None:
    here = client.state.nicks
    online = [nick for key, nick in client.watched.items() if key in here]
    _tell(client, n.MONONLINE, (online_name(client, nick) for nick in online))
    _tell(client, n.MONOFFLINE, (nick for key, nick in client.watched.items() if key not in here))


def online_name(client: Client, nick: str) -> str:
    """`nick!user@host` of somebody who is here."""
    return client.state.nicks[fold(nick)].identity.mask


def _tell(client: Client, numeric: str, names: Iterable[str]) -> None:
    """Names with commas between them, as many lines as it takes."""
    lines = [client.numeric(numeric, some) for some in packed(names, client.spare(numeric), ",")]
    if lines:
        client.unit(lines)


def tell_watched(client: Client, event: Arrived | Left | Renamed) -> list[str]:
    """The lines that say that somebody watched came or went; a change of case is neither."""
    by, lines = event.by, []
    new = event.nick if isinstance(event, Renamed) else by.nick
    if not isinstance(event, Arrived) and fold(by.nick) in client.watched:
        lines.append(client.numeric(n.MONOFFLINE, by.nick))
    if not isinstance(event, Left) and fold(new) in client.watched:
        lines.append(client.numeric(n.MONONLINE, f"{new}!{by.user}@{by.host}"))
        lines += lines_of_user(client, new)
    return lines


_WAYS = {"+": _add, "-": _remove, "C": _clear, "L": _list, "S": _status}
