"""Hashes of passwords: what they are, in whose thread, and who waits for whom."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import gevent
import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import HashingError, VerificationError
from argon2.low_level import Type

from geventchat.errors import StoreError
from geventchat.journal.hashing import BUSY, OWASP, Hashing, Parameters
from tests.journal.desk import HANG_S

QUICK = Parameters(memory_kib=8, passes=1, lanes=1)


@pytest.fixture
def hashing() -> Hashing:
    return Hashing(lambda: 8, QUICK, in_thread=False)


@pytest.fixture
def threaded() -> Iterator[Hashing]:
    made = Hashing(lambda: 8, QUICK)
    yield made
    assert made.close(HANG_S)


def test_the_parameters_are_those_of_owasp() -> None:
    hashing = Hashing(lambda: 1)
    try:
        with hashing.turn():
            hashed = hashing.make("correct horse")
    finally:
        hashing.close(HANG_S)
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert "horse" not in hashed
    found = extract_parameters(hashed)
    assert (found.type, found.salt_len, found.hash_len) == (Type.ID, 16, 32)
    assert (found.memory_cost, found.time_cost, found.parallelism) == OWASP


def test_only_the_same_password_is_right(hashing: Hashing) -> None:
    hashed = hashing.make("größer\u2713")
    assert hashing.is_right("größer\u2713", hashed)
    assert not hashing.is_right("größer", hashed)
    assert not hashing.is_right("", hashed)
    assert hashing.make("größer\u2713") != hashed, "each hash has a salt of its own"


def test_no_password_is_right_where_there_is_no_hash(hashing: Hashing) -> None:
    assert not hashing.is_right("nobody", None)
    assert not hashing.is_right("nobody", "")


def test_where_there_is_no_hash_one_is_compared_all_the_same(hashing: Hashing) -> None:
    compared: list[str] = []

    class Listening:
        def verify(self, hashed: str, password: bytes) -> bool:
            compared.append(hashed)
            return True

    hashing._hasher = Listening()  # type: ignore[assignment]
    assert not hashing.is_right("x", None)
    assert compared == [hashing._nobodys]


@pytest.mark.parametrize(
    "damaged",
    [
        *("x", "ü", "$argon2id$v=19$m=8,t=1,p=1$bad", "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$"),
        *("$2b$12$WApznUPhDubN0oeveSXHp.", "$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAA"),
    ],
)
def test_a_damaged_hash_lets_nobody_in_and_is_told(
    hashing: Hashing, damaged: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert not hashing.is_right("nobody", damaged)
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert damaged not in caplog.text


def test_without_memory_nobody_is_told_that_a_password_is_wrong(hashing: Hashing) -> None:
    hashed = hashing.make("right")

    class Starved:
        def hash(self, password: bytes) -> str:
            raise HashingError("Memory allocation error")

        def verify(self, hashed: str, password: bytes) -> bool:
            raise VerificationError("Memory allocation error")

    hashing._hasher = Starved()  # type: ignore[assignment]
    for call in (lambda: hashing.make("right"), lambda: hashing.is_right("right", hashed)):
        with pytest.raises(StoreError, match=r"^no memory for passwords; try again$"):
            call()


def test_other_parameters_make_a_hash_old(hashing: Hashing) -> None:
    hashed = hashing.make("x")
    assert not hashing.is_old(hashed)
    for other in (QUICK._replace(passes=2), QUICK._replace(memory_kib=16)):
        assert Hashing(lambda: 1, other, in_thread=False).is_old(hashed)


def test_the_hub_goes_on_while_a_password_is_hashed(threaded: Hashing) -> None:
    """The hash ends when the hub has let it: so the hub goes on, or this hangs."""
    let_go, threads = threading.Event(), set()

    class Slow:
        def hash(self, password: bytes) -> str:
            threads.add(threading.get_ident())
            assert let_go.wait(HANG_S)
            return "hashed"

    threaded._hasher = Slow()  # type: ignore[assignment]
    gevent.spawn(let_go.set)
    with threaded.turn():
        assert threaded.make("x") == "hashed"
    assert threads
    assert threading.get_ident() not in threads


def test_argon2_itself_lets_go_of_the_interpreter(threaded: Hashing) -> None:
    """While it works in its thread, the hub takes turn after turn."""
    working, real = threading.Event(), PasswordHasher(20, OWASP.memory_kib, 1)

    class Told:
        def hash(self, password: bytes) -> str:
            working.set()
            try:
                return real.hash(password)
            finally:
                working.clear()

    threaded._hasher = Told()  # type: ignore[assignment]
    made, turns = gevent.spawn(threaded.make, "x"), 0
    with gevent.Timeout(HANG_S):
        while not made.ready():
            turns += working.is_set()
            gevent.sleep(0)
    assert made.get().startswith("$argon2id$")
    assert turns > 10


class Crowd:
    """Greenlets that want turns; one has it, until it is let go."""

    def __init__(self, hashing: Hashing) -> None:
        self.hashing = hashing
        self.let_go = gevent.event.Event()
        self.inside, self.most_inside = 0, 0
        self.tasks: list[Any] = []

    def come(self, times: int, known: bool = False) -> list[bool]:
        """Whether each of so many may wait."""
        said = []
        for _ in range(times):
            task = gevent.spawn(self._wait, known)
            gevent.sleep(0)
            said.append(not task.ready())
            if task.ready():
                with pytest.raises(StoreError, match=f"^{BUSY}$"):
                    task.get()
            else:
                self.tasks.append(task)
        return said

    def _wait(self, known: bool) -> None:
        with self.hashing.turn(known):
            self.inside += 1
            self.most_inside = max(self.most_inside, self.inside)
            self.let_go.wait(HANG_S)
            gevent.sleep(0)
            self.inside -= 1

    def go(self) -> None:
        self.let_go.set()
        gevent.joinall(self.tasks, timeout=HANG_S, raise_error=True)
        assert all(task.ready() for task in self.tasks)
        self.tasks.clear()


@pytest.fixture
def quietly(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Greenlets that raise what they are to raise say nothing."""
    return lambda: monkeypatch.setattr(gevent.get_hub(), "handle_error", lambda *args: None)


