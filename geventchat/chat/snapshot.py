"""The state written down, line by line, and read back.

Each line is one thing in JSON: a session, a room, an account. They are made one by one,
so whoever writes them may let others work in between. All of a state is written, the
sessions too: events that follow refer to them. Dicts come in their order, since some
decide something (which room makes place is the one longest empty).

What is written of a thing are its slots: each is named in a table here with how it goes
into JSON and comes back. Tests fail for one that is missing.

A snapshot of another version is read by nobody: the events say it all again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from itertools import islice
from typing import Any, NamedTuple

from geventchat.chat.accounts import Account
from geventchat.chat.events import Identity
from geventchat.chat.modes import MaskEntry, RoomModes
from geventchat.chat.names import fold
from geventchat.chat.rooms import Membership, Room
from geventchat.chat.sessions import Session
from geventchat.chat.state import ChatState

VERSION = 1
# So many small things stand in a line: it takes some 0.1 ms to write.
_A_LINE = 128


_UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, RecursionError)


class Damaged(Exception):
    """What was to be a snapshot is none, or one of another version."""


class _As(NamedTuple):
    """How the value of a slot is written in JSON, and read back."""

    written: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _lists(lists: dict[str, dict[str, MaskEntry]]) -> list[Any]:
    return [[letter, list(entries.values())] for letter, entries in lists.items()]


def _read_lists(written: list[Any]) -> dict[str, dict[str, MaskEntry]]:
    return {
        letter: {fold(entry[0]): MaskEntry(*entry) for entry in entries}
        for letter, entries in written
    }


_IDENTITY = [field.name for field in fields(Identity)]
_PLAIN = _As(lambda value: value, lambda value: value)
_PAIR = _As(list, tuple)
_KEYS = _As(list, dict.fromkeys)
_ITEMS = _As(lambda value: list(value.items()), dict)
_MAYBE_ITEMS = _As(
    lambda value: None if value is None else list(value.items()),
    lambda value: None if value is None else dict(value),
)
_PERSON = _As(
    lambda who: [getattr(who, name) for name in _IDENTITY], lambda written: Identity(*written)
)

_Table = dict[str, _As]
SESSION: _Table = {
    **dict.fromkeys(("appeared", "arrived", "arrived_at", "away"), _PLAIN),
    **dict.fromkeys(("last_line_at", "modes", "via"), _PLAIN),
    "devices": _MAYBE_ITEMS,
    "identity": _PERSON,
    "reply_to": _PAIR,
    "rooms": _KEYS,
}
MODES: _Table = {
    **dict.fromkeys(("flags", "key", "key_set", "limit", "strict"), _PLAIN),
    "invited": _KEYS,
    "lists": _As(_lists, _read_lists),
}
ROOM: _Table = {
    **dict.fromkeys(("created_at", "key", "name", "reads_from"), _PLAIN),
    **dict.fromkeys(("topic", "topic_at", "topic_by", "topic_kept", "unseen"), _PLAIN),
    **dict.fromkeys(("owner", "used_at"), _PLAIN),
    "ranks": _ITEMS,
    "metadata": _ITEMS,
    "modes": _As(lambda modes: _written(modes, MODES), lambda it: _read(RoomModes(""), it, MODES)),
}
ACCOUNT: _Table = {
    **dict.fromkeys(("created_at", "credential", "disabled", "name", "number", "oper"), _PLAIN),
    "metadata": _ITEMS,
    "rooms": _KEYS,
    "sessions": _KEYS,
}
STATE: _Table = dict.fromkeys(("lobby", "started_at", "sessions_max", "last_session"), _PLAIN)
# What has lines of its own, or follows from the rest.
APART = {
    ChatState: {"accounts", "empty", "metadata", "nicks", "rooms", "sessions", "whowas"},
    Room: {"members"},
    RoomModes: {"_verdicts"},
    Membership: {"session", "status", "reads_from"},
}


def dump(state: ChatState) -> Iterator[str]:
    """All of a state, in lines. It must stay as it is meanwhile."""
    count = 0
    for kind, value in _things(state):
        count += 1
        yield json.dumps([kind, value], separators=(",", ":"))
    yield json.dumps(["end", count])


class Loading:
    """Reads lines back one by one, so that whoever reads may let others work in between."""

    def __init__(self) -> None:
        self._state: ChatState | None = None
        self._count = 0
        self._complete = False

    def take(self, line: str) -> None:
        """Read a line. Raises `Damaged` if it is none of this version."""
        try:
            kind, value = json.loads(line)
            if self._state is None:
                self._state = _begun(kind, value)
            elif kind == "end":
                self._complete = value == self._count
                return
            else:
                _READERS[kind](self._state, value)
        except _UNREADABLE as error:
            raise Damaged(repr(error)) from error
        self._count += 1
        self._complete = False

    @property
    def state(self) -> ChatState:
        """What was written down. Raises `Damaged` if that is not all here."""
        if self._state is None or not self._complete:
            raise Damaged("not complete")
        return self._state


def load(lines: Iterable[str]) -> ChatState:
    """The state that was written down. Raises `Damaged` if none was."""
    loading = Loading()
    for line in lines:
        loading.take(line)
    return loading.state


def _begun(kind: str, written: tuple[int, int, list[Any]]) -> ChatState:
    version, whowas_max, facts = written
    if (kind, version) != ("state", VERSION):
        raise ValueError(f"version {version}")
    state: ChatState = _read(ChatState("", whowas_max), facts, STATE)
    return state


def _things(state: ChatState) -> Iterator[tuple[str, Any]]:
    yield "state", [VERSION, state.whowas.maxlen, _written(state, STATE)]
    for account in state.accounts.values():
        yield "account", _written(account, ACCOUNT)
    for session in state.users:
        yield "session", _written(session, SESSION)
    for number, metadata in state.metadata.items():
        yield "metadata", [number, _ITEMS.written(metadata)]
    for room in state.rooms.values():
        yield "room", _written(room, ROOM)
        members = ([n, one.status, one.reads_from] for n, one in room.members.items())
        for part, some in _in_parts("members", members):
            yield part, [room.key, some]
    yield from _in_parts("empty", state.empty)
    yield from _in_parts("whowas", ([_PERSON.written(who), at] for who, at in state.whowas))


def _in_parts(kind: str, things: Iterable[Any]) -> Iterator[tuple[str, list[Any]]]:
    things = iter(things)
    while part := list(islice(things, _A_LINE)):
        yield kind, part


def _written(thing: Any, table: _Table) -> list[Any]:
    return [how.written(getattr(thing, slot)) for slot, how in table.items()]


def _read(thing: Any, written: list[Any], table: _Table) -> Any:
    for (slot, how), value in zip(table.items(), written, strict=True):
        setattr(thing, slot, how.read(value))
    return thing


def _read_account(state: ChatState, written: list[Any]) -> None:
    account = _read(Account.__new__(Account), written, ACCOUNT)
    state.accounts[account.key] = account


def _read_metadata(state: ChatState, written: tuple[int, list[Any]]) -> None:
    number, items = written
    state.metadata[number] = _ITEMS.read(items)


def _read_session(state: ChatState, written: list[Any]) -> None:
    session = _read(Session.__new__(Session), written, SESSION)
    state.nicks[fold(session.nick)] = session
    for number in (session.number, *(session.devices or ())):
        state.sessions[number] = session


def _read_room(state: ChatState, written: list[Any]) -> None:
    room = _read(Room("", ""), written, ROOM)
    state.rooms[room.key] = room


def _read_members(state: ChatState, written: tuple[str, list[Any]]) -> None:
    key, members = written
    room = state.rooms[key]
    for number, status, reads_from in members:
        room.members[number] = Membership(state.sessions[number], status, reads_from)


def _read_empty(state: ChatState, keys: list[str]) -> None:
    for key in keys:
        state.empty[state.rooms[key].key] = None


def _read_whowas(state: ChatState, written: list[Any]) -> None:
    state.whowas += ((_PERSON.read(who), at) for who, at in written)


_READERS: dict[str, Callable[[ChatState, Any], None]] = {
    "account": _read_account,
    "session": _read_session,
    "metadata": _read_metadata,
    "room": _read_room,
    "members": _read_members,
    "empty": _read_empty,
    "whowas": _read_whowas,
}
