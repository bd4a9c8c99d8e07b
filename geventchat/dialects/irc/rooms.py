"""Rooms: JOIN, PART, TOPIC, NAMES, LIST, KICK, INVITE."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import zip_longest

from geventchat.chat import commands as chat
from geventchat.chat.masks import matches
from geventchat.chat.modes import prefixes
from geventchat.chat.names import fold
from geventchat.chat.presence import Membership, Room
from geventchat.dialects.base import Settle, Steps, Warm
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.syntax import Message
from geventchat.dialects.irc.table import Command

# Names in one RPL_NAMREPLY: what fits beside the server's, the client's and the room's name.
_NAMES_BYTES = 300
_MINUTE_MS = 60_000
_FILTER = re.compile(r"([CT]?)([<>])([0-9]{1,9})", re.ASCII)


def visible(client: Client, room: Room) -> bool:
    """Whether a client may know of a room: it is not secret, or the client is in it."""
    if not room.members:
        return False
    return "s" not in room.modes.flags or room.key in client.me.memberships


def _join(client: Client, message: Message) -> Steps:
    if message.params[0] == "0":  # RFC 2812 section 3.2.1: leave all.
        for membership in list(client.me.memberships.values()):
            client.ask(chat.Part(membership.room.name))
        yield Settle()
        return
    rooms, keys = message.params[0].split(","), [*message.params[1:2], ""][0].split(",")
    for room, key in zip_longest(rooms, keys[: len(rooms)], fillvalue=""):
        if room and fold(room) not in client.me.memberships:
            if client.may_join(room, key):
                yield Warm(fold(room))
            client.ask(chat.Join(room, key))
            yield Settle()


def _part(client: Client, message: Message) -> Steps:
    reason = message.params[1] if len(message.params) > 1 else ""
    for name in filter(None, message.params[0].split(",")):
        room = client.state.room(name)
        if room is None or not room.members:
            client.reply(n.NOSUCHCHANNEL, name, "No such channel")
        else:
            client.ask(chat.Part(room.name, reason))
    yield Settle()


def _topic(client: Client, message: Message) -> Steps | None:
    name = message.params[0]
    room = client.state.room(name)
    if room is None or not visible(client, room):
        client.reply(n.NOSUCHCHANNEL, name, "No such channel")
    elif len(message.params) > 1:
        client.ask(chat.SetTopic(room.name, message.params[1]))
        return _settled()
    elif room.topic:
        tell_topic(client, room)
    else:
        client.reply(n.NOTOPIC, room.name, "No topic is set")
    return None


def _settled() -> Steps:
    yield Settle()


def tell_topic(client: Client, room: Room) -> None:
    """The topic, and who set it when."""
    client.reply(n.TOPIC, room.name, room.topic)
    client.reply(n.TOPICWHOTIME, room.name, room.topic_by, str(room.topic_at // 1000))


def tell_names(client: Client, room: Room) -> None:
    """Who is in a room, as many lines as it takes."""
    symbol = "@" if "s" in room.modes.flags else "="
    inside = room.key in client.me.memberships
    line: list[str] = []
    size = 0
    for member in room.members.values():
        if not inside and "i" in member.session.modes:
            continue
        name = _shown(client, member)
        if size + len(name) >= _NAMES_BYTES:
            client.reply(n.NAMREPLY, symbol, room.name, " ".join(line))
            line, size = [], 0
        line.append(name)
        size += len(name) + 1
    if line:
        client.reply(n.NAMREPLY, symbol, room.name, " ".join(line))


def _shown(client: Client, member: Membership) -> str:
    who = member.session.identity
    prefix = prefixes(member.status, client.has("multi-prefix"))
    whole = client.has("userhost-in-names")
    return f"{prefix}{who.nick}!{who.user}@{who.host}" if whole else prefix + who.nick


def _names(client: Client, message: Message) -> None:
    if message.params:
        found = [client.state.room(name) for name in message.params[0].split(",")]
        rooms = [room for room in found if room is not None]
    else:
        rooms = list(client.state.rooms.values())
    for room in rooms:
        if visible(client, room):
            tell_names(client, room)
    asked = message.params[0] if message.params else "*"
    client.reply(n.ENDOFNAMES, asked, "End of /NAMES list")


def _list(client: Client, message: Message) -> None:
    words = [word for word in (message.params or [""])[0].split(",") if word]
    tests = [_test_of(client.now(), word) for word in words]
    client.reply(n.LISTSTART, "Channel", "Users  Name")
    for room in client.state.rooms.values():
        if visible(client, room) and _listed(room, tests):
            client.reply(n.LIST, room.name, str(len(room.members)), room.topic)
    client.reply(n.LISTEND, "End of /LIST")


_Test = tuple[bool, Callable[[Room], bool]]


def _listed(room: Room, tests: list[_Test]) -> bool:
    """One of the names must fit, if there are any, and all of the conditions."""
    names = [test for is_name, test in tests if is_name]
    conditions = (test for is_name, test in tests if not is_name)
    return (not names or any(test(room) for test in names)) and all(t(room) for t in conditions)


def _test_of(now: int, word: str) -> _Test:
    """What a word of LIST asks for (Modern IRC, "ELIST parameter")."""
    condition = _FILTER.fullmatch(word)
    if condition is None:
        if word[0] == "!":
            return False, lambda room: not matches(word[1:], room.name)
        return True, lambda room: matches(word, room.name)
    kind, sign, number = condition[1], condition[2], int(condition[3])
    if not kind:
        if sign == ">":
            return False, lambda room: len(room.members) > number
        return False, lambda room: len(room.members) < number
    moment = now - number * _MINUTE_MS

    def when(room: Room) -> int:
        return room.created_at if kind == "C" else room.topic_at

    # C<5: made less than five minutes ago.
    if sign == "<":
        return False, lambda room: when(room) > moment
    return False, lambda room: 0 < when(room) <= moment


def _kick(client: Client, message: Message) -> Steps:
    names, nicks = message.params[0].split(","), message.params[1].split(",")
    reason = message.params[2] if len(message.params) > 2 else ""
    if len(names) == 1:
        names *= len(nicks)
    if len(names) != len(nicks):
        client.needs("KICK")
        return
    for name, nick in zip(names, nicks, strict=True):
        client.ask(chat.Kick(name, nick, reason))
    yield Settle()


def _invite(client: Client, message: Message) -> Steps:
    if len(message.params) < 2:
        number = client.me.identity.session
        for known in client.state.rooms.values():
            if number in known.modes.invited and known.members:
                client.reply(n.INVITELIST_OF_ME, known.name)
        client.reply(n.ENDOFINVITELIST_OF_ME, "End of /INVITE list")
        return
    nick, name = message.params[:2]
    target, room = client.state.session_of(nick), client.state.room(name)
    if not client.ask(chat.Invite(nick, room.name if room else name)):
        return
    assert target is not None and room is not None  # Else it was refused.
    client.reply(n.INVITING, target.nick, room.name)
    if target.away:
        client.reply(n.AWAY, target.nick, target.away)
    yield Settle()


COMMANDS = {
    "JOIN": Command(_join, "JOIN #room[,#room] [key[,key]]: enter rooms", needs=1),
    "PART": Command(_part, "PART #room[,#room] [:reason]: leave rooms", needs=1),
    "TOPIC": Command(_topic, "TOPIC #room [:topic]: show or set the topic", needs=1),
    "NAMES": Command(_names, "NAMES [#room[,#room]]: who is in rooms"),
    "LIST": Command(_list, "LIST [mask|!mask|>users|<users|C<min|C>min|T<min|T>min]: rooms"),
    "KICK": Command(_kick, "KICK #room nick[,nick] [:reason]: put somebody out", needs=2),
    "INVITE": Command(_invite, "INVITE nick #room: ask somebody in"),
}
