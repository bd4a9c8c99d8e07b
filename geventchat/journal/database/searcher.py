"""`DatabaseSearcher`: finds lines by an index, and looks at the lines themselves.

The index says where to look; what is found is what stands in `events` now. So nothing is found
that was voided, redacted or forgotten, whatever the index still holds. What is newer than the
index is looked through plainly, and after an upgrade what is older than it has come yet.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import count
from typing import Any

from sqlalchemy import select

from geventchat.chat.apply import KINDS
from geventchat.chat.events import Entry, Redacted, RedactedTo, Said, Told
from geventchat.chat.history import ends_of
from geventchat.chat.names import fold
from geventchat.chat.search import Findings, Scope, SearchQuery, finder
from geventchat.chat.terms import Matcher, terms_in, terms_of
from geventchat.journal.database.backend import Backend
from geventchat.journal.database.fulltext import (
    Bounds,
    Damaged,
    FullText,
    Line,
    Wanted,
    place_term,
    word_term,
)
from geventchat.journal.database.schema import events
from geventchat.journal.database.unpatched import give_way
from geventchat.journal.rows import readable

# Numbers that are looked through plainly, and those that are indexed, at a time: 5 to 20 ms.
_PLAIN_A_STEP, _INDEXED_A_STEP = 2000, 1000
# Lines of 4 kB may have thousands of terms; no statement is to be longer than some megabytes.
_TERMS_A_STEP = 50_000
# When there is nothing to index, once a second: a pass over ten million takes half an hour.
_SWEPT_A_STEP = 5000
# So many numbers are looked at for one of those steps at most, if little was said.
_WINDOW = 1 << 16
# Each window of the index that is asked for is so much wider than the one before.
_WIDER = 4
# A step ends after the window in which this is over; then others have their turn.
_STEP_S = 0.02
# So many are taken from the index at a time. At first the words alone are asked for: where they
# stand, others than the rare ones, most lines are in the rooms that are searched. Where no tenth
# is, those rooms are quiet, and asking for them too costs little.
_CANDIDATES, _FEW = 100, 10
# After so many rows the interpreter is the hub's if it wants it.
_ROWS_A_TURN = 32

_COLUMNS = [column for column in events.c if column.name != "void"]
_SAID, _TOLD = KINDS[Said].name, KINDS[Told].name
_REDACTED = KINDS[Redacted].name, KINDS[RedactedTo].name


class DatabaseSearcher:
    """Searches one database, and keeps its index."""

    in_thread = True

    def __init__(self, backend: Backend, index: FullText) -> None:
        self._backend = backend
        self._index = index
        self._reading = backend.reader_engine()
        self._walking = backend.reader_engine()
        self._opened = self._broken = False
        # Up to where it was looked whether what the index holds is still there.
        self._swept = 0
        self.unreadable: set[int] = set()

    def search(self, query: SearchQuery, scope: Scope) -> Findings:
        """Look through a part of the range: by the index where it is, plainly elsewhere."""
        low, high = self._index.bounds
        before = query.within.before
        if not self._opened or self._broken or before - 1 > high:
            ready = self._opened and not self._broken
            return self._plain(query, scope, max(query.within.after, high if ready else 0))
        if before - 1 <= low:
            return self._plain(query, scope, query.within.after)
        try:
            return self._by_index(query, scope, max(query.within.after, low))
        except Damaged:
            self._broken = True
            return Findings([], before)

    def _plain(self, query: SearchQuery, scope: Scope, stop: int) -> Findings:
        """Look through the last rows above number `stop`."""
        before, matches = query.within.before, Matcher(query.phrases)
        after = max(stop, before - 1 - _WINDOW)
        wanted = select(*_COLUMNS).where(
            *(events.c.number > after, events.c.number < before, events.c.void == 0),
            events.c.kind.in_((_SAID, _TOLD)),
        )
        wanted = wanted.order_by(events.c.number.desc()).limit(_PLAIN_A_STEP)
        found, rows = [], self._rows(self._reading, wanted)
        for nth, row in enumerate(rows):
            if (row.room in scope.rooms or row.kind == _TOLD) and matches(row.text or ""):
                found.append(row)
            if nth % _ROWS_A_TURN == 0:
                give_way()
        reached = rows[-1].number if len(rows) == _PLAIN_A_STEP else after + 1
        return self._findings(query, self._found(query, scope, found), reached)

    def _by_index(self, query: SearchQuery, scope: Scope, stop: int) -> Findings:
        """Look through windows of the index above number `stop`, for a step's time."""
        end, before, width = time.monotonic() + _STEP_S, query.within.before, self._index.window
        found: list[Entry] = []
        placed = not (query.phrases or query.author)
        limit = max(_CANDIDATES, query.limit)
        # Twice at least: what the first look tells of the rooms is not known to the next step.
        for nth in count():
            if before - 1 <= stop or len(found) >= query.limit:
                break
            if nth > 1 and time.monotonic() >= end:
                break
            places = scope.before(before)
            after = max(stop, before - 1 - width, places.first - 1)
            if after >= before - 1:
                before = stop + 1  # Nothing earlier may be read.
                break
            wanted = _wanted(query, places if placed else None)
            numbers = self._index.find(wanted, after, before, limit)
            some = self._found(query, scope, self._at(numbers))
            found += some
            before = numbers[-1] if len(numbers) == limit else after + 1
            placed = placed or len(some) * _FEW < len(numbers) == limit
            width = min(width * _WIDER, self._index.window_max)
        return self._findings(query, found, before)

    def _at(self, numbers: Sequence[int]) -> Sequence[Any]:
        if not numbers:
            return ()
        wanted = select(*_COLUMNS).where(events.c.number.in_(numbers), events.c.void == 0)
        return self._rows(self._reading, wanted)

    def _findings(self, query: SearchQuery, found: list[Entry], reached: int) -> Findings:
        if len(found) >= query.limit:
            found = found[: query.limit]
            return Findings(found, found[-1].number)
        return Findings(found, reached if reached - 1 > query.within.after else 0)

    def _found(self, query: SearchQuery, scope: Scope, rows: Sequence[Any]) -> list[Entry]:
        """The entries of rows that are looked for, the latest first."""
        may_find = finder(query, scope)
        entries = (entry for entry in readable(rows, self.unreadable) if may_find(entry))
        return sorted(entries, key=lambda entry: entry.number, reverse=True)

    def index(self, shown: int) -> int:
        """Index what was said since, the latest first of what was said before; how much is left.

        When nothing is left, look whether what the index holds is still there.
        """
        if self._broken or not self._opened:
            self._open(shown)
        low, high = self._index.bounds
        try:
            if high < shown:
                self._add_later(shown)
            elif low:
                self._add_earlier()
            elif self._swept < high:
                self._sweep()
        except Damaged:
            self._broken = True
            raise
        low, high = self._index.bounds
        return shown - high + low

    def sweep(self) -> None:
        """Lines were forgotten: see to it that the index forgets them too."""
        self._swept = 0

    def close(self) -> None:
        """Close all connections."""
        self._index.close()
        self._reading.dispose()
        self._walking.dispose()

    def _open(self, shown: int) -> None:
        found = None if self._broken else self._index.open()
        if found is None or found.high > shown:
            # Lost, damaged, or of a database that was put back to what it was before.
            self._index.make(shown)
        self._opened, self._broken = True, False

    def _add_later(self, shown: int) -> None:
        """Index some of what was said since."""
        low, high = self._index.bounds
        last = min(high + _WINDOW, shown)
        rows = self._to_index(high, last, events.c.number)
        lines, gone, end = self._prepared(rows)
        self._index.add(lines, gone, Bounds(low, last if end is None else end))

    def _add_earlier(self) -> None:
        """Index some of what was said before, the latest first."""
        low, high = self._index.bounds
        after = max(0, low - _WINDOW)
        rows = self._to_index(after, low, events.c.number.desc())
        lines, gone, end = self._prepared(rows)
        self._index.add(lines, gone, Bounds(after if end is None else end - 1, high))

    def _to_index(self, after: int, last: int, order: Any) -> Sequence[Any]:
        wanted = select(*_COLUMNS).where(
            *(events.c.number > after, events.c.number <= last, events.c.void == 0),
            events.c.kind.in_((_SAID, _TOLD, *_REDACTED)),
        )
        return self._rows(self._walking, wanted.order_by(order).limit(_INDEXED_A_STEP))

    def _prepared(self, rows: Sequence[Any]) -> tuple[list[Line], list[int], int | None]:
        """What rows add and take away, and the number up to which; None for all there is."""
        lines: list[Line] = []
        gone: list[int] = []
        terms, end = 0, None
        for nth, row in enumerate(rows, 1):
            if row.kind == _SAID:
                lines.append((row.number, _terms(row.text, row.nick, [("r", row.room)])))
                terms += len(lines[-1][1])
            else:
                for entry in readable([row], self.unreadable):
                    self._sort(entry, lines, gone)
            if nth % _ROWS_A_TURN == 0:
                give_way()
            if nth == _INDEXED_A_STEP or terms > _TERMS_A_STEP:
                end = row.number
                break
        # Where a line and its redaction are indexed together, the line may be there still.
        taken_back = set(gone)
        return sorted(line for line in lines if line[0] not in taken_back), gone, end

    def _sort(self, entry: Entry, lines: list[Line], gone: list[int]) -> None:
        """Put a private line to the lines, and what was redacted to what is gone."""
        event = entry.event
        if isinstance(event, Told):
            owners = [("o", owner) for owner in ends_of(event)]
            lines.append((entry.number, _terms(event.text, event.by.nick, owners)))
        elif isinstance(event, Redacted | RedactedTo):
            gone.append(event.number)

    def _sweep(self) -> None:
        """Take out of the index what is in `events` no more, of some numbers."""
        after, last = self._swept, min(self._swept + _SWEPT_A_STEP, self._index.bounds.high)
        held = set(self._index.numbers(after, last))
        if held:
            there = select(events.c.number).where(
                *(events.c.number > after, events.c.number <= last, events.c.void == 0)
            )
            held.difference_update(number for (number,) in self._rows(self._walking, there))
        if held:
            self._index.add([], sorted(held), self._index.bounds)
        self._swept = last

    def _rows(self, engine: Any, wanted: Any) -> Sequence[Any]:
        with self._backend.transaction(engine) as connection:
            return connection.execute(wanted).all()


def _terms(text: str | None, nick: str, places: Sequence[tuple[str, str]]) -> list[str]:
    terms = [word_term(word) for word in terms_of(text or "")]
    terms.append(place_term("a", fold(nick)))
    return terms + [place_term(kind, key) for kind, key in places]


def _wanted(query: SearchQuery, scope: Scope | None) -> Wanted:
    """The terms of a query; with a scope, those of its places too."""
    every = [word_term(word) for word in sorted(terms_in(query.phrases))]
    if query.author:
        every.append(place_term("a", query.author))
    if scope is None:
        return Wanted(every, [])
    places = [place_term("r", room) for room in scope.rooms]
    if scope.owner:
        places.append(place_term("o", scope.owner))
    return Wanted(every, places)
