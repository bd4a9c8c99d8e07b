"""Credentials: kept under ids that tell nothing, dropped when nobody names them."""

from __future__ import annotations

import time
from collections.abc import Collection

import pytest

from geventchat.chat.accounts import Account
from geventchat.errors import StoreError
from geventchat.journal import credentials as module
from geventchat.journal.credentials import Credentials
from geventchat.journal.hashing import Hashing, Parameters
from geventchat.journal.memory import MemoryStore
from geventchat.journal.thread import StoreThread

HOUR_MS = 3_600_000


class Shelf(MemoryStore):
    """A store that tells which credentials it was asked to drop, and can fail."""

    def __init__(self) -> None:
        super().__init__(1000)
        self.drops: list[list[str]] = []
        self.fails = False

    def put_credential(self, credential: str, hashed: str) -> None:
        if self.fails:
            raise StoreError("disk full")
        super().put_credential(credential, hashed)

    def drop_credentials(self, credentials: Collection[str]) -> None:
        self.drops.append(sorted(credentials))
        super().drop_credentials(credentials)


class Desk:
    def __init__(self) -> None:
        self.store = Shelf()
        self.later_ms = 0
        hashing = Hashing(lambda: 9, Parameters(8, 1, 1), in_thread=False)
        self.credentials = Credentials(self.store, StoreThread(False), hashing, self.now)
        self.accounts: dict[str, Account] = {}

    def now(self) -> int:
        return time.time_ns() // 1_000_000 + self.later_ms

    def account(self, name: str) -> str:
        """An account with a credential; its id."""
        made = self.credentials.save(f"hash of {name}")
        self.accounts[name] = Account(name, made, 0)
        return made


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_what_is_saved_is_found_under_its_id_alone(desk: Desk) -> None:
    ids = {desk.credentials.save("hash") for _ in range(100)}
    assert len(ids) == 100
    assert all(len(made) >= 22 and made.isascii() and "hash" not in made for made in ids)
    assert {desk.credentials.find(made) for made in ids} == {"hash"}
    assert desk.credentials.find("") is None
    assert desk.credentials.find("x" * 22) is None


def test_another_hash_of_the_same_password_keeps_the_id(desk: Desk) -> None:
    made = desk.credentials.save("old")
    desk.credentials.replace(made, "new")
    assert desk.credentials.find(made) == "new"


def test_what_cannot_be_saved_has_no_id(desk: Desk) -> None:
    desk.store.fails = True
    with pytest.raises(StoreError, match=r"^disk full$"):
        desk.credentials.save("hash")
    assert desk.store.credential_ids(1 << 60) == []


def test_orphans_go_after_an_hour(desk: Desk) -> None:
    kept, orphan = desk.account("al"), desk.credentials.save("came to nothing")
    desk.later_ms = HOUR_MS - 60_000
    assert desk.credentials.sweep(desk.accounts) == 0
    assert desk.credentials.find(orphan)
    desk.later_ms = HOUR_MS + 60_000
    assert desk.credentials.sweep(desk.accounts) == 1
    assert desk.credentials.find(orphan) is None
    assert desk.credentials.find(kept) == "hash of al"


def test_what_an_account_had_before_goes(desk: Desk) -> None:
    old, desk.later_ms = desk.account("al"), HOUR_MS + 60_000
    desk.accounts["al"].credential = desk.credentials.save("new")
    assert desk.credentials.sweep(desk.accounts) == 1
    assert desk.credentials.find(old) is None


def test_without_any_account_nothing_is_dropped(desk: Desk) -> None:
    """They could not be read, it may be; a hash that is gone comes back from nowhere."""
    made, desk.later_ms = desk.account("al"), HOUR_MS + 60_000
    assert desk.credentials.sweep({}) == 0
    assert desk.credentials.find(made)


def test_many_are_looked_through_in_slices(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SLICE", 10)
    pauses: list[float] = []
    monkeypatch.setattr(module.gevent, "sleep", pauses.append)
    for number in range(35):
        desk.account(f"a{number}")
    orphans = {desk.credentials.save("x") for _ in range(25)}
    desk.later_ms = HOUR_MS + 60_000
    assert desk.credentials.sweep(desk.accounts) == 25
    assert len(pauses) == 4
    assert [len(drop) for drop in desk.store.drops] == [10, 10, 5]
    assert {made for drop in desk.store.drops for made in drop} == orphans
