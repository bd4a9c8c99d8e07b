"""Events as database rows, and back.

A row is (number, at, kind, room key, session, nick, user, host, text, detail).
Whatever an event has beyond its author, room and main text goes into `detail`
as a JSON object, so that a new kind of event needs no new column.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from geventchat.chat.events import (
    Announced,
    Arrived,
    Change,
    Entry,
    Event,
    Form,
    Identity,
    Invited,
    Joined,
    Kicked,
    Left,
    ModesSet,
    Parted,
    RealNameSet,
    Redacted,
    RedactedTo,
    Renamed,
    Restarted,
    Said,
    SaidToStatus,
    Tagged,
    TaggedTo,
    Told,
    TopicSet,
    UserModesSet,
    WentAway,
)
from geventchat.chat.names import fold
from geventchat.chat.text import clean_for_terminal

Row = tuple[int, int, str, str | None, int, str, str, str, str | None, str | None]

# Kind in the database -> class, and the field that is its main text.
KINDS: dict[str, tuple[type[Event], str]] = {
    "restarted": (Restarted, ""),
    "arrived": (Arrived, "via"),
    "left": (Left, "reason"),
    "renamed": (Renamed, "nick"),
    "away": (WentAway, "reason"),
    "realname": (RealNameSet, "realname"),
    "usermodes": (UserModesSet, "changes"),
    "joined": (Joined, ""),
    "parted": (Parted, "reason"),
    "kicked": (Kicked, "reason"),
    "invited": (Invited, "nick"),
    "modes": (ModesSet, ""),
    "topic": (TopicSet, "topic"),
    "said": (Said, "text"),
    "told": (Told, "text"),
    "saidtosome": (SaidToStatus, "text"),
    "tagged": (Tagged, "tags"),
    "signalledto": (TaggedTo, "tags"),
    "redacted": (Redacted, "reason"),
    "redactedto": (RedactedTo, "reason"),
    "announced": (Announced, "text"),
}
_KIND_OF = {cls: (kind, text) for kind, (cls, text) in KINDS.items()}
# A room's key opens the room for whoever reads it, so it is not kept.
_REST = {
    cls: [f for f in fields(cls) if f.name not in ("by", "room", "key", text)]
    for cls, text in KINDS.values()
}
_READERS: dict[str, Callable[[Any], Any]] = {
    "form": Form,
    "rooms": tuple,
    "joined": tuple,
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
    kind, text = _KIND_OF[type(event)]
    room = getattr(event, "room", None)
    detail = _detail(event)
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


def _detail(event: Event) -> dict[str, Any]:
    """What of an event has no column; a field that has its default is left out."""
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

    Names are cleaned again: another program may have written them, and they go
    to terminals. Texts are cleaned wherever they are rendered.
    """
    number, at, kind, room, session, nick, user, host, text, detail = row
    cls, text_field = KINDS[kind]
    values: dict[str, Any] = {
        "by": Identity(
            session, clean_for_terminal(nick), clean_for_terminal(user), clean_for_terminal(host)
        )
    }
    if room is not None:
        values["room"] = room
    if text_field:
        values[text_field] = text
    if detail is not None:
        values.update(json.loads(detail))
        account, bot = values.pop("account", ""), values.pop("bot", False)
        if account or bot:
            values["by"] = Identity(session, nick, user, host, "", account, bot)
        for name in _READERS.keys() & values.keys():
            if name != text_field:
                values[name] = _READERS[name](values[name])
    if "room" in values:
        values["room"] = clean_for_terminal(values["room"])
    return Entry(number, at, cls(**values))
