"""Words that do something: names, rooms, private lines, being away, leaving."""

from __future__ import annotations

from geventchat.chat import commands as chat
from geventchat.chat.events import Form
from geventchat.chat.names import fold
from geventchat.dialects.base import HangUp, Settle, Steps
from geventchat.dialects.human.conversation import Conversation
from geventchat.dialects.human.render import ago
from geventchat.dialects.human.word import Word
from geventchat.errors import CloseReason


def _nick(talk: Conversation, nick: str) -> Steps:
    if nick == talk.me.nick:
        talk.reply(f"You are {nick} already.")
        return
    talk.ask(chat.SetNick(nick))
    yield Settle()


def _join(talk: Conversation, rest: str) -> Steps:
    name, _, key = rest.partition(" ")
    room = _room_name(name)
    if fold(room) in talk.me.memberships:
        _switch(talk, room)
    else:
        yield from talk.join(room, key)


def _part(talk: Conversation, rest: str) -> Steps:
    first, _, reason = rest.partition(" ")
    if first.startswith("#"):
        room = first
    elif talk.here is not None:
        room, reason = talk.here.room.name, rest
    else:
        talk.reply("You are in no room.")
        return
    talk.ask(chat.Part(room, reason))
    yield Settle()


def _switch(talk: Conversation, rest: str) -> None:
    membership = talk.me.memberships.get(fold(_room_name(rest)))
    if membership is None:
        talk.reply(f"You are not in {rest}. /join {rest}")
        return
    talk.switch(membership.room.key)
    talk.reply(f"Talking in {membership.room.name}.")


def _room_name(typed: str) -> str:
    return typed if typed.startswith("#") else f"#{typed}"


def _msg(talk: Conversation, rest: str) -> Steps:
    nick, _, text = rest.partition(" ")
    if not text.strip():
        talk.reply("Usage: /msg NICK TEXT")
        return
    talk.ask(chat.Tell(nick, text))
    yield Settle()


def _reply(talk: Conversation, text: str) -> Steps:
    if not talk.me.last_teller:
        talk.reply("Nobody has written to you yet. /msg NICK TEXT")
        return
    yield from _msg(talk, f"{talk.me.last_teller} {text}")


def _me(talk: Conversation, text: str) -> Steps:
    talk.say(text, Form.ACTION)
    yield Settle()


def _topic(talk: Conversation, text: str) -> Steps:
    if talk.here is None:
        talk.reply("You are in no room.")
        return
    room = talk.here.room
    if text:
        talk.ask(chat.SetTopic(room.name, text))
        yield Settle()
    elif room.topic:
        when = ago(talk.now() - room.topic_at)
        talk.reply(f"Topic of {room.name}: {room.topic} (set by {room.topic_by} {when} ago)")
    else:
        talk.reply(f"{room.name} has no topic. /topic TEXT sets one.")


def _away(talk: Conversation, reason: str) -> Steps:
    talk.ask(chat.SetAway(reason or "away"))
    yield Settle()


def _back(talk: Conversation, rest: str) -> Steps:
    if talk.me.away:
        talk.ask(chat.SetAway(""))
        yield Settle()
    else:
        talk.reply("You are not away.")


def _quit(talk: Conversation, reason: str) -> Steps:
    online = ago(talk.now() - talk.me.arrived_at)
    noun = "line" if talk.lines_said == 1 else "lines"
    talk.reply(f"Bye. Online {online}, {talk.lines_said:,} {noun}.")
    yield HangUp(CloseReason.QUIT, reason)


WORDS = (
    Word("nick", "/nick NAME", "choose a name", _nick, "You", needs=True),
    Word("join", "/join #room [KEY]", "enter a room and talk there", _join, "Rooms", ("j",), True),
    Word("part", "/part [#room] [REASON]", "leave a room", _part, "Rooms", ("leave",)),
    Word(
        "switch", "/switch #room", "talk in another of your rooms", _switch, "Rooms", ("go",), True
    ),
    Word("topic", "/topic [TEXT]", "show or set the room's topic", _topic, "Rooms"),
    Word("msg", "/msg NICK TEXT", "write to one person", _msg, "Talking", ("tell", "query"), True),
    Word("reply", "/reply TEXT", "answer who wrote to you last", _reply, "Talking", ("r",), True),
    Word("me", "/me ACTION", "say what you do", _me, "Talking", needs=True),
    Word("away", "/away [REASON]", "tell that you are away", _away, "You"),
    Word("back", "/back", "tell that you are back", _back, "You"),
    Word("quit", "/quit [REASON]", "leave", _quit, "You", ("exit", "bye")),
)
