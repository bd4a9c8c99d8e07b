"""What somebody reads who comes into a room, before what was said there last."""

from __future__ import annotations

from itertools import islice

from geventchat.chat.rooms import Room
from geventchat.chat.text import clean_for_terminal
from geventchat.dialects.human.client import Client

_NAMES_SHOWN = 10


def greeting(client: Client, room: Room) -> list[str]:
    """The first lines of all: which server it is, who one is there, what to do next."""
    config, me = client.config, client.me
    welcome = (
        f"Welcome to {config.name}. You are {me.nick} in {room.name} ({room.size_for(me)} here)."
    )
    # Apart, for terminals of 80 columns; programs go by the first line.
    hints = "/nick NAME to choose a name, /help for commands."
    return [welcome, hints, *config.motd.splitlines()]


def arrival(client: Client, room: Room) -> list[str]:
    """The line on a room that was joined later."""
    me, size = client.me, room.size_for(client.me)
    sessions = (member.session for member in room.members.values())
    seen = (one.nick for one in sessions if one.appeared or one is me)
    nicks = list(islice(seen, _NAMES_SHOWN))
    more = " …" if size > len(nicks) else ""
    topic = clean_for_terminal(room.topic) or "no topic"
    names = ", ".join(nicks) + more
    return [f"-> You are in {room.name}: {topic} ({size} here: {names})"]
