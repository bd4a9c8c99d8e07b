"""What this person knows: the rooms, who is in them, where words go, what is unread."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from geventchat.client.terminal.events import Event, InRoom, Said

# Lines kept for /search and /missed.
SEEN_MAX_LINES = 5000
# Of one room, to know a line that comes twice; a page of history is 500.
_KEYS_MAX = 1024
_SPOKEN_MAX = 100
_PREFIXES = "~&@%+"
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def fold(name: str) -> str:
    """The key under which a name is found (CASEMAPPING=ascii)."""
    return name.translate(_LOWER)


@dataclass
class Room:
    """A room this person is in, or was when the connection was lost.

    `last_at` is the time of the newest event seen in it, in milliseconds since 1970.
    `held` gathers what is said while its history is being fetched, so that the order holds.
    """

    name: str
    key: str = ""
    topic: str = ""
    members: dict[str, str] = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)
    unread: int = 0
    mentioned: bool = False
    last_at: int = 0
    held: list[Said] | None = None
    inside: bool = False
    _keys: dict[tuple[str, int], None] = field(default_factory=dict)

    def is_new(self, line: Said) -> bool:
        """Whether a line was not shown before; from now on it was."""
        if not line.id:
            return True
        if line.key in self._keys:
            return False
        self._keys[line.key] = None
        if len(self._keys) > _KEYS_MAX:
            del self._keys[next(iter(self._keys))]
        self.last_at = max(self.last_at, line.at)
        return True

    def enter(self, shown: str) -> None:
        """Somebody is here, as NAMES shows them: with the sign of what they are."""
        nick = shown.lstrip(_PREFIXES)
        if not nick:
            return
        self.members[fold(nick)] = nick
        self.status[fold(nick)] = shown[: len(shown) - len(nick)]

    def leave(self, nick: str) -> bool:
        """Somebody is not here any more; whether they were."""
        self.status.pop(fold(nick), None)
        return self.members.pop(fold(nick), None) is not None

    def rename(self, nick: str, new: str) -> None:
        status = self.status.get(fold(nick), "")
        if self.leave(nick):
            self.enter(status + new)

    @property
    def nicks(self) -> list[str]:
        """Who is here, with their signs, by name."""
        return [self.status[key] + self.members[key] for key in sorted(self.members)]


class State:
    """Everything that outlives a connection."""

    def __init__(self, nick: str) -> None:
        self.nick = nick
        self.rooms: dict[str, Room] = {}
        # Private lines; what one says to oneself comes twice.
        self.private = Room("")
        self.current = ""
        self.before: list[str] = []
        self.away = ""
        self.last_from = ""
        self.ignored: set[str] = set()
        self.spoken_with: dict[str, str] = {}
        self.seen: deque[tuple[Said, bool]] = deque(maxlen=SEEN_MAX_LINES)

    def room(self, name: str) -> Room | None:
        return self.rooms.get(fold(name))

    def add_room(self, name: str, key: str = "") -> Room:
        """A room this person wants to be in."""
        room = self.rooms.setdefault(fold(name), Room(name))
        room.key = key or room.key
        return room

    def speaks_with(self, nick: str) -> None:
        """Remember somebody for Tab; the one longest ago makes place."""
        self.spoken_with.pop(fold(nick), None)
        self.spoken_with[fold(nick)] = nick
        if len(self.spoken_with) > _SPOKEN_MAX:
            del self.spoken_with[next(iter(self.spoken_with))]

    def is_me(self, nick: str) -> bool:
        return fold(nick) == fold(self.nick)

    def go_to(self, name: str) -> None:
        """Talk in that room from now on; it is read now."""
        room = self.room(name)
        if room is None:
            return
        if self.current and fold(self.current) != fold(name):
            self.before = [one for one in self.before if fold(one) != fold(self.current)]
            self.before.append(self.current)
        self.current = room.name
        room.unread, room.mentioned = 0, False

    def drop_room(self, name: str) -> str:
        """Be in it no more. Words go where they went before; that room, or nothing."""
        self.rooms.pop(fold(name), None)
        self.before = [one for one in self.before if fold(one) in self.rooms]
        if fold(self.current) == fold(name):
            others = self.before[-1:] or [room.name for room in self.rooms.values()][:1]
            self.current = ""
            if others:
                self.go_to(others[0])
        return self.current

    def people(self) -> Iterator[str]:
        """Everybody in sight, those of the current room first."""
        here = self.room(self.current)
        rooms = [here] if here is not None else []
        rooms += [room for room in self.rooms.values() if room is not here]
        shown: dict[str, str] = dict(self.spoken_with)
        for room in rooms:
            shown.update({key: nick for key, nick in room.members.items() if key not in shown})
        yield from shown.values()

    def remember(self, event: Event) -> None:
        """Keep what was said, for /search and /missed, and count what is unread."""
        if isinstance(event, Said):
            self._keep(event, missed=bool(self.away), is_news=True)
        elif isinstance(event, InRoom):
            for line in event.lines:
                self._keep(line, event.missed, is_news=event.missed)

    def _keep(self, line: Said, missed: bool, is_news: bool) -> None:
        self.seen.append((line, missed and not line.own))
        room = self.room(line.room) if line.room else None
        if room is not None and is_news and not line.own and room.name != self.current:
            room.unread += 1
            room.mentioned = room.mentioned or self.is_mentioned(line)

    def go_away(self, reason: str) -> None:
        """From now on nobody looks at the screen; what came before has been seen."""
        self.away = reason
        self.seen = deque(((line, False) for line, _ in self.seen), SEEN_MAX_LINES)

    def is_mentioned(self, line: Said) -> bool:
        """Whether somebody else named this person, as a word of its own."""
        text, nick = fold(line.text), fold(self.nick)
        place = -1
        while not line.own and (place := text.find(nick, place + 1)) >= 0:
            around = text[place - 1 : place] if place else ""
            around += text[place + len(nick) : place + len(nick) + 1]
            if not any(char.isalnum() or char in "_-[]{}\\|^`" for char in around):
                return True
        return False
