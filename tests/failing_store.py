"""A store in memory that fails when it is told to."""

from __future__ import annotations

from collections.abc import Sequence

from geventchat.chat.events import Entry
from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.chat.search import Findings, Scope, SearchQuery
from geventchat.errors import StoreError
from geventchat.journal.memory import MemoryStore
from geventchat.journal.store import NO_CORRECTIONS, Corrections


class FailingStore(MemoryStore):
    """A store that fails for as long as it has a reason to."""

    def __init__(self, bound: int) -> None:
        super().__init__(bound)
        self.write_error = ""
        self.read_error = ""

    def append(self, entries: Sequence[Entry], corrections: Corrections = NO_CORRECTIONS) -> None:
        if self.write_error:
            raise StoreError(self.write_error)
        super().append(entries, corrections)

    def lines(self, room: str, before: int, limit: int, after: int = 0) -> list[Entry]:
        self._check()
        return super().lines(room, before, limit, after)

    def history(self, query: HistoryQuery, owner: str) -> list[Entry]:
        self._check()
        return super().history(query, owner)

    def peers(self, within: HistoryRange, limit: int, session: int) -> list[tuple[str, int]]:
        self._check()
        return super().peers(within, limit, session)

    def search(self, query: SearchQuery, scope: Scope) -> Findings:
        self._check()
        return super().search(query, scope)

    def event(self, number: int) -> Entry | None:
        self._check()
        return super().event(number)

    def last_seen(self, nick: str, before: int) -> Entry | None:
        self._check()
        return super().last_seen(nick, before)

    def credential(self, credential: str) -> str | None:
        self._check()
        return super().credential(credential)

    def _check(self) -> None:
        if self.read_error:
            raise StoreError(self.read_error)
