"""Searches step by step: they take turns, they end, and show nothing that may not be shown."""

from __future__ import annotations

import gevent
import pytest

from geventchat.chat.events import Entry, Said
from geventchat.chat.search import Findings, Scope, SearchQuery, finder
from geventchat.chat.terms import phrases_in
from geventchat.errors import StoreError
from geventchat.journal.memory import MemoryStore
from geventchat.journal.searching import BUSY, Searches
from tests.journal.desk import text_of
from tests.journal.entries import ALICE, said

TEA = SearchQuery(phrases_in("tea"), limit=3)
HERE = Scope({"#a": 1})


def full_store(*texts: str) -> MemoryStore:
    store = MemoryStore(100_000)
    store.append([said(number, text=text) for number, text in enumerate(texts, 1)])
    return store


def everything(entries: list[Entry]) -> list[Entry]:
    return entries


def run(searches: Searches, query: SearchQuery = TEA, scope: Scope = HERE) -> list[str]:
    query = query._replace(within=query.within._replace(before=100_000))
    return list(map(text_of, searches.run(query, scope, everything).entries))


def test_steps_go_on_to_the_end() -> None:
    store = full_store("tea 1", *["hay"] * 3000, "tea 2", *["hay"] * 5)
    searches = Searches(store, 1, lambda: 100.0)
    assert run(searches) == ["tea 2", "tea 1"]
    assert run(searches, TEA._replace(limit=1)) == ["tea 2"]
    assert run(searches, scope=Scope({"#a": 2})) == ["tea 2"]
    assert run(searches, scope=Scope({"#b": 1})) == []


def test_one_search_lets_others_have_their_turns() -> None:
    searches = Searches(full_store(*["hay"] * 2000), 1, lambda: 100.0)
    turns: list[int] = []
    other = gevent.spawn(turns.append, 1)
    run(searches)
    assert turns == [1]
    other.join()


def test_a_search_ends_when_its_time_is_up() -> None:
    seconds = iter([0.0, 1.0, 2.0, 3.0])
    store = full_store("tea", *["hay"] * 2000)
    searches = Searches(store, 1, lambda: 2.0, seconds.__next__)
    query = TEA._replace(within=TEA.within._replace(before=2002))
    found = searches.run(query, HERE, everything)
    assert found == Findings([], 1002)
    again = query._replace(within=query.within._replace(before=found.reached))
    rest = Searches(store, 1, lambda: 2.0).run(again, HERE, everything)
    assert list(map(text_of, rest.entries)) == ["tea"]


def test_what_is_not_visible_makes_place_for_what_is() -> None:
    searches = Searches(full_store(*(f"tea {n}" for n in range(9))), 1, lambda: 100.0)
    query = TEA._replace(within=TEA.within._replace(before=100))

    def visible(entries: list[Entry]) -> list[Entry]:
        return [entry for entry in entries if entry.number % 4 == 1]

    found = searches.run(query, HERE, visible)
    assert list(map(text_of, found.entries)) == ["tea 8", "tea 4", "tea 0"]


class Slow:
    """A searcher that nobody gets an answer from."""

    in_thread = True

    def search(self, query: SearchQuery, scope: Scope) -> Findings:
        raise StoreError("disk error")

    def index(self, shown: int) -> int:
        return 0


def test_too_many_searches_at_a_time() -> None:
    searches = Searches(Slow(), 0, lambda: 1.0)
    with pytest.raises(StoreError, match=BUSY):
        run(searches)
    searches.close(10)


def test_what_programs_ask_each_other_is_not_found() -> None:
    entry = Entry(1, 1, Said(ALICE, "#a", "\x01VERSION tea\x01"))
    assert not finder(TEA, HERE)(entry)
    assert finder(TEA, HERE)(said(1, text="tea"))
