"""What the server tells unasked: changes the state, and says what has happened."""

from __future__ import annotations

from collections.abc import Callable

from geventchat.client.terminal import events
from geventchat.client.terminal.events import Event, Form, Said
from geventchat.client.terminal.state import State
from geventchat.client.terminal.wire import Message

_ACTION = "\x01ACTION "
_Row = Callable[[State, Message], list[Event]]


def happened(state: State, message: Message) -> list[Event]:
    """Take a change of somebody's or of a room; events in the order to be told."""
    row = _ROWS.get(message.verb)
    return row(state, message) if row is not None else []


def line_of(state: State, message: Message) -> Said | None:
    """A PRIVMSG or NOTICE as words; None for what only programs ask each other."""
    target, text = message.param(0), message.param(1)
    form = Form.NOTICE if message.verb == "NOTICE" else Form.MESSAGE
    if text.startswith(_ACTION):
        # One that took several lines bears the frame around each of them.
        text, form = text.replace(f"\x01{_ACTION}", ""), Form.ACTION
        text = text[len(_ACTION) :].rstrip("\x01")
    elif text[:1] == "\x01":
        return None
    to_room = target.lstrip("@+%&~")[:1] == "#"
    return Said(
        message.at,
        message.tags.get("msgid", ""),
        target.lstrip("@+%&~") if to_room else "",
        message.nick,
        text,
        form,
        own=state.is_me(message.nick),
        to="" if to_room else target,
    )


def _joined(state: State, message: Message) -> list[Event]:
    name, nick = message.param(0), message.nick
    if state.is_me(nick):
        if name[:1] != "#" or " " in name:
            return []  # No server lets anybody into such a room.
        room = state.add_room(name)
        room.name, room.inside, room.topic = name, True, ""
        room.members.clear()
        room.status.clear()
        return []  # `catchup` tells of it once it is known what the room is like.
    room_or_none = state.room(name)
    if room_or_none is None:
        return []
    room_or_none.enter(nick)
    return [events.Joined(message.at, room_or_none.name, nick, len(room_or_none.members))]


def _parted(state: State, message: Message) -> list[Event]:
    room = state.room(message.param(0))
    if room is None:
        return []
    members = len(room.members)
    room.leave(message.nick)
    own = state.is_me(message.nick)
    current = state.drop_room(room.name) if own else ""
    reason = message.param(1)
    return [events.Parted(message.at, room.name, message.nick, reason, members, own, current)]


def _left(state: State, message: Message) -> list[Event]:
    sizes = [len(room.members) for room in state.rooms.values() if room.leave(message.nick)]
    reason = message.param(0).removeprefix("Quit: ").removeprefix("Quit")
    return [events.Left(message.at, message.nick, reason, min(sizes))] if sizes else []


def _renamed(state: State, message: Message) -> list[Event]:
    nick, new = message.nick, message.param(0)
    own = state.is_me(nick)
    for room in state.rooms.values():
        room.rename(nick, new)
    if own:
        state.nick = new
    return [events.Renamed(message.at, nick, new, own)]


def _kicked(state: State, message: Message) -> list[Event]:
    room, nick = state.room(message.param(0)), message.param(1)
    if room is None:
        return []
    room.leave(nick)
    own = state.is_me(nick)
    current = state.drop_room(room.name) if own else ""
    by, why = message.nick, message.param(2)
    why = "" if why == by else why  # What the server says for no reason.
    return [events.Kicked(message.at, room.name, nick, by, why, own, current)]


def _topic_set(state: State, message: Message) -> list[Event]:
    room = state.room(message.param(0))
    if room is None:
        return []
    room.topic = message.param(1)
    return [events.TopicSet(message.at, room.name, message.nick, room.topic)]


def _modes_set(state: State, message: Message) -> list[Event]:
    room = state.room(message.param(0))
    if room is None:
        return []
    letters, *arguments = message.params[1:] or [""]
    for change, argument in changes_of(letters, arguments):
        sign = {"o": "@", "v": "+"}.get(change[1], "")
        key = argument.lower()
        if sign and key in room.members:
            kept = room.status[key].replace(sign, "")
            room.status[key] = (
                kept if change[0] == "-" else min(sign + kept, kept + sign, key=_rank)
            )
    changes = (letters, *arguments)
    return [events.ModesSet(message.at, room.name, message.nick, changes)]


def _rank(signs: str) -> list[int]:
    return ["@+".index(sign) if sign in "@+" else 9 for sign in signs]


def changes_of(letters: str, arguments: list[str]) -> list[tuple[str, str]]:
    """`+ob-i alice bob!*@*` as `+o alice`, `+b bob!*@*`, `-i`."""
    rest = list(arguments)
    sign, changes = "+", []
    for letter in letters:
        if letter in "+-":
            sign = letter
        else:
            takes = letter in "ovbeIk" or (letter == "l" and sign == "+")
            changes.append((sign + letter, rest.pop(0) if takes and rest else ""))
    return changes


def _away(state: State, message: Message) -> list[Event]:
    if state.is_me(message.nick):
        return []
    return [events.WentAway(message.at, message.nick, message.param(0))]


def _invited(state: State, message: Message) -> list[Event]:
    nick, room = message.nick, message.param(1)
    return [events.Told(f"{nick} invites you to {room}. /join {room}")]


def _topic_is(state: State, message: Message) -> list[Event]:
    room = state.room(message.param(1))
    if room is not None:
        room.topic = message.param(2)
    return []


def _names_are(state: State, message: Message) -> list[Event]:
    room = state.room(message.param(2))
    for shown in message.param(3).split() if room is not None else ():
        if room is not None:
            room.enter(shown.partition("!")[0])
    return []


def _announced(state: State, message: Message) -> list[Event]:
    return [events.Told(f"[{message.nick} to everybody] {message.param(0)}")]


_ROWS: dict[str, _Row] = {
    "JOIN": _joined,
    "PART": _parted,
    "QUIT": _left,
    "NICK": _renamed,
    "KICK": _kicked,
    "TOPIC": _topic_set,
    "MODE": _modes_set,
    "AWAY": _away,
    "INVITE": _invited,
    "WALLOPS": _announced,
    "332": _topic_is,
    "353": _names_are,
}
