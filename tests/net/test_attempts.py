"""Tries at accounts' passwords: strangers are slow, and keep no owner out."""

from __future__ import annotations

from typing import Any

import pytest

from geventchat.config import Config
from geventchat.net import attempts as module
from geventchat.net.admission import Admission
from geventchat.net.attempts import Attempts

KEY = b"k" * 16
HOME, OFFICE = "192.0.2.7", "2001:db8:1:2::7"


class Desk:
    """Attempts at accounts, with a clock that stands and settings that can change."""

    def __init__(self, **settings: Any) -> None:
        self.config = Config(**settings)
        self.seconds = 0.0
        self.admission = Admission(lambda: self.config, lambda: self.seconds, KEY)
        self.attempts = Attempts(lambda: self.config, self.admission, KEY)

    def guess(self, account: str, address: str, times: int = 1) -> int:
        """Give wrong passwords; how many were looked at."""
        looked_at = 0
        for _ in range(times):
            if self.attempts.may_try(account, address):
                looked_at += 1
                self.attempts.hashed(address)
                self.attempts.failed(account, address)
        return looked_at

    def log_in(self, account: str, address: str) -> bool:
        """Give the right password; whether that counted."""
        if not self.attempts.may_try(account, address):
            return False
        self.attempts.hashed(address)
        self.attempts.succeeded(account, address)
        return True


def stranger(number: int) -> str:
    return f"198.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def test_a_thousand_strangers_guess_no_faster_than_two() -> None:
    desk = Desk()
    assert sum(desk.guess("al", stranger(n), 10) for n in range(1000)) == 20
    desk.seconds = 3599
    assert sum(desk.guess("al", stranger(n), 10) for n in range(1000)) == 0
    desk.seconds = 3600
    assert sum(desk.guess("al", stranger(n), 10) for n in range(1000)) == 20


def test_the_owner_comes_in_from_where_they_came_before() -> None:
    desk = Desk()
    assert desk.log_in("al", HOME)
    assert desk.log_in("al", OFFICE)
    for number in range(100):
        desk.guess("al", stranger(number), 10)
    assert desk.log_in("al", HOME)
    assert desk.log_in("al", "2001:db8:1:2:ffff::9"), "the same customer's"
    assert not desk.log_in("al", "192.0.2.8"), "as new as the strangers"
    desk.seconds = 3600
    assert desk.log_in("al", "192.0.2.8")


def test_who_is_known_to_one_account_is_a_stranger_to_another() -> None:
    desk = Desk()
    desk.log_in("mallory", HOME)
    desk.guess("al", stranger(1), 10)
    desk.guess("al", stranger(2), 10)
    assert not desk.log_in("al", HOME)
    assert desk.log_in("mallory", HOME)


def test_an_own_address_has_a_budget_of_its_own() -> None:
    """So whoever sits beside the owner guesses no faster than a stranger, and for themselves."""
    desk = Desk(password_failures_per_address=0)
    desk.log_in("al", HOME)
    desk.log_in("al", OFFICE)
    assert desk.guess("al", HOME, 100) == 20
    assert not desk.log_in("al", HOME)
    assert desk.log_in("al", OFFICE)
    assert desk.guess("al", stranger(1), 100) == 20
    assert desk.log_in("al", OFFICE)


def test_a_right_password_does_not_make_wrong_ones_forgotten() -> None:
    desk = Desk(password_failures_per_address=0)
    assert desk.guess("al", stranger(1), 19) == 19
    desk.log_in("al", HOME)
    assert desk.guess("al", stranger(2), 19) == 1


def test_one_address_may_not_try_all_accounts() -> None:
    desk = Desk()
    assert sum(desk.guess(f"al{n}", HOME) for n in range(50)) == 10
    desk.seconds = 600
    assert desk.guess("al", HOME)


def test_right_passwords_are_hashed_so_often_only() -> None:
    desk = Desk(password_hashes_per_address=5)
    assert [desk.log_in("al", HOME) for _ in range(7)] == [True] * 5 + [False] * 2
    assert not desk.attempts.may_hash(HOME)
    assert desk.attempts.may_hash(OFFICE)
    desk.seconds = 600
    assert desk.log_in("al", HOME)


