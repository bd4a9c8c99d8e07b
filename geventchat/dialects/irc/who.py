"""WHO, and WHOX (Modern IRC, "WHO message"; IRCv3 whox)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from geventchat.chat import visibility
from geventchat.chat.cloaks import may_know_address
from geventchat.chat.masks import matches
from geventchat.chat.modes import prefixes
from geventchat.chat.names import fold
from geventchat.chat.rooms import Room
from geventchat.chat.sessions import Session
from geventchat.dialects.base import ROWS_A_SLICE, Steps
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.people import host_word, real_name
from geventchat.dialects.irc.rooms import visible
from geventchat.dialects.irc.syntax import Message
from geventchat.dialects.irc.table import Table

# What stands for an address that is not shown (IRCv3 whox).
_HIDDEN = "255.255.255.255"
_Found = tuple[Session, Room | None]

COMMANDS = Table()


@COMMANDS.add("WHO [mask [o][%fields[,token]]]: who fits")
def _who(client: Client, message: Message) -> Steps:
    mask = message.param(0) or "*"  # All who can be seen (RFC 2812 section 3.6.1).
    how = message.param(1)
    fields, token = "", ""
    if "%" in how:
        how, _, wanted = how.partition("%")
        fields, _, token = wanted.partition(",")
    for nth, found in enumerate(_found(client, mask), 1):
        if nth % ROWS_A_SLICE == 0:
            yield client.pause()
        if "o" in how and "o" not in found[0].modes:
            continue
        if fields:
            client.reply(n.WHOSPCRPL, *_chosen(client, found, fields, token))
        else:
            _tell(client, found)
    client.reply(n.ENDOFWHO, mask, "End of WHO list")


def _found(client: Client, mask: str) -> Iterator[_Found]:
    if mask[:1] == "#":
        room = client.state.room(mask)
        if room is not None and visible(client, room):
            inside = room.key in client.me.rooms
            for member in list(room.members.values()):
                hidden = "i" in member.session.modes and not inside
                if member.session.appeared and not hidden:
                    yield member.session, room
        return
    exact = client.state.nicks.get(fold(mask))
    if exact is not None:
        yield exact, None
        return
    if not any(char in mask for char in "*?") and mask != "0":
        return
    for session in list(client.state.users):
        seen = visibility.may_see(client.me, session)
        if seen and (mask in "*0" or _fits(client, mask, session)):
            yield session, None


def _fits(client: Client, mask: str, session: Session) -> bool:
    who = session.identity
    texts = [who.nick, who.user, who.host, who.realname]
    if may_know_address(client.me, who):
        texts.append(who.address)
    return any(matches(mask, text) for text in texts)


def _flags(client: Client, found: _Found) -> str:
    session, room = found
    away, oper = "G" if session.away else "H", "*" if "o" in session.modes else ""
    # Whoever was found may have left since: a long answer is made in slices.
    member = room.members.get(session.number) if room else None
    status = prefixes(member.status, client.has("multi-prefix")) if member else ""
    return away + oper + status + ("B" if session.identity.bot else "")


def _address(client: Client, found: _Found) -> str:
    who = found[0].identity
    shown = who.address == who.host or may_know_address(client.me, who)
    return host_word(who.address) if shown else _HIDDEN


def _room(found: _Found) -> str:
    return found[1].name if found[1] else "*"


def _tell(client: Client, found: _Found) -> None:
    session = found[0]
    who = session.identity
    client.reply(
        n.WHOREPLY,
        _room(found),
        who.user,
        host_word(who.host),
        client.server,
        who.nick,
        _flags(client, found),
        f"0 {real_name(session)}",
    )


# In the order in which they are told, whatever the order in which they were asked for.
_FIELDS: dict[str, Callable[[Client, _Found], str]] = {
    "c": lambda client, found: _room(found),
    "u": lambda client, found: found[0].identity.user,
    "i": _address,
    "h": lambda client, found: host_word(found[0].identity.host),
    "s": lambda client, found: client.server,
    "n": lambda client, found: found[0].nick,
    "f": _flags,
    "d": lambda client, found: "0",
    "l": lambda client, found: str(max(0, client.now() - found[0].last_line_at) // 1000),
    "a": lambda client, found: found[0].identity.account or "0",
    "o": lambda client, found: "n/a",
    "r": lambda client, found: real_name(found[0]),
}


def _chosen(client: Client, found: _Found, fields: str, token: str) -> list[str]:
    told = [token[:3] or "0"] if "t" in fields else []
    return told + [tell(client, found) for letter, tell in _FIELDS.items() if letter in fields]
