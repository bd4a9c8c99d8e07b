"""Rooms: JOIN, PART, TOPIC, NAMES, LIST, KICK, INVITE."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import zip_longest

from geventchat.chat import commands, visibility
from geventchat.chat.events import Joined
from geventchat.chat.masks import matches
from geventchat.chat.modes import prefixes
from geventchat.chat.names import fold
from geventchat.chat.rooms import Membership, Room
from geventchat.dialects.base import ROWS_A_SLICE, Enter, Settle, Steps
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc import returning
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.syntax import Message, packed
from geventchat.dialects.irc.table import Table
from geventchat.errors import Refused

_MINUTE_MS = 60_000
# How many masks and conditions one LIST may have; more are left out.
_TESTS_MAX = 10
_FILTER = re.compile(r"([CT]?)([<>])([0-9]{1,9})", re.ASCII)

COMMANDS = Table()


def visible(client: Client, room: Room) -> bool:
    """Whether a client may know of a room, which is one only while somebody is in it."""
    return bool(room.members) and visibility.may_know(client.me, room)


@COMMANDS.add("JOIN #room[,#room] [key[,key]]: enter rooms", needs=1)
def _join(client: Client, message: Message) -> Steps:
    if message.params[0] == "0":  # RFC 2812 section 3.2.1: leave all.
        for room in client.state.rooms_of(client.me):
            client.ask(commands.Part(room.name))
        return
    rooms, keys = message.params[0].split(","), message.param(1).split(",")
    for name, key in zip_longest(rooms, keys[: len(rooms)], fillvalue=""):
        if name and fold(name) not in client.me.rooms:
            yield from enter(client, name, key)


def enter(client: Client, name: str, key: str = "") -> Steps:
    """Join a room; tell when that is refused."""
    try:
        join = commands.Join(name, key)
        draft = client.proposals.draft(client.me, join, client.outbox.number)
    except Refused as refusal:
        client.refuse(refusal)
        return
    assert isinstance(draft, Joined)
    client.stream_answer()
    if (yield Enter(draft)):
        yield from returning.told(client, fold(draft.room))


@COMMANDS.add("PART #room[,#room] [:reason]: leave rooms", needs=1)
def _part(client: Client, message: Message) -> None:
    for name in filter(None, message.params[0].split(",")):
        room = client.state.room(name)
        if room is None or not visible(client, room):
            client.no_such_channel(name)
        else:
            client.ask(commands.Part(room.name, message.param(1)))


@COMMANDS.add("TOPIC #room [:topic]: show or set the topic", needs=1)
def _topic(client: Client, message: Message) -> None:
    name = message.params[0]
    room = client.state.room(name)
    if room is None or not visible(client, room):
        client.no_such_channel(name)
    elif len(message.params) > 1:
        client.ask(commands.SetTopic(room.name, message.params[1]))
    elif room.topic:
        for line in topic_lines(client, room):
            client.unit([line])
    else:
        client.reply(n.NOTOPIC, room.name, "No topic is set")


def topic_lines(client: Client, room: Room) -> list[str]:
    """The topic, and who set it when; nothing where there is none."""
    if not room.topic:
        return []
    when = str(room.topic_at // 1000)
    return [
        client.numeric(n.TOPIC, room.name, room.topic),
        client.numeric(n.TOPICWHOTIME, room.name, room.topic_by, when),
    ]


def names_lines(client: Client, room: Room) -> Iterator[str]:
    """Who is in a room, as many lines as it takes."""
    symbol = "@" if "s" in room.modes.flags else "="
    inside = room.key in client.me.rooms
    names = (
        _shown(client, member)
        for member in list(room.members.values())
        if (inside or "i" not in member.session.modes) and member.session.appeared
    )
    for some in packed(names, client.spare(n.NAMREPLY, symbol, room.name)):
        yield client.numeric(n.NAMREPLY, symbol, room.name, some)


def _shown(client: Client, member: Membership) -> str:
    who = member.session.identity
    prefix = prefixes(member.status, client.has("multi-prefix"))
    return prefix + (who.mask if client.has("userhost-in-names") else who.nick)


@COMMANDS.add("NAMES [#room[,#room]]: who is in rooms")
def _names(client: Client, message: Message) -> Steps:
    if message.params:
        found = [client.state.room(name) for name in message.params[0].split(",")]
        rooms = [room for room in found if room is not None]
    else:
        rooms = list(client.state.rooms.values())
    for room in rooms:
        if visible(client, room):
            for line in names_lines(client, room):
                client.unit([line])
                yield client.pause()
    asked = message.param(0) or "*"
    client.reply(n.ENDOFNAMES, asked, "End of /NAMES list")


@COMMANDS.add("LIST [mask|!mask|>users|<users|C<min|C>min|T<min|T>min]: rooms")
def _list(client: Client, message: Message) -> Steps:
    words = [word for word in message.param(0).split(",") if word][:_TESTS_MAX]
    tests = [_test_of(client.now(), word) for word in words]
    client.reply(n.LISTSTART, "Channel", "Users  Name")
    for nth, room in enumerate(list(client.state.rooms.values()), 1):
        if nth % (ROWS_A_SLICE // (1 + len(tests))) == 0:
            yield client.pause()
        if visible(client, room) and _listed(room, tests):
            client.reply(n.LIST, room.name, str(room.size), room.topic)
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
            return False, lambda room: room.size > number
        return False, lambda room: room.size < number
    moment = now - number * _MINUTE_MS

    def when(room: Room) -> int:
        return room.created_at if kind == "C" else room.topic_at

    # C<5: made less than five minutes ago.
    if sign == "<":
        return False, lambda room: when(room) > moment
    return False, lambda room: 0 < when(room) <= moment


@COMMANDS.add("KICK #room nick[,nick] [:reason]: put somebody out", needs=2)
def _kick(client: Client, message: Message) -> None:
    names, nicks = message.params[0].split(","), message.params[1].split(",")
    if len(names) == 1:
        names *= len(nicks)
    if len(names) != len(nicks):
        client.needs("KICK")
        return
    for name, nick in zip(names, nicks, strict=True):
        client.ask(commands.Kick(name, nick, message.param(2)))


@COMMANDS.add("INVITE nick #room: ask somebody in")
def _invite(client: Client, message: Message) -> Steps:
    if len(message.params) < 2:
        yield from _invited_to(client)
        return
    nick, name = message.params[:2]
    if not client.ask(commands.Invite(nick, name)):
        return
    target, room = client.state.session_of(nick), client.state.room(name)
    assert target is not None and room is not None  # Else it was refused.
    refusals = client.refusals
    yield Settle()
    if client.refusals != refusals:
        return  # It was not saved, which was told.
    client.reply(n.INVITING, target.nick, room.name)
    if target.away:
        client.reply(n.AWAY, target.nick, target.away)


def _invited_to(client: Client) -> Steps:
    """The rooms the client has been invited to and has not entered."""
    for nth, room in enumerate(list(client.state.rooms.values()), 1):
        if nth % ROWS_A_SLICE == 0:
            yield client.pause()
        if client.me.number in room.modes.invited and room.members:
            client.reply(n.INVITELIST_OF_ME, room.name)
    client.reply(n.ENDOFINVITELIST_OF_ME, "End of /INVITE list")
