"""Orders of other programs: accounts are changed by events of the server's, and answered."""

from __future__ import annotations

import json
from typing import Any

import pytest

from geventchat.chat.events import SERVER
from geventchat.errors import CloseReason, StoreError
from geventchat.journal.store import Order
from geventchat.journal.thread import StoreThread
from geventchat.orders import Orders
from tests.harness import Harness

PASSWORD = "correct horse"


class Office:
    """A chat, and orders that wait for it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.harness = h = Harness()
        self.waiting: list[Order] = []
        self.answers: dict[int, dict[str, Any]] = {}
        self._numbers = 0
        monkeypatch.setattr(h.store, "orders", lambda limit: self.waiting[:limit])
        monkeypatch.setattr(h.store, "answer_order", self._answered)
        self.orders = Orders(h.store, StoreThread(False), h.services, h.now)

    def _answered(self, number: int, answer: str) -> None:
        self.waiting = [order for order in self.waiting if order.number != number]
        self.answers[number] = json.loads(answer)

    def put(self, name: str, body: str) -> int:
        self._numbers += 1
        self.waiting.append(Order(self._numbers, name, body))
        return self._numbers

    def told(self, name: str, account: str, credential: str = "") -> tuple[bool, str]:
        """What is answered to an order."""
        number = self.put(name, json.dumps({"account": account, "credential": credential}))
        self.orders.look()
        return self.answers[number]["done"], self.answers[number]["told"]

    def credential(self, name: str = "c1") -> str:
        self.harness.store.put_credential(name, f"hash of {name}")
        return name

    def has(self, nick: str) -> bool:
        return nick in self.harness.state.accounts


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(monkeypatch)


def test_an_account_is_made_by_an_event_of_the_server(office: Office) -> None:
    assert office.told("add", "Alice", office.credential()) == (True, "Alice is registered.")
    assert office.harness.state.accounts["alice"].credential == "c1"
    assert office.harness.applied[-1].event.by is SERVER


def test_the_same_order_twice_is_as_good_as_once(office: Office) -> None:
    for _ in range(2):
        assert office.told("add", "alice", office.credential())[0]
        assert office.told("passwd", "alice", office.credential("c2"))[0]
        assert office.told("passwd", "alice", "c2")[0]
        assert office.told("disable", "alice")[0]
        assert office.told("enable", "alice")[0]
        assert office.told("delete", "alice")[0]
    assert not office.has("alice")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("guest7", "guest7 is a reserved name"),
        ("NickServ", "NickServ is a reserved name"),
        ("a b", "a b cannot be a name: a space is not one of"),
        ("x" * 99, "it has 99 characters"),
        ("", "cannot be a name"),
    ],
)
def test_what_cannot_be_an_account_is_refused(office: Office, name: str, told: str) -> None:
    done, answer = office.told("add", name, office.credential())
    assert (done, told in answer) == (False, True), answer
    assert not office.harness.state.accounts


def test_one_that_is_there_is_not_made_again(office: Office) -> None:
    office.told("add", "alice", office.credential())
    told = office.told("add", "ALICE", office.credential("c2"))
    assert told == (False, "ALICE is registered already.")
    assert office.harness.state.accounts["alice"].credential == "c1"


@pytest.mark.parametrize("order", ["passwd", "disable", "enable", "delete"])
def test_what_is_not_there_cannot_be_changed(office: Office, order: str) -> None:
    told = office.told(order, "zoe", office.credential())
    assert told == (False, "Nobody has registered zoe.")


def test_another_password_drops_the_hash_that_was(office: Office) -> None:
    office.told("add", "alice", office.credential())
    told = office.told("passwd", "alice", office.credential("c2"))
    assert told == (True, "alice has another password.")
    assert office.harness.store.credential("c1") is None
    assert office.harness.state.accounts["alice"].credential == "c2"


@pytest.mark.parametrize("order", ["disable", "delete"])
def test_those_who_are_on_are_put_out(office: Office, order: str) -> None:
    alice, bob = office.harness.human("alice"), office.harness.human("bob")
    alice.types(f"/register {PASSWORD}")
    bob.hears()
    assert office.told(order, "alice")[0]
    assert alice.line.close_requested is CloseReason.KILLED
    assert any(f"account {order}d" in line for line in alice.hears())
    assert bob.hears() == [f"*** alice left (account {order}d)."]
    assert "alice" not in office.harness.state.nicks


def test_a_disabled_account_keeps_its_name_and_comes_back(office: Office) -> None:
    office.harness.human("alice").types(f"/register {PASSWORD}")
    assert office.told("disable", "alice") == (True, "alice is disabled.")
    zoe = office.harness.human("zoe")
    zoe.types("/nick alice", f"/login alice {PASSWORD}")
    assert zoe.session.nick == "zoe"
    assert office.told("enable", "alice") == (True, "alice is enabled.")
    zoe.types(f"/login alice {PASSWORD}")
    assert zoe.session.nick == "alice"


def test_a_deleted_one_leaves_nothing(office: Office) -> None:
    office.harness.human("alice").types(f"/register {PASSWORD}", "/join #mine")
    credential = office.harness.state.accounts["alice"].credential
    office.harness.marks.look(office.harness.audience.outboxes)
    office.harness.marks.save()
    office.told("delete", "alice")
    office.harness.marks.save()
    assert office.harness.store.credential(credential) is None
    assert office.harness.store.marks("alice") == []
    assert not office.harness.state.rooms["#mine"].owner


def test_a_guest_of_that_name_gets_another(office: Office) -> None:
    alice, bob = office.harness.human("alice"), office.harness.human("bob")
    assert office.told("add", "alice", office.credential())[0]
    assert alice.session.nick.startswith("guest")
    assert bob.hears() == [f"*** alice is now known as {alice.session.nick}."]
    assert office.has("alice")


def test_one_who_must_keep_their_name_is_put_out(office: Office) -> None:
    boss, alice = office.harness.human("boss"), office.harness.human("alice")
    boss.types("/join #dev")
    alice.types("/join #dev")
    boss.types("/mute alice")
    assert office.told("add", "alice", office.credential())[0]
    assert alice.line.close_requested is CloseReason.KILLED
    assert office.has("alice")


def test_what_was_not_saved_is_told(office: Office) -> None:
    office.told("add", "alice", office.credential())
    office.harness.store.write_error = "disk full"
    for order in ("passwd", "disable", "delete"):
        done, _ = office.told(order, "alice", "c1" if order != "passwd" else "c2")
        assert not done, order
    assert not office.told("add", "bob", "c1")[0]
    office.harness.store.write_error = ""
    assert list(office.harness.state.accounts) == ["alice"]


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "7", "null", "{}", '{"name": "alice"}', '{"account": "x"}']
)
def test_what_makes_no_sense_is_answered_too(office: Office, body: str) -> None:
    for name in ("add", "dance", "look"):
        number = office.put(name, body)
        office.orders.look()
        told = {"done": False, "told": "the server does not know such an order"}
        assert office.answers[number] == told
    assert office.waiting == []


def test_a_store_that_fails_is_asked_again(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(limit: int) -> list[Order]:
        raise StoreError("disk error")

    with monkeypatch.context() as patched:
        patched.setattr(office.harness.store, "orders", fails)
        office.orders.look()
    assert "orders were not looked for, 1 times: disk error" in caplog.text
    assert office.told("add", "alice", office.credential())[0]


def test_no_log_has_the_credential(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        office.told("add", "alice", office.credential("secret-id"))
        office.told("passwd", "alice", office.credential("secret-2"))
    assert "alice is registered" in caplog.text
    assert "secret" not in caplog.text
