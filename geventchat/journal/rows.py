"""Events as database rows, and back.

A row is (number, at, kind, room key, session, nick, user, host, text, detail).
The fields of an event other than its author, room and main text go into
`detail` as a JSON object, so a new kind of event needs no new column.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from geventchat.chat import apply
from geventchat.chat.events import Change, Entry, Event, Form, Founding, Identity, Said
from geventchat.chat.names import fold
from geventchat.chat.text import clean_for_terminal

Row = tuple[int, int, str, str | None, int, str, str, str, str | None, str | None]

_CLASS_OF = {kind.name: event for event, kind in apply.KINDS.items()}
# A room's key would open the room to anyone who reads it, so it is not stored;
# neither is what only `apply` needs.
_UNKEPT = frozenset({"by", "room", "key", "forgets"})
_REST = {
    event: [field for field in fields(event) if field.name not in (*_UNKEPT, kind.text)]
    for event, kind in apply.KINDS.items()
}
# What people wrote: it keeps its formatting here and is cleaned where it is rendered. Every
# other string of an event is a name or the like, and dialects send it as it is.
_WORDS = frozenset({"text", "topic", "reason", "away", "realname", "tags"})
_READERS: dict[str, Callable[[Any], Any]] = {
    "form": Form,
    "rooms": tuple,
    "joined": tuple,
    "founding": lambda founding: Founding(*founding),
    "changes": lambda changes: tuple(Change(*change) for change in changes),
}


def row_of(entry: Entry) -> Row:
    """The row that stores an entry."""
    event = entry.event
    by = event.by
    if (  # All but a few rows.
        event.__class__ is Said
        and event.form is Form.MESSAGE
        and not (event.tags or event.joined or by.account or by.bot)
    ):
        return (
            entry.number,
            entry.at,
            "said",
            fold(event.room),
            by.session,
            by.nick,
            by.user,
            by.host,
            event.text,
            None,
        )
    kind = apply.KINDS[event.__class__]
    room = getattr(event, "room", None)
    detail = _detail(event)
    if room is not None and room != fold(room):
        detail["room"] = room
    return (
        entry.number,
        entry.at,
        kind.name,
        None if room is None else fold(room),
        by.session,
        by.nick,
        by.user,
        by.host,
        getattr(event, kind.text) if kind.text else None,
        json.dumps(detail) if detail else None,
    )


def _detail(event: Event) -> dict[str, Any]:
    """The fields of an event that have no column, without those that have their default."""
    detail: dict[str, Any] = {}
    for field in _REST[type(event)]:
        value = getattr(event, field.name)
        if value != field.default:
            detail[field.name] = value.value if isinstance(value, Form) else value
    if event.by.account:
        detail["account"] = event.by.account
    if event.by.bot:
        detail["bot"] = True
    return detail


def entry_of(row: Any) -> Entry:
    """The entry that a row stores.

    All names in it are cleaned again: another program may have written the row,
    and names go to terminals.
    """
    number, at, kind, room, session, nick, user, host, text, detail = row
    cls = _CLASS_OF[kind]
    text_field = apply.KINDS[cls].text
    values: dict[str, Any] = {} if detail is None else json.loads(detail)
    account, bot = values.pop("account", ""), bool(values.pop("bot", False))
    clean = clean_for_terminal
    by = Identity(session, clean(nick), clean(user), clean(host), "", _clean(account), bot)
    if room is not None:
        values.setdefault("room", room)  # The detail has it as it was spelt.
    if text_field:
        values[text_field] = text
    for name, value in values.items():
        if name not in _WORDS:
            value = _clean(value)
            read = None if name == text_field else _READERS.get(name)
            values[name] = value if read is None else read(value)
    return Entry(number, at, cls(by, **values))


def _clean(value: Any) -> Any:
    """The value with every string in it cleaned, those in nested lists too."""
    if isinstance(value, str):
        return clean_for_terminal(value)
    return [_clean(item) for item in value] if isinstance(value, list) else value
