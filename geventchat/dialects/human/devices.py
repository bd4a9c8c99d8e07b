"""One of a user's several connections: what a person is told of the others."""

from __future__ import annotations

from dataclasses import replace

from geventchat.chat.rooms import Room
from geventchat.chat.sessions import Session
from geventchat.dialects.devices import others
from geventchat.dialects.human.client import Client


def begin(client: Client, session: Session) -> None:
    """Be another connection of a session: tell who one is now, where else, and in which rooms."""
    client.session = session
    client.announced = session.appeared
    if client.current not in session.rooms:
        lobby = client.state.lobby
        client.current = lobby if lobby in session.rooms else next(reversed(session.rooms), "")
    client.before = ()
    client.restyle(replace(client.look))  # What is one person's (a bell) is made for this one.
    elsewhere = others(session, client.outbox.number)
    also = f", also on {' and '.join(elsewhere)}" if elsewhere else ""
    rooms = " ".join(client.state.rooms[key].name for key in session.rooms)
    where = f"; rooms: {rooms}" if rooms else ""
    client.reply(f"You are here as {session.nick}{also}{where}", client.where)


def joined_elsewhere(room: Room) -> list[str]:
    """That another of the devices has entered a room, in which this one is by that."""
    return [f"-> You are in {room.name} too, by another device. /switch {room.name} to talk there."]
