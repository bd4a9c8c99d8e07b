"""Searching a database of each kind: the same is found with an index, without, and in between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from geventchat.chat.events import Entry, Identity, Redacted, Said, Told
from geventchat.chat.history import HistoryRange
from geventchat.chat.search import Findings, Scope, SearchQuery
from geventchat.chat.terms import phrases_in
from geventchat.errors import StoreError
from geventchat.journal.database import searcher
from geventchat.journal.database.choice import open_database
from geventchat.journal.database.store import DatabaseStore
from geventchat.journal.store import Corrections
from tests.journal.entries import ALICE, said

BOB = Identity(2, "Bob", "~irc", "192.0.2.2", account="Bob")
EVERYWHERE = Scope({"#a": 1, "#b": 1}, "~1", 0)
LINES = [
    Entry(1, 10, Said(ALICE, "#a", "We DEPLOY to be or not to be")),
    Entry(2, 20, Said(BOB, "#B", "日本語を検索する")),
    Entry(3, 30, Said(ALICE, "#a", "über die Brücke 🎉")),
    Entry(4, 40, Told(ALICE, 2, "Bob", "tea in secret", account="Bob")),
    Entry(5, 50, Said(BOB, "#a", "tea, and a an the of it")),
    # In other blocks of numbers; in between, something else happened.
    Entry(70_000, 60, Said(ALICE, "#b", "green tea")),
    Entry(200_000, 70, Said(BOB, "#a", "'; DROP TABLE tea; -- \\ ' \" %")),
]
ASKED = {
    "deploy": [1],
    "to be": [1],
    '"be or not"': [1],
    '"not or be"': [],
    "検索": [2],
    "索検": [],
    "brucke": [3],
    "🎉": [3],
    "a an the of": [5],
    "TEA": [200_000, 70_000, 5, 4],
    "tea secret": [4],
    "drop table": [200_000],
    "AND OR NOT NEAR": [],
    "x" * 100: [],
}


@pytest.fixture
def filled(database: str) -> Any:
    store = open_database(database)
    store.append(LINES)
    yield store
    store.close()


def find(
    store: DatabaseStore, words: str, scope: Scope = EVERYWHERE, limit: int = 10, **more: Any
) -> list[int]:
    """The numbers of what is found, in as many steps as it takes."""
    query = SearchQuery(phrases_in(words), limit=limit, **more)
    scope = scope.narrowed(query)
    found: list[int] = []
    before = 200_001
    while before and len(found) < limit:
        step: Findings = store.searcher.search(
            query._replace(within=HistoryRange(0, before), limit=limit - len(found)), scope
        )
        found += [entry.number for entry in step.entries]
        before = step.reached
    return found


def index(store: DatabaseStore, shown: int = 200_000) -> None:
    while store.searcher.index(shown):
        pass


def held(store: DatabaseStore) -> set[int]:
    """The numbers that the index holds."""
    return set(store.searcher._index.numbers(0, 300_000))


def test_the_same_is_found_with_and_without_an_index(filled: DatabaseStore) -> None:
    for indexed in (False, True):
        assert {words: find(filled, words) for words in ASKED} == ASKED
        assert find(filled, "tea", limit=2) == [200_000, 70_000]
        assert find(filled, "tea", author="bob") == [200_000, 5]
        assert find(filled, "tea", peer="bob") == [4]
        assert find(filled, "", author="bob") == [200_000, 5, 2]
        assert find(filled, "tea", Scope({"#b": 1})) == [70_000]
        assert find(filled, "tea", Scope({"#a": 6, "#b": 1}, "~9")) == [200_000, 70_000]
        assert find(filled, "tea", Scope({}, "bob", 0)) == [4]
        assert find(filled, "tea", Scope({}, "bob", 5)) == []
        assert find(filled, "tea", Scope({})) == []
        if not indexed:
            index(filled)


def test_a_part_that_is_indexed_yet(filled: DatabaseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was there before comes in the latest first, and what came since behind it."""
    monkeypatch.setattr(searcher, "_INDEXED_A_STEP", 2)
    held_then = []
    for shown in (69_000, 200_000, 200_000, 200_000, 200_000, 200_000):
        filled.searcher.index(shown)
        held_then.append(sorted(held(filled)))
        assert find(filled, "tea") == ASKED["TEA"]
        assert find(filled, "deploy") == [1]
    assert held_then[0] == []
    assert held_then[1] == [70_000]
    assert held_then[-1] == [entry.number for entry in LINES]