def test_one_has_a_turn_and_who_finds_no_place_is_told(
    hashing: Hashing, quietly: Callable[[], None]
) -> None:
    quietly()
    crowd = Crowd(hashing)
    assert crowd.come(8) == [True] * 6 + [False] * 2, "the last quarter is for the known"
    assert crowd.come(3, known=True) == [True] * 2 + [False]
    assert crowd.come(1) == [False]
    crowd.go()
    assert crowd.most_inside == 1
    assert Crowd(hashing).come(6) == [True] * 6, "the places are free again"


def test_who_goes_while_waiting_leaves_the_place(hashing: Hashing) -> None:
    crowd = Crowd(hashing)
    assert crowd.come(6) == [True] * 6
    gevent.killall(crowd.tasks)
    crowd.tasks.clear()
    assert crowd.come(6) == [True] * 6
    crowd.go()


def test_places_are_a_setting_of_now() -> None:
    most = 4
    hashing = Hashing(lambda: most, QUICK, in_thread=False)
    assert Crowd(hashing).come(3) == [True] * 3
    most = 40
    assert Crowd(hashing).come(20) == [True] * 20


def test_a_password_is_in_no_error(
    threaded: Hashing, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def hash(self, password: bytes) -> str:
            raise ZeroDivisionError

    threaded._hasher = Broken()  # type: ignore[assignment]
    password = "-".join(["hunter", "2"])  # So that no line of the source has it.
    with pytest.raises(ZeroDivisionError) as caught:
        threaded.make(password)
    told = f"{caught.getrepr(style='native')}{capfd.readouterr()}{caplog.text}"
    assert "ZeroDivisionError" in told
    assert password not in told
