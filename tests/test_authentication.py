"""Passwords of accounts: who is let in, who waits, and what nobody learns."""

from __future__ import annotations

import logging

import gevent
import pytest

from geventchat.authentication import make_authentication
from geventchat.chat.accounts import Account
from geventchat.chat.state import ChatState
from geventchat.config import Config
from geventchat.errors import Reason, Refused, StoreError
from geventchat.journal.hashing import BUSY
from geventchat.journal.memory import MemoryStore
from geventchat.journal.thread import StoreThread
from geventchat.net.admission import Admission
from tests.authentication_desk import AWAY, HOME, RIGHT, Desk, Watched
from tests.quick_authentication import QUICK


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_the_password_of_an_account_is_right_and_no_other(desk: Desk) -> None:
    desk.register("al")
    desk.register("bo", "another one")
    assert desk.passwords.check("al", RIGHT, HOME) is True
    assert desk.passwords.check("AL", RIGHT, HOME) is True, "names are folded"
    for wrong in ("correct hors", RIGHT.title(), "another one", " " + RIGHT, "", "nul\0", "nobody"):
        assert desk.passwords.check("al", wrong, HOME) is False


def test_the_accounts_are_those_that_are_restored(desk: Desk) -> None:
    desk.register("al")
    restored = ChatState("#lobby", 9)
    restored.accounts["al"] = desk.state.accounts.pop("al")
    desk.state.become(restored)
    desk.passwords.sweep()
    assert desk.passwords.check("al", RIGHT, HOME) is True


def test_it_is_the_same_however_it_is_typed(desk: Desk) -> None:
    desk.register("al", "Gru\u0308ne Wiese")
    assert desk.passwords.check("al", "Gr\u00fcne\u00a0Wiese", HOME) is True


def test_what_no_password_may_be_is_refused_before_it_is_hashed(desk: Desk) -> None:
    for password, reason in (
        ("short", Reason.PASSWORD_TOO_SHORT),
        ("x" * (1 << 20), Reason.PASSWORD_TOO_LONG),
        ("a control \x1b[m", Reason.BAD_PASSWORD),
    ):
        refusal = desk.passwords.make(password, HOME)
        assert isinstance(refusal, Refused)
        assert refusal.reason is reason
    assert desk.store.credential_ids(1 << 60) == []
    desk.register("al")
    assert desk.passwords.check("al", "x" * (1 << 20), HOME) is False
    assert desk.hashing.compared == [], "and a guess of a megabyte costs nothing"


@pytest.mark.parametrize("name", ["nobody", "disabled", "bare", "x" * 5000, "", "\udcff", "a\0b"])
def test_nobody_learns_which_accounts_there_are(desk: Desk, name: str) -> None:
    """The same is looked up, compared, counted and answered as with a wrong password."""
    desk.register("al")
    desk.register("disabled").disabled = True
    desk.register("bare").credential = ""
    answers = desk.guess(25, "al", AWAY)
    looked, compared = len(desk.store.asked), len(desk.hashing.compared)
    assert desk.guess(25, name, "203.0.113.1") == answers
    assert len(desk.store.asked) - looked == looked
    assert len(desk.hashing.compared) - compared == compared
    assert desk.passwords.check(name, RIGHT, HOME) is False


def test_where_too_many_were_wrong_not_even_the_right_one_counts(desk: Desk) -> None:
    desk.register("al")
    assert desk.guess(12) == [False] * 10 + [None] * 2
    compared = len(desk.hashing.compared)
    assert desk.passwords.check("al", RIGHT, AWAY) is None
    assert len(desk.hashing.compared) == compared
    assert desk.passwords.check("al", RIGHT, HOME) is True
    desk.seconds = 600
    assert desk.passwords.check("al", RIGHT, AWAY) is True


def test_what_cannot_be_a_password_is_a_wrong_one(desk: Desk) -> None:
    desk.register("al")
    assert [desk.passwords.check("al", "nul\0", AWAY) for _ in range(11)] == [False] * 10 + [None]


def test_strangers_keep_no_owner_out(desk: Desk) -> None:
    desk.register("al")
    desk.register("bo")
    assert desk.passwords.check("al", RIGHT, HOME) is True
    desk.passwords.known("Bo", HOME)
    for name in ("al", "bo"):
        for number in range(100):
            desk.guess(1, name, f"203.0.113.{number}")
        assert desk.passwords.check(name, RIGHT, "203.0.113.200") is None
        assert desk.passwords.check(name, RIGHT, HOME) is True


def test_all_at_once_are_no_more_tries_than_one_after_the_other(desk: Desk) -> None:
    desk.register("al")
    desk.hashing.pause = gevent.event.Event()
    desk.hashing._waiting_max = lambda: 1000
    tasks = [gevent.spawn(desk.guess, 1, "al", f"203.0.113.{n}") for n in range(100)]
    gevent.sleep(0)
    desk.hashing.pause.set()
    gevent.joinall(tasks, raise_error=True)
    answers = [task.get()[0] for task in tasks]
    assert (answers.count(False), answers.count(None)) == (20, 80)


