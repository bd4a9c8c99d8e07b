"""Accounts changed from the command line: by the server that runs, or by this process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geventchat import users
from geventchat.config import Config
from geventchat.errors import NotDone, StartError
from geventchat.journal.database.choice import backend_of, open_database
from geventchat.journal.database.counter import OrderCounter
from geventchat.journal.store import Order

PASSWORD = "correct horse"


@pytest.fixture
def config(database: str) -> Config:
    """Of a database on which a server has been, and is no more."""
    open_database(database).close()
    return Config(database=database)


def listed(config: Config) -> list[str]:
    return [account.name for account in users.accounts(config)]


def test_where_no_server_runs_it_is_done_here(config: Config) -> None:
    assert users.order(config, "add", "Zoe", PASSWORD) == "Zoe is registered."
    assert users.order(config, "add", "alice", PASSWORD) == "alice is registered."
    assert users.order(config, "disable", "ZOE") == "Zoe is disabled."
    assert listed(config) == ["alice", "Zoe"]
    zoe = list(users.accounts(config))[1]
    assert (zoe.disabled, zoe.oper, zoe.rooms) == (True, False, [])
    assert 0 < zoe.registered_at == zoe.last_seen_at
    assert users.order(config, "delete", "zoe") == "Zoe is deleted."
    assert listed(config) == ["alice"]


def test_what_is_refused_is_told(config: Config) -> None:
    with pytest.raises(NotDone, match=r"^Nobody has registered zoe\.$"):
        users.order(config, "enable", "zoe")
    with pytest.raises(NotDone, match=r"^That password is too short: it needs 8 characters\.$"):
        users.order(config, "add", "zoe", "short")
    assert listed(config) == []


SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@SQLITE
def test_an_order_that_nobody_answers_is_taken_back(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(users, "ANSWER_S", 0.2)
    busy = open_database(config.database)  # As a server that does nothing.
    try:
        with pytest.raises(NotDone, match="has not answered within 0 s; the order is taken back"):
            users.order(config, "add", "zoe", PASSWORD)
        assert busy.orders(10) == []
    finally:
        busy.close()
    assert listed(config) == []


@SQLITE
def test_a_password_that_is_being_set_while_the_order_is_taken_back_is_there(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that waits for its disk has read the order, and may yet save what it says."""
    monkeypatch.setattr(users, "ANSWER_S", 0.2)
    busy = open_database(config.database)
    taken: list[Order] = []

    def read(self: OrderCounter, number: int) -> None:
        taken[:] = busy.orders(10)

    monkeypatch.setattr(OrderCounter, "answer_to", read)
    try:
        with pytest.raises(NotDone, match="unless it was being carried out"):
            users.order(config, "add", "zoe", PASSWORD)
        assert busy.credential(json.loads(taken[0].body)["credential"]) is not None
    finally:
        busy.close()


@SQLITE
def test_one_that_is_given_up_is_taken_back(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(config: Config) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(users, "_serve_orders", interrupted)
    with pytest.raises(KeyboardInterrupt):
        users.order(config, "add", "zoe", PASSWORD)
    counter = OrderCounter(backend_of(config.database))
    assert not counter.withdraw_order(1)
    counter.close()


@SQLITE
def test_an_order_that_was_left_is_done_by_the_next_who_serves(config: Config) -> None:
    """Whoever left it was killed; so it is there until somebody takes it."""
    counter = OrderCounter(backend_of(config.database))
    counter.put_credential("c1", "hash")
    counter.put_order("add", '{"account": "zoe", "credential": "c1"}')
    counter.close()
    users.order(config, "add", "alice", PASSWORD)
    assert listed(config) == ["alice", "zoe"]


def test_without_a_database_there_is_nothing_to_change() -> None:
    with pytest.raises(StartError, match="is a server's memory"):
        users.order(Config(database="none"), "delete", "zoe")


@SQLITE
def test_the_database_tells_no_password(config: Config, tmp_path: Path) -> None:
    users.order(config, "add", "zoe", PASSWORD)
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"argon2id" in stored
    assert PASSWORD.encode() not in stored
