"""Logging in and registering, as every dialect does it."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from geventchat.chat.accounts import Account
from geventchat.chat.commands import Command
from geventchat.chat.events import Event
from geventchat.chat.proposals import Proposals
from geventchat.chat.sessions import Session
from geventchat.chat.state import ChatState
from geventchat.config import Config
from geventchat.dialects.accounts import (
    Outcome,
    Proof,
    change_password,
    log_in,
    prove,
    register,
)
from geventchat.dialects.base import HangUp, Request, Steps
from geventchat.errors import CloseReason, Reason, Refused, StoreError
from tests.harness import HOST, Harness, HumanClient

RIGHT, NEW = "correct horse", "battery staple"


class Someone:
    """A client that asks and keeps what came of it, in no dialect's words."""

    def __init__(self, harness: Harness, nick: str) -> None:
        self.harness = harness
        self.client: HumanClient = harness.human(nick)
        self.address = harness.address
        self.login_failures = 0

    @property
    def config(self) -> Config:
        return self.harness.config

    @property
    def proposals(self) -> Proposals:
        return self.harness.proposals

    @property
    def state(self) -> ChatState:
        return self.harness.state

    @property
    def me(self) -> Session:
        return self.client.session

    def ask(self, command: Command) -> bool:
        try:
            number = self.client.dialect.client.outbox.number
            self.harness.proposals.handle(self.me, command, number)
        except Refused:
            return False
        return True

    def does(self, asking: Generator[Request, Any, Any]) -> Any:
        came: list[Any] = []

        def steps() -> Steps:
            came.append((yield from asking))

        assert self.client.driver._drive(steps()) is None
        return came[0]

    @property
    def account(self) -> Account | None:
        return self.state.accounts.get("al")


@pytest.fixture
def al(harness: Harness) -> Someone:
    someone = Someone(harness, "al")
    assert someone.does(register(someone, RIGHT)) is Outcome.DONE
    return someone


@pytest.fixture
def other(harness: Harness, al: Someone) -> Someone:
    harness.address = "203.0.113.5"
    return Someone(harness, "other")


def kept(harness: Harness) -> list[str]:
    return harness.store.credential_ids(1 << 60)


def test_who_registers_is_logged_in_and_known_there(al: Someone, harness: Harness) -> None:
    assert al.me.identity.account == "al"
    assert al.account is not None
    assert kept(harness) == [al.account.credential]
    assert harness.recorded == [f"{HOST}: registered al"]
    for number in range(30):
        al.does(prove(al, "al", "guess", f"198.51.100.{number}"))
    assert al.does(prove(al, "al", RIGHT, "198.51.100.99")) is Proof.BLOCKED
    assert al.does(prove(al, "al", RIGHT, HOST)) is Proof.RIGHT


def test_a_name_that_is_taken_leaves_no_hash(al: Someone, harness: Harness) -> None:
    refusal = al.does(register(al, RIGHT))
    assert isinstance(refusal, Refused) and refusal.reason is Reason.LOGGED_IN
    assert al.account is not None
    assert kept(harness) == [al.account.credential]
    assert al.me.identity.account == "al"


def test_what_is_not_saved_leaves_no_hash_and_no_owner(harness: Harness) -> None:
    someone = Someone(harness, "al")
    harness.store.write_error = "disk full"
    assert someone.does(register(someone, RIGHT)) is Outcome.NOT_DONE
    assert (someone.account, kept(harness), harness.recorded) == (None, [], [])


def test_a_password_that_may_not_be(harness: Harness) -> None:
    someone = Someone(harness, "al")
    for asking in (register, change_password):
        refusal = someone.does(asking(someone, "short"))
        assert isinstance(refusal, Refused)
        assert refusal.reason is Reason.PASSWORD_TOO_SHORT


def test_logging_in(other: Someone, harness: Harness) -> None:
    al = harness.clients[0]
    al.end = al.driver.received(b"/quit\r\n")
    al.driver.finish(HangUp(CloseReason.QUIT))
    assert other.does(log_in(other, "AL", RIGHT, "phone")) is Outcome.DONE
    assert other.me.identity.account == "al"
    assert other.me.devices == {other.me.number: "phone"}
    assert harness.recorded[1:] == ["203.0.113.5: gave the password of al"]
    assert other.does(log_in(other, "al", RIGHT)) is Outcome.NOT_DONE, "once is enough"


