"""One of a user's several connections: what an IRC client is told of the others."""

from __future__ import annotations

from collections.abc import Sequence

from geventchat.chat.events import Entry, Joined
from geventchat.chat.rooms import Room
from geventchat.chat.sessions import Session
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.encoder import source_of
from geventchat.dialects.irc.registration import welcome


def begin(client: Client, session: Session, left: Sequence[Room]) -> None:
    """Be another connection of a session: welcome a newcomer; a guest's nick becomes the user's.

    Whoever was a guest leaves the guest's rooms, and is about to enter the user's.
    """
    guest, client.session = client.session, session
    client.stream_answer()
    if guest is None:
        welcome(client)
    else:
        source = source_of(guest.identity)
        for room in left:
            client.line(f"{source}PART {room.name}")
        client.line(f"{source}NICK {session.nick}")
        client.audience.watch(client.outbox, frozenset(client.watched))
    if session.modes:
        client.line(f":{session.nick} MODE {session.nick} +{session.modes}")
    if session.away:
        client.unit(away_lines(client, session.away))


def entering(client: Client, entry: Entry) -> tuple[Entry, Joined]:
    """The event by which a connection came into all the rooms, as a joining of one of them."""
    room = client.state.rooms.get(entry.rooms[0])
    joined = Joined(entry.event.by, entry.rooms[0] if room is None else room.name)
    return entry._replace(event=joined), joined


def away_lines(client: Client, reason: str) -> list[str]:
    """What whoever goes away, or is back, is told; on each connection."""
    if reason:
        return [client.numeric(n.NOWAWAY, "You have been marked as being away")]
    return [client.numeric(n.UNAWAY, "You are no longer marked as being away")]
