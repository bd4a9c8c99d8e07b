"""What users and rooms tell of themselves, as a client may read it (IRCv3 draft/metadata-3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from geventchat.chat import visibility
from geventchat.chat.names import fold
from geventchat.chat.rooms import Room
from geventchat.chat.sessions import Session
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.capabilities import METADATA
from geventchat.dialects.irc.client import Client

# Where more values than these would be looked for, who joins is told to ask for them later.
_AT_ONCE_MAX = 200
_RETRY_S = "2"
# What WHOIS shows: keys of the IRCv3 registry that people can read.
_READABLE = ("display-name", "pronouns", "status", "homepage")


class Target(NamedTuple):
    """Whom or what a command is about: a room, a session, or (neither) who has yet to come in."""

    name: str
    room: Room | None = None
    session: Session | None = None


def target_of(client: Client, name: str) -> Target | None:
    """What a client means by a name, if it may know of it."""
    me = client.session
    if name == "*" or fold(name) == fold(client.nick):
        return Target(client.nick, session=me)
    if me is None:
        return None
    if name[:1] == "#":
        room = client.state.room(name)
        if room is None or not room.members or not visibility.may_know_metadata(me, room):
            return None
        return Target(room.name, room)
    session = client.state.session_of(name)
    return None if session is None else Target(session.nick, session=session)


def held_of(client: Client, target: Target) -> Mapping[str, str]:
    """What is told of a target, by names."""
    if target.room is not None:
        return target.room.metadata
    if target.session is not None:
        return client.state.metadata_of(target.session)
    return client.registration.metadata if client.registration else {}


def line_of(client: Client, target: Target, name: str) -> str:
    """The value of a name, or that it has none."""
    value = held_of(client, target).get(name)
    if value is None:
        return client.numeric(n.KEYNOTSET, target.name, name, "is not set")
    return client.numeric(n.KEYVALUE, target.name, name, "*", value)


def known(client: Client, target: Target) -> Iterator[str]:
    """The values of a target that one has subscribed to; of a room, also its members'."""
    yield from subscribed(client, target)
    if target.room is None:
        return
    inside = client.session is not None and target.room.key in client.session.rooms
    for member in list(target.room.members.values()):
        other = member.session
        shown = other.appeared and (inside or "i" not in other.modes)
        if shown and other is not client.session:
            yield from subscribed(client, Target(other.nick, session=other))


def subscribed(client: Client, target: Target) -> Iterator[str]:
    held = held_of(client, target)
    for name in held if held else ():
        if name in client.subscriptions:
            yield line_of(client, target, name)


def lines_of_room(client: Client, room: Room) -> list[str]:
    """What who joins a room is told of it and of those in it."""
    if not (client.subscriptions and client.has(METADATA)):
        return []
    if (1 + len(room.members)) * len(client.subscriptions) > _AT_ONCE_MAX:
        return [client.numeric(n.METADATASYNCLATER, room.name, _RETRY_S)]
    lines = list(known(client, Target(room.name, room)))
    return client.batched("metadata", [room.name], lines) if lines else []


def lines_of_user(client: Client, nick: str) -> list[str]:
    """What who watches somebody is told of them when they are here."""
    session = client.state.session_of(nick)
    if session is None or not (client.subscriptions and client.has(METADATA)):
        return []
    return list(subscribed(client, Target(session.nick, session=session)))


def whois_lines(client: Client, session: Session) -> Iterator[str]:
    """What WHOIS shows of it, to who knows its numeric."""
    held = client.state.metadata_of(session)
    for name in _READABLE if client.has(METADATA) else ():
        if name in held:
            yield client.numeric(n.WHOISKEYVALUE, session.nick, name, "*", held[name])
