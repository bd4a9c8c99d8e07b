"""Events as database rows, and back.

A row is (number, at, kind, room key, session, nick, user, host, text, detail).
Whatever an event has beyond its author, room and main text goes into `detail`
as a JSON object, so that a new kind of event needs no new column.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from geventchat.chat.events import (
    Arrived,
    Entry,
    Event,
    Form,
    Identity,
    Joined,
    Left,
    Parted,
    Renamed,
    Restarted,
    Said,
    Told,
    TopicSet,
    WentAway,
)
from geventchat.chat.names import fold
from geventchat.chat.text import printable

Row = tuple[int, int, str, str | None, int, str, str, str, str | None, str | None]

# Kind in the database -> class, and the field that is its main text.
KINDS: dict[str, tuple[type[Event], str]] = {
    "restarted": (Restarted, ""),
    "arrived": (Arrived, "via"),
    "left": (Left, "reason"),
    "renamed": (Renamed, "nick"),
    "away": (WentAway, "reason"),
    "joined": (Joined, ""),
    "parted": (Parted, "reason"),
    "topic": (TopicSet, "topic"),
    "said": (Said, "text"),
    "told": (Told, "text"),
}
_KIND_OF = {cls: (kind, text) for kind, (cls, text) in KINDS.items()}
_REST = {
    cls: [f.name for f in fields(cls) if f.name not in ("by", "room", text)]
    for cls, text in KINDS.values()
}


def row_of(entry: Entry) -> Row:
    """The row that stores an entry."""
    event = entry.event
    by = event.by
    if event.__class__ is Said and event.form is Form.MESSAGE:  # All but a few rows.
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
    kind, text = _KIND_OF[type(event)]
    room = getattr(event, "room", None)
    detail = {name: _plain(getattr(event, name)) for name in _REST[type(event)]}
    if room is not None and room != fold(room):
        detail["room"] = room
    return (
        entry.number,
        entry.at,
        kind,
        None if room is None else fold(room),
        by.session,
        by.nick,
        by.user,
        by.host,
        getattr(event, text) if text else None,
        json.dumps(detail) if detail else None,
    )


def entry_of(row: Any) -> Entry:
    """The entry that a row stores.

    Names are cleaned again: another program may have written them, and they go
    to terminals. Texts are cleaned wherever they are rendered.
    """
    number, at, kind, room, session, nick, user, host, text, detail = row
    cls, text_field = KINDS[kind]
    values: dict[str, Any] = {
        "by": Identity(session, printable(nick), printable(user), printable(host))
    }
    if room is not None:
        values["room"] = room
    if text_field:
        values[text_field] = text
    if detail is not None:
        values.update(json.loads(detail))
    if "room" in values:
        values["room"] = printable(values["room"])
    if "form" in values:
        values["form"] = Form(values["form"])
    if "rooms" in values:
        values["rooms"] = tuple(values["rooms"])
    return Entry(number, at, cls(**values))


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Form) else value
