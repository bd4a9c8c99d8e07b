"""The one native thread in which a store works, so that the hub keeps running."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from gevent.threadpool import ThreadPool

from geventchat.errors import StoreError
from geventchat.journal.store import Store

_Params = ParamSpec("_Params")
_Result = TypeVar("_Result")


class StoreThread:
    """Runs the calls of one store, one after the other; the calling greenlet waits.

    The journal's commits and the history's reads share it, because the store
    has one connection. A store that does not block is called directly.
    """

    def __init__(self, store: Store) -> None:
        self._pool = ThreadPool(1) if store.in_thread else None

    def call(
        self,
        function: Callable[_Params, _Result],
        *args: _Params.args,
        **kwargs: _Params.kwargs,
    ) -> _Result:
        """Return what `function` returns, or raise what it raises."""
        if self._pool is None:
            return function(*args, **kwargs)
        answer: _Result | StoreError = self._pool.apply(_caught, (function, args, kwargs))
        if isinstance(answer, StoreError):
            raise answer
        return answer

    def join(self) -> None:
        """Wait for the last call and end the thread."""
        if self._pool is not None:
            self._pool.join()
            self._pool.kill()


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