def test_what_is_gone_is_not_found_though_the_index_has_it(filled: DatabaseStore) -> None:
    index(filled)
    filled.correct(Corrections(void=(70_000,), redact=(5,)))
    assert find(filled, "tea") == [200_000, 4]
    assert find(filled, "and") == []
    assert {5, 70_000} <= held(filled)


def test_what_is_gone_leaves_the_index(filled: DatabaseStore) -> None:
    index(filled)
    for _ in range(41):  # So many pieces of 5,000 numbers there are to look through.
        filled.searcher.index(200_000)
    assert held(filled) == {line.number for line in LINES}
    redaction = Entry(200_001, 80, Redacted(BOB, "#a", 5, "", False))
    filled.append([redaction], Corrections(redact=(5,)))
    filled.searcher.index(200_001)
    assert 5 not in held(filled)
    assert filled.forget_lines(25, None, 10) == 2
    for _ in range(42):
        filled.searcher.index(200_001)
    assert held(filled) == {3, 4, 70_000, 200_000}


def test_the_index_goes_on_where_it_was(filled: DatabaseStore, database: str) -> None:
    index(filled)
    filled.close()
    again = open_database(database)
    assert again.searcher.index(200_000) == 0, "nothing is indexed twice"
    assert find(again, "tea") == ASKED["TEA"]
    again.close()


def test_an_index_that_knows_of_more_than_there_is_is_made_anew(
    filled: DatabaseStore, database: str
) -> None:
    """The database was put back to what it was before."""
    index(filled)
    filled.correct(Corrections(truncate_after=5))
    filled.close()
    again = open_database(database)
    index(again, 5)
    assert held(again) == {1, 2, 3, 4, 5}
    again.append([said(6, text="new tea")])
    index(again, 6)
    assert find(again, "tea") == [6, 5, 4]
    again.close()


def test_a_step_that_fails_moves_no_bounds(filled: DatabaseStore) -> None:
    index(filled, 5)
    made = filled.searcher._index
    far = made.bounds._replace(high=1 << 70)  # Which no column holds.
    with pytest.raises((StoreError, OverflowError)):
        made.add([(6, ["wtea"])], [], far)
    assert made.bounds == (0, 5)
    assert held(filled) == {1, 2, 3, 4, 5}
    made.add([(6, ["wtea"])], [], made.bounds._replace(high=6))
    assert held(filled) == {1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
class TestFile:
    """SQLite's index is a file of its own."""

    @pytest.fixture
    def path(self, filled: DatabaseStore) -> Path:
        index(filled)
        return Path(f"{filled.name}-search")

    def test_nobody_else_may_read_it(self, path: Path) -> None:
        files = [path.with_name(path.name + ending) for ending in ("", "-wal", "-shm")]
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}

    @pytest.mark.parametrize("kept", [0, 100, 4096, 8192])
    def test_one_that_is_damaged_is_made_anew(
        self, filled: DatabaseStore, database: str, path: Path, kept: int
    ) -> None:
        filled.close()
        whole = path.read_bytes()
        path.write_bytes(whole[:kept] + b"\xff" * (len(whole) - kept))
        again = open_database(database)
        for _ in range(5):
            assert find(again, "tea") == ASKED["TEA"]
            try:
                index(again)
            except StoreError as error:
                assert str(error).startswith("the index: ")
        again.searcher.sweep()
        index(again)
        assert find(again, "tea") == ASKED["TEA"]
        assert held(again) == {line.number for line in LINES}
        again.close()

    def test_one_that_is_removed_is_made_anew(
        self, filled: DatabaseStore, database: str, path: Path
    ) -> None:
        filled.close()
        path.unlink()
        again = open_database(database)
        index(again)
        assert find(again, "tea") == ASKED["TEA"]
        again.close()
