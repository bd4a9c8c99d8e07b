"""Native threads in which stores work, so that the hub keeps running.

The journal's commits have one, the history's reads another: a store has a
connection for each, and whoever reads much keeps nobody from being heard.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import gevent
from gevent.threadpool import ThreadPool

from geventchat.errors import StoreError

_Params = ParamSpec("_Params")
_Result = TypeVar("_Result")

BUSY = "too many people are reading history; try again"


class StoreThread:
    """Runs calls one after the other, in the order in which they came; the caller waits.

    in_thread    whether what is called blocks; if not, it is called directly
    waiting_max  how many calls may be open at a time; one more is refused. A session
                 has one at most, since its greenlet waits, so nobody takes another's turn
    busy         what it is told then
    """

    def __init__(self, in_thread: bool, waiting_max: int = 1 << 31, busy: str = BUSY) -> None:
        self._busy = busy
        self._pool = ThreadPool(1) if in_thread else None
        self._open, self._open_max = 0, waiting_max

    def call(
        self,
        function: Callable[_Params, _Result],
        *args: _Params.args,
        **kwargs: _Params.kwargs,
    ) -> _Result:
        """Return what `function` returns, or raise what it raises."""
        if self._pool is None:
            return function(*args, **kwargs)
        if self._open >= self._open_max:
            raise StoreError(self._busy)
        self._open += 1
        try:
            answer: _Result | StoreError = self._pool.apply(_caught, (function, args, kwargs))
        finally:
            self._open -= 1
        if isinstance(answer, StoreError):
            raise answer
        return answer

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the last call and end the thread; whether that came about in time.

        A thread that hangs (a disk that does not answer) cannot be ended; it dies with
        the process.
        """
        if self._pool is None:
            return True
        with gevent.Timeout(timeout_s, False):
            self._pool.join()
            self._pool.kill()
            return True
        return False


def _caught(
    function: Callable[..., _Result], args: tuple[object, ...], kwargs: dict[str, object]
) -> _Result | StoreError:
    """Run `function` in the native thread; return a `StoreError` as a value.

    gevent's thread pool prints a traceback of everything that is raised in it.
    """
    try:
        return function(*args, **kwargs)
    except StoreError as error:
        return error
