"""Where events are found beside their room: the rows of the small tables.

Only rare kinds have any, so a line of chat pays nothing here but a look at its class.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table

from geventchat.chat import events
from geventchat.chat.apply import KINDS
from geventchat.chat.events import Entry, Said
from geventchat.chat.history import WORDS, Private, ends_of
from geventchat.chat.names import fold
from geventchat.journal.database.schema import ANYBODY, ASIDE, changes, concerns, seen, talks

_CHANGES = frozenset(KINDS) - frozenset(WORDS)
_SEEN = (events.Arrived, events.Left, events.Renamed)

Places = dict[Table, list[dict[str, Any]]]


def places_of(entries: Sequence[Entry]) -> Places:
    """The rows of all tables but `events` that these entries need."""
    places: Places = {table: [] for table in ASIDE}
    for entry in entries:
        event = entry.event
        kind = event.__class__
        if kind is Said:  # All but a few.
            continue
        number, name = entry.number, KINDS[kind].name
        if kind in _CHANGES:
            places[changes].append({"number": number})
        if isinstance(event, Private):
            for owner, peer in ends_of(event).items():
                for under in (peer, ANYBODY):
                    row = {"owner": owner, "peer": under, "kind": name, "number": number}
                    places[talks].append(row)
        elif kind in _SEEN:
            places[seen].append({"number": number, "nick": fold(event.by.nick)})
            for room in dict.fromkeys(getattr(event, "rooms", ())):
                places[concerns].append({"room": room, "kind": name, "number": number})
    return {table: rows for table, rows in places.items() if rows}
