"""What a dialect asks about passwords of accounts, and what never shows one."""

from __future__ import annotations

import traceback
from typing import Any

import pytest

from geventchat.chat.accounts import Account
from geventchat.dialects.base import CheckPassword, KnowOwner, MakeCredential, Request, Steps
from geventchat.errors import Reason, Refused, StoreError
from tests.harness import HOST, Harness, HumanClient

RIGHT = "correct horse"


@pytest.fixture
def client(harness: Harness) -> HumanClient:
    return harness.human("alice")


def ask(client: HumanClient, request: Request) -> Any:
    """The driver's answer to a request."""
    answers: list[Any] = []

    def steps() -> Steps:
        answers.append((yield request))

    assert client.driver._drive(steps()) is None
    return answers[0]


def register(client: HumanClient) -> None:
    made = ask(client, MakeCredential(RIGHT, HOST))
    assert isinstance(made, str)
    client.harness.state.accounts["alice"] = Account("Alice", made, 0)


def test_a_password_is_right_wrong_or_does_not_count(client: HumanClient) -> None:
    register(client)
    assert ask(client, CheckPassword("alice", RIGHT, HOST)) is True
    assert ask(client, CheckPassword("nobody", RIGHT, HOST)) is False
    for _ in range(9):
        assert ask(client, CheckPassword("alice", "guess", HOST)) is False
    assert ask(client, CheckPassword("alice", RIGHT, HOST)) is None


def test_what_may_not_be_a_password_is_an_answer(client: HumanClient) -> None:
    refusal = ask(client, MakeCredential("short", HOST))
    assert isinstance(refusal, Refused)
    assert (refusal.reason, refusal.facts) == (Reason.PASSWORD_TOO_SHORT, {"min_chars": 8})


def test_what_fails_is_an_answer(client: HumanClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: str) -> None:
        raise StoreError("disk full")

    monkeypatch.setattr(client.harness.store, "put_credential", fail)
    assert str(ask(client, MakeCredential(RIGHT, HOST))) == "disk full"


def test_an_owner_is_known_where_they_registered(client: HumanClient) -> None:
    register(client)
    ask(client, KnowOwner("Alice", HOST))
    for number in range(30):
        ask(client, CheckPassword("alice", "guess", f"203.0.113.{number}"))
    assert ask(client, CheckPassword("alice", RIGHT, "203.0.113.99")) is None
    assert ask(client, CheckPassword("alice", RIGHT, HOST)) is True


@pytest.mark.parametrize(
    "request_made",
    [CheckPassword("alice", RIGHT, HOST), MakeCredential(RIGHT, HOST)],
)
def test_a_password_is_never_shown(
    client: HumanClient, request_made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert RIGHT not in f"{request_made!r}{request_made!s}{request_made}"

    def fail(*args: object) -> None:
        raise ZeroDivisionError("a bug of ours")

    register(client)
    for name in ("check", "make"):
        monkeypatch.setattr(client.harness.services.passwords, name, fail)
    with pytest.raises(ZeroDivisionError) as caught:
        ask(client, request_made)
    assert RIGHT not in "".join(traceback.format_exception(caught.value))


def test_no_event_history_or_log_has_it(client: HumanClient) -> None:
    register(client)
    ask(client, CheckPassword("alice", RIGHT, HOST))
    ask(client, CheckPassword("alice", RIGHT + "!", HOST))
    harness = client.harness
    assert RIGHT not in f"{harness.applied}{harness.recorded}{vars(harness.store)}"
