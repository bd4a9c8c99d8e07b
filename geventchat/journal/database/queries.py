"""The questions that are asked of the tables, the same to every backend.

MUST: be a search in an index whose rows are wanted, all but a few. Ranges are
event numbers, the last column of every index; `at` has none (see `moment`).
Each kind of event has its own stretch of an index, so a question for several is
one for each, of which the first are taken before they are merged.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Select,
    func,
    literal_column,
    select,
    union_all,
)

from geventchat.chat import events as kinds
from geventchat.chat.apply import KINDS
from geventchat.chat.events import Event
from geventchat.chat.history import HistoryQuery
from geventchat.chat.names import fold
from geventchat.journal.database.schema import ANYBODY, changes, concerns, events, seen, talks

COLUMNS = [column for column in events.c if column.name != "void"]
# They stand under the rooms that saw them; see `schema.concerns`.
_CONCERNING = (kinds.Left, kinds.Renamed)

_number, _unvoided = events.c.number, events.c.void == literal_column("0")

LAST = select(_number, events.c.at).order_by(_number.desc()).limit(1)
_ENDS = select(
    select(func.min(_number)).scalar_subquery(), select(func.max(_number)).scalar_subquery()
)


def _is(column: ColumnElement[Any], kind: type[Event]) -> ColumnElement[bool]:
    # As it stands in the conditions of indexes: a value that is only bound finds none.
    return column == literal_column(f"'{KINDS[kind].name}'")


def _in_room(room: str, kind: type[Event]) -> Select[Any]:
    wanted = select(*COLUMNS).where(events.c.room == room, _is(events.c.kind, kind), _unvoided)
    if kind is kinds.Said:
        return wanted
    return wanted.where(events.c.kind != literal_column("'said'"), events.c.room.is_not(None))


def lines(room: str, before: int, limit: int, after: int) -> Select[Any]:
    """The latest lines of a room between two event numbers, latest first."""
    wanted = _in_room(room, kinds.Said).where(_number > after, _number < before)
    return wanted.order_by(_number.desc()).limit(limit)


def count(room: str, after: int, before: int, most: int) -> Select[Any]:
    """How many lines were said in a room between two event numbers; `most` at most."""
    some = lines(room, before, most, after).with_only_columns(_number).subquery()
    return select(func.count()).select_from(some)


def event(number: int) -> Select[Any]:
    """The event with that number, unless it was voided or redacted."""
    return select(*COLUMNS).where(_number == number, _unvoided)


def following(after: int, before: int, limit: int) -> Select[Any]:
    """All events between two numbers: the first of them."""
    wanted = select(*COLUMNS).where(_number > after, _number < before, _unvoided)
    return wanted.order_by(_number).limit(limit)


def _listed(numbers: Select[Any]) -> Select[Any]:
    """The events of numbers that one of the small tables was asked for first.

    Said so that no planner can begin with the events. What is listed there was not voided.
    """
    found = numbers.subquery()
    return select(*COLUMNS).join_from(found, events, _number == found.c.number).where(_unvoided)


def last_seen(nick: str, before: int) -> Select[Any]:
    """The last arrival, departure or renaming under a nick, before an event number."""
    number = seen.c.number
    wanted = select(number).where(seen.c.nick == fold(nick), number < before)
    return _listed(wanted.order_by(number.desc()).limit(1))


def changed(after: int, limit: int) -> Select[Any]:
    """Events that change the state, in order."""
    number = changes.c.number
    wanted = select(number).where(number > after).order_by(number).limit(limit)
    return _listed(wanted).order_by(_number)


def history(query: HistoryQuery, owner: str) -> Executable:
    """Events of a room or of an owner's private talk.

    They come latest first if the query asks for the latest, else oldest first.
    """
    parts = [_part(query, owner, kind) for kind in query.kinds]
    if len(parts) == 1:
        return parts[0]
    merged = union_all(*(select(part.subquery()) for part in parts))
    number = merged.selected_columns.number
    return merged.order_by(number.desc() if query.latest else number).limit(query.limit)


def _part(query: HistoryQuery, owner: str, kind: type[Event]) -> Select[Any]:
    table, conditions = events, [_is(events.c.kind, kind)]
    if not query.room:
        table, conditions = talks, [talks.c.owner == owner, talks.c.peer == query.peer]
    elif kind in _CONCERNING:
        table, conditions = concerns, [concerns.c.room == query.room]
    number = table.c.number
    conditions += [number > query.within.after, number < query.within.before]
    order = number.desc() if query.latest else number
    if table is events:
        return _in_room(query.room, kind).where(*conditions).order_by(order).limit(query.limit)
    wanted = select(number).where(_is(table.c.kind, kind), *conditions)
    return _listed(wanted.order_by(order).limit(query.limit)).order_by(
        _number.desc() if query.latest else _number
    )


def latest_told(owner: str, after: int, before: int, limit: int) -> Select[Any]:
    """An owner's latest private lines with anybody between two numbers, latest first."""
    numbers = _told(owner, after, before).order_by(talks.c.number.desc()).limit(limit)
    return _listed(numbers).order_by(_number.desc())


def first_told(owner: str, after: int, before: int, limit: int) -> Select[Any]:
    """As `latest_told`, the first ones, in order."""
    numbers = _told(owner, after, before).order_by(talks.c.number).limit(limit)
    return _listed(numbers).order_by(_number)


def _told(owner: str, after: int, before: int) -> Select[Any]:
    number, told = talks.c.number, _is(talks.c.kind, kinds.Told)
    theirs = talks.c.owner == owner, talks.c.peer == ANYBODY, told
    return select(number).where(*theirs, number > after, number < before)


def redactions(after: int) -> Select[Any]:
    """What was taken back since an event number; of the last events, so they are looked through."""
    names = [KINDS[kind].name for kind in (kinds.Redacted, kinds.RedactedTo)]
    return select(*COLUMNS).where(_number > after, events.c.kind.in_(names), _unvoided)


def old_words(kind: type[Event], room: str, before: int, limit: int) -> Select[Any]:
    """Numbers of the first events of a kind in a room, before an event number."""
    wanted = _in_room(room, kind).where(_number < before).order_by(_number).limit(limit)
    return wanted.with_only_columns(_number)


def moment(connection: Connection, at: int) -> int:
    """The number of the first event at that time or later; one more than all, if none is.

    Times never decrease with numbers, so it is found by halving: some twenty
    looks at the primary key, however long the journal is.
    """
    low, last = connection.execute(_ENDS).one()
    if low is None:
        return 1
    found: int = last + 1
    high = found
    while low < high:
        middle = (low + high) // 2
        # Numbers may have gaps: it is the first event from there on.
        number, then = connection.execute(from_number(middle)).one()
        if then < at:
            low = number + 1
        else:
            high, found = middle, number
    return found


def from_number(number: int) -> Select[Any]:
    """Number and time of the first event with that number or a higher one."""
    return select(_number, events.c.at).where(_number >= number).order_by(_number).limit(1)
