"""What somebody reads who comes into a room: where they are, who is there, what was said."""

from __future__ import annotations

from itertools import islice

from geventchat.chat import visibility
from geventchat.chat.events import Entry
from geventchat.chat.rooms import Room
from geventchat.chat.text import clean_for_terminal
from geventchat.delivery.subscription import Feed
from geventchat.dialects.human.client import Client

_NAMES_SHOWN = 10
# Programs wait for one of these two: what comes next is live.
_END_OF_HISTORY, _NO_HISTORY = "-- end of history --", "-- no lines -- end of history --"
_HINTS = "/nick NAME to choose a name, /help for commands."
# So much fits a screen of 24 rows, beside the telnet client's three lines, what is offered
# behind it, and the row of the cursor.
_ROWS_SEEN = 19
_COLUMNS = 80


def greeting(client: Client, room: Room) -> list[str]:
    """The first lines of all: which server it is, who one is there, what to do next."""
    config, me = client.config, client.me
    welcome = (
        f"Welcome to {config.name}. You are {me.nick} in {room.name} ({room.size_for(me)} here)."
    )
    # Apart, for terminals of 80 columns; programs go by the first line.
    return [welcome, _HINTS, *config.motd.splitlines()]


def reminder(client: Client, shown: list[str]) -> list[str]:
    """The greeting in one line, for those who were shown so much that it has scrolled away.

    Without an arrow, as the greeting itself: programs take an arrow for an answer.
    """
    rows = sum(1 + (len(line) - 1) // _COLUMNS for line in shown)
    return [f"You are {client.me.nick}: {_HINTS}"] if rows > _ROWS_SEEN else []


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


def founded(client: Client, room: Room, entry: Entry) -> list[str]:
    """What is told to whoever has made a room of their own by that entry."""
    own = room.created_at == entry.at and room.rank_of(client.me.identity) == "owner"
    return [f"-> {room.name} is yours: it stays when it is empty."] if own else []


def last_lines(client: Client, feed: Feed, entry: Entry) -> list[str]:
    """What was said before that entry, by which this person joined."""
    if client.returning:
        return []
    most = client.config.history_on_join_lines
    first = visibility.reads_from(client.state, client.me, feed.room.key)
    recent = feed.recent(most, before=entry.number, after=first)
    if not recent:
        return [_NO_HISTORY]
    at, encoder = entry.at, client.encoder
    lines: list[str] = []
    for line in recent:
        lines += encoder.heading(at, line.at) + encoder.past(line)
        at = line.at
    # What comes next stands under the day that the room was told of last.
    return [*lines, *encoder.heading(at, feed.log.at_number(entry.number)), _END_OF_HISTORY]
