"""Words that do something: names, rooms, private lines, being away, leaving."""

from __future__ import annotations

from geventchat.chat import commands as chat
from geventchat.chat.events import Form
from geventchat.chat.names import fold
from geventchat.dialects.base import HangUp, Settle, Steps
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.encoder import ago
from geventchat.dialects.human.table import Command
from geventchat.errors import CloseReason


def _nick(client: Client, nick: str) -> Steps:
    if nick == client.me.nick:
        client.reply(f"You are {nick} already.")
        return
    client.ask(chat.SetNick(nick))
    yield Settle()


def _join(client: Client, rest: str) -> Steps:
    name, _, key = rest.partition(" ")
    room = _room_name(name)
    if fold(room) in client.me.memberships:
        _switch(client, room)
    else:
        yield from client.join(room, key)


def _part(client: Client, rest: str) -> Steps:
    first, _, reason = rest.partition(" ")
    if first.startswith("#"):
        room = first
    elif client.here is not None:
        room, reason = client.here.room.name, rest
    else:
        client.reply("You are in no room.")
        return
    client.ask(chat.Part(room, reason))
    yield Settle()


def _switch(client: Client, rest: str) -> None:
    membership = client.me.memberships.get(fold(_room_name(rest)))
    if membership is None:
        client.reply(f"You are not in {rest}. /join {rest}")
        return
    client.switch(membership.room.key)
    client.reply(f"Talking in {membership.room.name}.")


def _room_name(typed: str) -> str:
    return typed if typed.startswith("#") else f"#{typed}"


def _msg(client: Client, rest: str) -> Steps:
    nick, _, text = rest.partition(" ")
    if not text.strip():
        client.reply("Usage: /msg NICK TEXT")
        return
    client.ask(chat.Tell(nick, text))
    yield Settle()


def _reply(client: Client, text: str) -> Steps:
    if not client.me.reply_to:
        client.reply("Nobody has written to you yet. /msg NICK TEXT")
        return
    yield from _msg(client, f"{client.me.reply_to} {text}")


def _me(client: Client, text: str) -> Steps:
    client.say(text, Form.ACTION)
    yield Settle()


def _topic(client: Client, text: str) -> Steps:
    if client.here is None:
        client.reply("You are in no room.")
        return
    room = client.here.room
    if text:
        client.ask(chat.SetTopic(room.name, text))
        yield Settle()
    elif room.topic:
        when = ago(client.now() - room.topic_at)
        client.reply(f"Topic of {room.name}: {room.topic} (set by {room.topic_by} {when} ago)")
    else:
        client.reply(f"{room.name} has no topic. /topic TEXT sets one.")


def _away(client: Client, reason: str) -> Steps:
    client.ask(chat.SetAway(reason or "away"))
    yield Settle()


def _back(client: Client, rest: str) -> Steps:
    if client.me.away:
        client.ask(chat.SetAway(""))
        yield Settle()
    else:
        client.reply("You are not away.")


def _quit(client: Client, reason: str) -> Steps:
    online = ago(client.now() - client.me.arrived_at)
    noun = "line" if client.lines_said == 1 else "lines"
    client.reply(f"Bye. Online {online}, {client.lines_said:,} {noun}.")
    yield HangUp(CloseReason.QUIT, reason)


COMMANDS = (
    Command("nick", "/nick NAME", "choose a name", _nick, "You", needs=True),
    Command(
        "join", "/join #room [KEY]", "enter a room and talk there", _join, "Rooms", ("j",), True
    ),
    Command("part", "/part [#room] [REASON]", "leave a room", _part, "Rooms", ("leave",)),
    Command(
        "switch", "/switch #room", "talk in another of your rooms", _switch, "Rooms", ("go",), True
    ),
    Command("topic", "/topic [TEXT]", "show or set the room's topic", _topic, "Rooms"),
    Command(
        "msg", "/msg NICK TEXT", "write to one person", _msg, "Talking", ("tell", "query"), True
    ),
    Command(
        "reply", "/reply TEXT", "answer who wrote to you last", _reply, "Talking", ("r",), True
    ),
    Command("me", "/me ACTION", "say what you do", _me, "Talking", needs=True),
    Command("away", "/away [REASON]", "tell that you are away", _away, "You"),
    Command("back", "/back", "tell that you are back", _back, "You"),
    Command("quit", "/quit [REASON]", "leave", _quit, "You", ("exit", "bye")),
)
