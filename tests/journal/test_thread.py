"""The native thread of a store: the hub goes on, calls keep their order, errors come back."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import gevent
import pytest

from geventchat.errors import StoreError
from geventchat.journal.thread import StoreThread
from tests.journal.desk import HANG_S


@pytest.fixture
def thread() -> Iterator[StoreThread]:
    made = StoreThread(True)
    yield made
    made.join()


def test_a_call_is_answered(thread: StoreThread) -> None:
    assert thread.call(divmod, 7, 2) == (3, 1)
    assert thread.call(int, "ff", base=16) == 255


def test_a_store_that_blocks_has_one_thread_of_its_own(thread: StoreThread) -> None:
    threads = {thread.call(threading.get_ident) for _ in range(9)}
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_a_store_that_does_not_block_is_called_as_it_is() -> None:
    thread = StoreThread(False)
    assert thread.call(threading.get_ident) == threading.get_ident()
    assert thread.call(int, "ff", base=16) == 255
    with pytest.raises(StoreError, match=r"^disk error$"):
        thread.call(fail, StoreError("disk error"))
    thread.join()


def test_the_hub_goes_on_while_a_store_blocks(thread: StoreThread) -> None:
    let_go = threading.Event()
    gevent.spawn(let_go.set)
    assert thread.call(let_go.wait, HANG_S)


def test_calls_come_one_after_the_other(thread: StoreThread) -> None:
    begun, let_go = threading.Event(), threading.Event()
    happened: list[str] = []

    def slow() -> None:
        begun.set()
        let_go.wait(HANG_S)
        happened.append("slow")

    first = gevent.spawn(thread.call, slow)
    second = gevent.spawn(thread.call, happened.append, "quick")
    with gevent.Timeout(HANG_S):
        while not begun.is_set():
            gevent.sleep(0.001)
        gevent.sleep(0.01)  # For the quick one to overtake, if it can.
    assert happened == []
    let_go.set()
    gevent.joinall([first, second], timeout=HANG_S, raise_error=True)
    assert happened == ["slow", "quick"]


def fail(error: Exception) -> None:
    raise error


def test_a_store_error_comes_back_and_nothing_is_printed(
    thread: StoreThread, capfd: pytest.CaptureFixture[str]
) -> None:
    error = StoreError("disk full")
    with pytest.raises(StoreError) as caught:
        thread.call(fail, error)
    assert caught.value is error
    assert capfd.readouterr() == ("", "")
    assert thread.call(int, "1") == 1


def test_a_bug_of_ours_comes_back_too(
    thread: StoreThread, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ZeroDivisionError):
        thread.call(divmod, 1, 0)
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_joining_waits_for_the_last_call() -> None:
    thread, let_go = StoreThread(True), threading.Event()
    happened: list[str] = []
    gevent.spawn(thread.call, let_go.wait, HANG_S)
    gevent.spawn(thread.call, happened.append, "last")
    gevent.sleep(0)
    joining = gevent.spawn(thread.join)
    gevent.sleep(0.01)  # For it to end too early, if it can.
    assert not joining.dead
    let_go.set()
    joining.get(timeout=HANG_S)
    assert happened == ["last"]


class Farewell:
    """Tells when the thread that keeps it is gone."""

    def __init__(self, gone: threading.Event) -> None:
        self.gone = gone

    def __del__(self) -> None:
        self.gone.set()


def test_joining_ends_the_thread() -> None:
    thread, kept, gone = StoreThread(True), threading.local(), threading.Event()
    thread.call(lambda: setattr(kept, "farewell", Farewell(gone)))
    assert not gone.is_set()
    gevent.spawn(thread.join).get(timeout=HANG_S)
    assert gone.wait(HANG_S)