def test_many_who_log_in_at_once_from_one_place_are_all_let_in(desk: Desk) -> None:
    """As bots do after a start: none of them was wrong, so none is one too many."""
    desk.register("al")
    desk.hashing.pause = gevent.event.Event()
    desk.hashing._waiting_max = lambda: 1000
    tasks = [gevent.spawn(desk.passwords.check, "al", RIGHT, HOME) for _ in range(40)]
    gevent.sleep(0)
    desk.hashing.pause.set()
    gevent.joinall(tasks, raise_error=True)
    assert [task.get() for task in tasks] == [True] * 40


def test_when_too_many_wait_one_more_is_told_at_once_and_nothing_is_counted(desk: Desk) -> None:
    desk.register("al")
    desk.passwords.known("al", HOME)
    desk.hashing.pause = gevent.event.Event()
    tasks = [gevent.spawn(desk.guess, 1, "al", f"203.0.113.{n}") for n in range(6)]
    gevent.sleep(0)
    for _ in range(50):
        with pytest.raises(StoreError, match=f"^{BUSY}$"):
            desk.passwords.check("al", RIGHT, AWAY)
    owner = gevent.spawn(desk.passwords.check, "al", RIGHT, HOME)
    gevent.sleep(0)
    desk.hashing.pause.set()
    gevent.joinall([*tasks, owner], raise_error=True)
    assert owner.get() is True, "strangers do not fill the owner's places"
    assert desk.passwords.check("al", RIGHT, AWAY) is True


def test_a_database_that_does_not_answer_counts_for_nobody(desk: Desk) -> None:
    desk.register("al")
    desk.store.fails = True
    for _ in range(30):
        with pytest.raises(StoreError, match=r"^the database is locked$"):
            desk.passwords.check("al", RIGHT, AWAY)
    desk.store.fails = False
    assert desk.passwords.check("al", RIGHT, AWAY) is True


def test_what_changes_while_one_waits_holds(desk: Desk) -> None:
    for change in ("disabled", "credential", "deleted"):
        account = desk.register("al")
        desk.hashing.pause = gevent.event.Event()
        task = gevent.spawn(desk.passwords.check, "al", RIGHT, HOME)
        gevent.sleep(0)
        if change == "deleted":
            del desk.state.accounts["al"]
        else:
            setattr(account, change, True if change == "disabled" else "another")
        desk.hashing.pause.set()
        assert task.get() is False


def test_so_many_passwords_of_one_address_are_hashed(desk: Desk) -> None:
    desk.config = Config(password_hashes_per_address=3)
    made = [desk.passwords.make(RIGHT, HOME) for _ in range(4)]
    assert [bool(one) for one in made] == [True] * 3 + [False]
    assert made[3] is None
    assert desk.passwords.make(RIGHT, AWAY)


def test_a_hash_of_other_parameters_is_made_anew_by_the_next_login(desk: Desk) -> None:
    account = desk.register("al")
    before = desk.store.credential(account.credential)
    desk.use(Watched(QUICK._replace(passes=2)))
    assert desk.passwords.check("al", "wrong one", HOME) is False
    assert desk.store.credential(account.credential) == before
    assert desk.passwords.check("al", RIGHT, HOME) is True
    after = desk.store.credential(account.credential)
    assert after is not None
    assert "t=2" in after
    assert desk.passwords.check("al", RIGHT, HOME) is True
    assert desk.store.credential(account.credential) == after


def test_a_credential_that_is_named_is_not_dropped(desk: Desk) -> None:
    account, orphan = desk.register("al"), desk.passwords.make(RIGHT, HOME)
    assert isinstance(orphan, str)
    for name, credential in (("AL", account.credential), ("al", orphan), ("nobody", "")):
        desk.passwords.drop(name, credential)
    assert desk.store.credential_ids(1 << 60) == [account.credential]


def test_old_credentials_go_now_and_then(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "geventchat")
    kept = desk.register("al").credential
    orphan = desk.passwords.make(RIGHT, HOME)
    for _ in range(59):
        desk.passwords.tick()
    gevent.sleep(0)
    assert desk.store.credential_ids(1 << 60) == [kept, orphan]
    desk.passwords.tick()
    gevent.sleep(0)
    gevent.sleep(0)
    assert desk.store.credential_ids(1 << 60) == [kept]
    assert caplog.messages == ["dropped 1 old credentials"]
    for _ in range(3600):
        desk.passwords.make(RIGHT, HOME)
        desk.passwords.tick()
    gevent.sleep(0)
    gevent.sleep(0)
    assert desk.store.credential_ids(1 << 60) == [kept]
    desk.passwords.close(1)


def test_that_they_cannot_be_dropped_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: object) -> list[str]:
        raise StoreError("disk full")

    desk.register("al")
    monkeypatch.setattr(desk.store, "credential_ids", fail)
    desk.passwords.sweep()
    assert caplog.messages == ["old credentials are still there: disk full"]


def test_a_servers_own_is_made_with_the_real_parameters() -> None:
    config, state, store = Config(), ChatState("#lobby", 9), MemoryStore(1000)
    passwords = make_authentication(
        state, store, StoreThread(False), Admission(lambda: config), lambda: config, lambda: 0
    )
    made = passwords.make(RIGHT, HOME)
    assert isinstance(made, str)
    assert "m=19456,t=2,p=1" in str(store.credential(made))
    state.accounts["al"] = Account("al", made, 0)
    assert passwords.check("al", RIGHT, HOME) is True
    assert passwords.check("al", RIGHT + "x", HOME) is False
    passwords.close(5)
