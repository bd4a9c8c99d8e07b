"""Commands about rooms: entering, leaving, which there are, what they are about."""

from __future__ import annotations

from operator import itemgetter

from geventchat.chat import commands, visibility
from geventchat.chat.events import Pinned
from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.chat.modes import prefixes
from geventchat.chat.names import fold
from geventchat.chat.rooms import Room
from geventchat.dialects.base import ROWS_A_SLICE, Pause, Steps
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.encoder import ago, dated
from geventchat.dialects.human.table import PEOPLE, ROOMS, Table
from geventchat.dialects.questions import ReadHistory

_PINS_SHOWN = 10

COMMANDS = Table()


@COMMANDS.add("/join #room [KEY]", "enter a room and talk there", ROOMS, "j")
def _join(client: Client, rest: str) -> Steps:
    name, _, key = rest.partition(" ")
    room = room_name(name)
    if fold(room) in client.me.rooms:
        _switch(client, room)
    else:
        yield from client.join(room, key)


@COMMANDS.add(
    "/part [#room] [REASON]",
    "leave a room",
    ROOMS,
    "leave",
    notes=("You talk in the room then that you talked in before.",),
)
def _part(client: Client, rest: str) -> Steps:
    first, _, reason = rest.partition(" ")
    # One word may be a room's name without its `#`, if one is there; else it is the reason.
    if first.startswith("#") or (not reason and fold(room_name(first)) in client.me.rooms):
        room = client.state.room(room_name(first))
        if room is None or room.key not in client.me.rooms:
            client.reply(f"You are not in {first}. /switch says where you are.")
            return
    else:
        room, reason = client.here_or_told(), rest
    if room is not None:
        yield from client.leave(room, reason)


@COMMANDS.add("/switch [#room]", "talk in another of your rooms, or see where you are", ROOMS, "go")
def _switch(client: Client, rest: str) -> None:
    if not rest:
        client.reply(client.where)
        rooms = client.state.rooms
        others = [rooms[key].name for key in client.me.rooms if key != client.current]
        if others:
            client.reply(f"You are in {', '.join(others)} too.")
        return
    room = room_name(rest)
    if fold(room) not in client.me.rooms:
        client.reply(f"You are not in {room}. /join {room}")
        return
    client.switch(fold(room))
    client.reply(client.where)


def room_name(typed: str) -> str:
    """A room's name with its `#`, which people leave out."""
    return typed if typed.startswith("#") else f"#{typed}"


@COMMANDS.add("/topic [TEXT]", "show or set the room's topic", ROOMS)
def _topic(client: Client, text: str) -> None:
    room = client.here_or_told()
    if room is None:
        return
    if text:
        client.ask(commands.SetTopic(room.name, text))
    elif room.topic:
        when = ago(client.now() - room.topic_at)
        client.reply(f"Topic of {room.name}: {room.topic} (set by {room.topic_by} {when} ago)")
    else:
        client.reply(f"{room.name} has no topic. /topic TEXT sets one.")


@COMMANDS.add("/pin TEXT", "pin a line; /pins shows it", ROOMS)
def _pin(client: Client, text: str) -> None:
    room = client.here_or_told()
    if room is not None:
        client.ask(commands.Pin(room.name, text))


@COMMANDS.add("/pins", "the room's last pinned lines", ROOMS)
def _pins(client: Client, rest: str) -> Steps:
    room = client.here_or_told()
    if room is None:
        return
    pins = HistoryQuery(HistoryRange(), _PINS_SHOWN, latest=True, room=room.key, kinds=(Pinned,))
    found = yield ReadHistory(pins)
    if not isinstance(found, list):
        client.reply(f"History cannot be read now: {found}.")
    elif found:
        client.write(*(line for entry in found for line in dated(entry, client.look)))
    else:
        client.reply(f"Nothing is pinned in {room.name}. /pin TEXT pins a line.")


@COMMANDS.add(
    "/rooms",
    "list the rooms",
    ROOMS,
    "list",
    notes=("> marks the room you talk in, * the others you are in.",),
)
def _rooms(client: Client, rest: str) -> Steps:
    me, state = client.me, client.state
    # A room nobody is in is told of for its topic or to its owner, and last.
    known = [
        (-room.size_for(me), key, room)
        for key, room in state.rooms.items()
        if visibility.may_know(me, room)
        and (room.size_for(me) or room.topic or key == state.lobby or _owns(client, room))
    ]
    rooms = [room for _, _, room in sorted(known, key=itemgetter(0, 1))]
    width = max((len(room.name) for room in rooms), default=0)
    for start in range(0, len(rooms), ROWS_A_SLICE):
        client.reply(*(_row(client, room, width) for room in rooms[start : start + ROWS_A_SLICE]))
        yield Pause()
    if not rooms:
        client.reply("There are no rooms. /join #room makes one.")


def _row(client: Client, room: Room, width: int) -> str:
    mark = ">" if room is client.here else "*" if room.key in client.me.rooms else " "
    unread = client.outbox.unread(room.key)
    told = [*(["yours"] if _owns(client, room) else []), *([f"{unread} unread"] if unread else [])]
    tail = f"  ({', '.join(told)})" if told else ""
    line = f"{room.name:<{width}}  {room.size_for(client.me):>4}  {room.topic}{tail}".rstrip()
    return f"{mark} {line}"


def _owns(client: Client, room: Room) -> bool:
    return room.rank_of(client.me.identity) == "owner"


@COMMANDS.add("/names [#room]", "who is in a room", PEOPLE)
def _names(client: Client, rest: str) -> None:
    room = client.state.room(room_name(rest)) if rest else client.here
    if room is None or not visibility.may_know(client.me, room):
        client.reply(f"There is no room {room_name(rest)}." if rest else client.nowhere)
        return
    members = [m for m in room.members.values() if visibility.may_see(client.me, m.session)]
    members.sort(key=lambda member: fold(member.session.nick))
    nicks = [prefixes(member.status, False) + member.session.nick for member in members]
    client.reply(f"{len(nicks)} in {room.name}: {', '.join(nicks)}")
