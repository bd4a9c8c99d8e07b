"""What a word that somebody has begun may become: commands, rooms, nicks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from geventchat.chat import visibility
from geventchat.chat.names import fold
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.help import COMMANDS

# Nobody reads through more, and who asks for all names must not make the others wait. With
# what would be left out the word might be another; so then there is nothing to complete.
_FOUND_MAX = 500


def candidates(client: Client, word: str, first: bool) -> list[str]:
    """What a word may become, of what its author may know; `first` in its line it may be a command.

    Nicks of the room talked in come before the others.
    """
    if first and word.startswith("/"):
        return sorted(f"/{command.name}" for command in COMMANDS)
    if word.startswith("#"):
        return _sorted(list(islice(_rooms(client, fold(word)), _FOUND_MAX + 1)))
    return _nicks(client, fold(word))


def _rooms(client: Client, begun: str) -> Iterator[str]:
    rooms = (room for key, room in client.state.rooms.items() if key.startswith(begun))
    return (room.name for room in rooms if room.members and visibility.may_know(client.me, room))


def _nicks(client: Client, begun: str) -> list[str]:
    me, here = client.me, client.here
    neighbours = here.members if here is not None else {}
    near: list[str] = []
    far: list[str] = []
    for key, one in client.state.nicks.items():
        if key.startswith(begun):
            found = near if one.number in neighbours else far
            if len(found) <= _FOUND_MAX and visibility.may_see(me, one):
                found.append(one.nick)
        if len(near) > _FOUND_MAX:
            return []
    return [*_sorted(near), *_sorted(far)]


def _sorted(names: list[str]) -> list[str]:
    """The names by their keys; none if these are not all."""
    return [] if len(names) > _FOUND_MAX else sorted(names, key=fold)