def test_whose_user_is_here_is_one_more_device(other: Someone, harness: Harness) -> None:
    al = harness.clients[0].session
    assert other.does(log_in(other, "AL", RIGHT, "phone")) is Outcome.DONE
    assert other.me is al
    assert list(al.devices.values()) == ["telnet", "phone"]  # type: ignore[union-attr]
    assert harness.recorded[1:] == ["203.0.113.5: gave the password of al"]
    # What it does there is recorded as from where it comes.
    assert other.does(change_password(other, NEW)) is Outcome.DONE
    assert harness.recorded[-1] == "203.0.113.5: changed the password of al"
    assert other.does(log_in(other, "al", NEW)) is Outcome.NOT_DONE, "once is enough"


def test_the_third_wrong_one_is_one_too_many(other: Someone, harness: Harness) -> None:
    tries = [other.does(log_in(other, "al", f"guess {n}")) for n in range(3)]
    assert tries == [Proof.WRONG, Proof.WRONG, Proof.ONCE_TOO_OFTEN]
    assert other.me.identity.account == ""
    assert harness.recorded[1:] == ["203.0.113.5: wrong password for al"] * 3


def test_a_right_one_begins_the_count_anew(other: Someone) -> None:
    for _ in range(2):
        other.does(log_in(other, "al", "guess"))
    assert other.does(prove(other, "al", RIGHT, HOST)) is Proof.RIGHT
    assert other.does(log_in(other, "al", "guess")) is Proof.WRONG


def test_where_none_counts_it_is_told(other: Someone, harness: Harness) -> None:
    for _ in range(10):
        other.does(prove(other, "al", "guess", "198.51.100.1"))
    assert other.does(prove(other, "al", RIGHT, "198.51.100.1")) is Proof.BLOCKED
    assert harness.recorded[-1] == "198.51.100.1: may not log in to al for now: too many tries"


def test_what_is_typed_in_a_names_place_is_not_logged(other: Someone, harness: Harness) -> None:
    assert other.does(log_in(other, RIGHT, "al")) is Proof.WRONG
    assert RIGHT not in f"{harness.recorded}"
    assert harness.recorded[-1].endswith("wrong password for an account that does not exist")


def test_a_database_that_fails_counts_for_nobody(
    other: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: str) -> None:
        raise StoreError("the database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(other.harness.store, "credential", fail)
        for _ in range(5):
            assert str(other.does(log_in(other, "al", RIGHT))) == "the database is locked"
    assert other.login_failures == 0
    assert other.does(log_in(other, "al", RIGHT)) is Outcome.DONE


def test_another_password_takes_the_place_of_the_old_one(al: Someone, harness: Harness) -> None:
    assert al.does(change_password(al, NEW)) is Outcome.DONE
    assert al.account is not None
    assert kept(harness) == [al.account.credential], "the old hash is gone at once"
    assert al.does(prove(al, "al", RIGHT, HOST)) is Proof.WRONG
    assert al.does(prove(al, "al", NEW, HOST)) is Proof.RIGHT
    assert f"{HOST}: changed the password of al" in harness.recorded


def test_one_that_is_not_saved_changes_nothing(al: Someone, harness: Harness) -> None:
    before = kept(harness)
    harness.store.write_error = "disk full"
    assert al.does(change_password(al, NEW)) is Outcome.NOT_DONE
    harness.store.write_error = ""
    assert kept(harness) == before
    assert al.does(prove(al, "al", RIGHT, HOST)) is Proof.RIGHT


def test_who_has_no_account_has_no_password_to_change(other: Someone, harness: Harness) -> None:
    before = kept(harness)
    assert other.does(change_password(other, NEW)) is Outcome.NOT_DONE
    assert kept(harness) == before


def test_too_many_hashes_for_one_address() -> None:
    harness = Harness(password_hashes_per_address=1)
    someone = Someone(harness, "al")
    assert someone.does(register(someone, RIGHT)) is Outcome.DONE
    assert someone.does(change_password(someone, NEW)) is Outcome.BLOCKED


def test_no_event_has_a_password_or_a_hash(al: Someone, other: Someone, harness: Harness) -> None:
    al.does(change_password(al, NEW))
    other.does(log_in(other, "al", NEW))
    events: list[Event] = [entry.event for entry in harness.applied]
    assert "Registered" in f"{events}"
    for secret in (RIGHT, NEW, "argon2"):
        assert secret not in f"{events}"