def test_no_limits() -> None:
    desk = Desk(
        password_failures_per_address=0, password_hashes_per_address=0, login_failures_per_account=0
    )
    assert desk.guess("al", HOME, 1000) == 1000
    assert desk.log_in("al", HOME)


def test_the_own_machine_is_exempt_unless_told() -> None:
    desk = Desk(password_hashes_per_address=30)
    assert desk.guess("al", "127.0.0.1", 100) == 100
    assert desk.guess("al", HOME, 10) == 10, "and they count for nobody else"
    desk.config = Config(limit_loopback=True)
    assert desk.guess("al", "127.0.0.1", 100) == 10


def test_the_settings_are_those_of_now() -> None:
    desk = Desk()
    desk.guess("al", stranger(1), 10)
    desk.config = Config(login_failures_per_account=11)
    assert desk.guess("al", stranger(2), 10) == 1
    desk.config = Config(login_window_s=60)
    desk.seconds = 60
    assert desk.guess("al", stranger(3), 10) == 10


@pytest.mark.parametrize("name", ["\0\0\x01/al", "\0\0\x01al", "al\0", "\x04", "", "\udcff"])
def test_no_name_is_counted_as_another_accounts_own_address(name: str) -> None:
    desk = Desk(password_failures_per_address=0)
    desk.log_in("al", "47.0.0.1")
    assert desk.guess(name, stranger(1), 30) == 20
    assert desk.log_in("al", "47.0.0.1")
    assert desk.guess("al", stranger(2), 30) == 20


def test_a_flood_of_other_names_makes_no_try_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BUCKETS_BITS", 2)
    desk = Desk(password_failures_per_address=0, password_hashes_per_address=0)
    desk.log_in("al", HOME)
    assert desk.guess("al", stranger(1), 30) == 20
    for number in range(1000):
        desk.guess(f"name{number}", stranger(number))
    assert desk.guess("al", stranger(2)) == 0
    assert desk.guess("new", stranger(2)) == 0, "there is no place left: strangers wait"
    assert desk.log_in("al", HOME), "owners do not"


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_ACCOUNTS", 3)
    desk = Desk(login_failures_per_account=0)
    for number in range(17):
        desk.log_in("al", stranger(number << 8))
    assert not desk.attempts.is_own("al", stranger(0)), "the seventeenth was one too many"
    assert desk.attempts.is_own("al", stranger(1 << 8))
    desk.log_in("al", stranger(1 << 8))
    desk.log_in("al", stranger(99 << 8))
    assert desk.attempts.is_own("al", stranger(1 << 8)), "it was used again"
    for name in ("bo", "cy"):
        desk.log_in(name, HOME)
    desk.log_in("al", HOME)
    desk.log_in("di", HOME)
    owned = [name for name in ("al", "bo", "cy", "di") if desk.attempts.is_own(name, HOME)]
    assert owned == ["al", "cy", "di"]


def test_sweeping_leaves_what_still_counts() -> None:
    desk = Desk()
    desk.guess("al", stranger(1), 10)
    desk.seconds = 700
    desk.guess("al", stranger(2), 10)
    for _ in range(4096):
        desk.attempts.sweep()
    assert desk.guess("al", stranger(3)) == 0
    desk.seconds = 3601
    for _ in range(4096):
        desk.attempts.sweep()
    assert not any(desk.attempts._failures._places)


def test_one_address_registers_so_many_accounts() -> None:
    desk = Desk(registrations_per_address=2, address_window_s=60)
    for name in ("al", "bo"):
        assert desk.attempts.may_register(HOME)
        desk.attempts.registered(name, HOME)
    assert not desk.attempts.may_register(HOME)
    assert desk.attempts.may_register(OFFICE)
    assert desk.attempts.may_hash(HOME)
    desk.seconds = 61
    assert desk.attempts.may_register(HOME)
    desk.config = Config(registrations_per_address=0)
    assert desk.attempts.may_register(HOME)
