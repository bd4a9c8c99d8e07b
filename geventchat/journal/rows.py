"""Events as database rows, and back.

A row is (number, at, kind, room key, session, nick, user, host, text, detail).
The fields of an event other than its author, room and main text go into
`detail` as a JSON object, so a new kind of event needs no new column.

MUST: an entry read back is as good as one that was made here, or an error: other
programs may write rows, and whoever reads history trusts the types of events.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any

from geventchat.chat import apply
from geventchat.chat.events import (
    Arrived,
    Change,
    Entry,
    Event,
    Form,
    Identity,
    ModesSet,
    Said,
)
from geventchat.chat.events_accounts import Attached
from geventchat.chat.names import fold
from geventchat.chat.text import clean_for_terminal

Row = tuple[int, int, str, str | None, int, str, str, str, str | None, str | None]

_CLASS_OF = {kind.name: event for event, kind in apply.KINDS.items()}
_OWN_COLUMN = frozenset({"by", "room"})
_REST = {
    event: [field for field in fields(event) if field.name not in (*_OWN_COLUMN, kind.text)]
    for event, kind in apply.KINDS.items()
}
# What an event's field is called in the detail, where its author's facts stand too.
_KEPT_AS = {"account": "whose"}
_FIELD_OF = {kept: name for name, kept in _KEPT_AS.items()}
# What people wrote: it keeps its formatting here and is cleaned where it is rendered. Every
# other string of an event is a name or the like, and dialects send it as it is.
_WORDS = frozenset({"text", "topic", "reason", "away", "realname", "tags", "value"})
# The last moment a calendar knows, in milliseconds: 9999-12-31.
_AT_MAX = 253_402_300_799_999
# Where numbers end, with room for all that may still be added to one.
NUMBER_MAX = 1 << 61


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(_expected(str, value) for value in values)


def _whole_numbers(values: Any) -> tuple[int, ...]:
    return tuple(_expected(int, value) for value in values)


def _mode_changes(values: Any) -> tuple[Change, ...]:
    return tuple(
        Change(_expected(str, mode), _expected(str, argument), _expected(int, session))
        for mode, argument, session in values
    )


def _expected(kind: type[Any], value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


# How the fields of events read what stands in a row, by their declared types.
_READERS: dict[str, Callable[[Any], Any]] = {
    "str": lambda value: _expected(str, value),
    "int": lambda value: _expected(int, value),
    "int | None": lambda value: None if value is None else _expected(int, value),
    "bool": lambda value: _expected(bool, value),
    "Form": Form,
    "tuple[str, ...]": _texts,
    "tuple[int, ...]": _whole_numbers,
    "tuple[Change, ...]": _mode_changes,
}
_READER_OF = {
    event: {field.name: _READERS[str(field.type)] for field in fields(event) if field.name != "by"}
    for event in apply.KINDS
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
            name = _KEPT_AS.get(field.name, field.name)
            detail[name] = value.value if isinstance(value, Form) else value
    if isinstance(event, ModesSet):
        detail["changes"] = [_without_key(change) for change in event.changes]
    if isinstance(event, Arrived | Attached) and event.by.address not in ("", event.by.host):
        detail["address"] = event.by.address  # For who runs the server, in case of abuse.
    if event.by.account:
        detail["account"] = event.by.account
    if event.by.bot:
        detail["bot"] = True
    return detail


def _without_key(change: Change) -> Change:
    """That a room got or lost its key may be known; the key itself would open the room."""
    return change._replace(argument="") if change.mode[1:] == "k" else change


def readable(rows: Iterable[Any], unreadable: set[int]) -> list[Entry]:
    """The entries of rows; the numbers of those that make no sense go into `unreadable`."""
    entries = []
    for row in rows:
        try:
            entries.append(entry_of(row))
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
            unreadable.add(row[0])
    return entries


def entry_of(row: Any) -> Entry:
    """The entry that a row stores. Raises some error if it stores none.

    All names in it are cleaned again: another program may have written the row,
    and names go to terminals.
    """
    number, at, kind, room, session, nick, user, host, text, detail = row
    cls = _CLASS_OF[kind]
    if not (0 < number <= NUMBER_MAX and 0 <= _expected(int, at) <= _AT_MAX):
        raise ValueError(f"event {number} of {at}")
    text_field = apply.KINDS[cls].text
    values: dict[str, Any] = {} if detail is None else json.loads(detail)
    account, bot = values.pop("account", ""), values.pop("bot", False)
    address = values.pop("address", "")
    clean = clean_for_terminal
    by = Identity(
        _expected(int, session),
        clean(nick),
        clean(user),
        clean(host),
        "",
        clean(account),
        _expected(bool, bot),
        clean(_expected(str, address)),
    )
    if room is not None:
        values.setdefault("room", room)  # The detail has it as it was spelt.
    if text_field:
        values[text_field] = text
    read: dict[str, Any] = {}
    readers = _READER_OF[cls]
    for kept, value in values.items():
        name = _FIELD_OF.get(kept, kept)
        if name in readers:  # Else an earlier program kept it.
            read[name] = readers[name](value if name in _WORDS else _clean(value))
    return Entry(number, at, cls(by, **read))


def encodable(row: Row) -> Row:
    """The row without what is no text to every database: NUL, and halves of characters."""
    clean = [
        value.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
        if isinstance(value, str)
        else value
        for value in row[:9]
    ]
    return (*clean, row[9])  # type: ignore[return-value]


def account_of(detail: str | None) -> str:
    """The key of the account whose author's row has this detail; empty without one."""
    if not detail or '"account"' not in detail:
        return ""
    try:
        account = json.loads(detail).get("account", "")
    except (ValueError, AttributeError, RecursionError):
        return ""
    return fold(account) if isinstance(account, str) else ""


def _clean(value: Any) -> Any:
    """The value with every string in it cleaned, those in nested lists too."""
    if isinstance(value, str):
        return clean_for_terminal(value)
    return [_clean(item) for item in value] if isinstance(value, list) else value
