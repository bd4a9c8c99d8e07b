"""Passwords become hashes (argon2id, RFC 9106) in a native thread of their own.

A hash is made to be slow, some 30 ms, and argon2 lets go of the interpreter while it
works: so the hub goes on, and neither a commit nor a read of history waits behind one.
Everybody who has a password hashed takes a turn; what is asked of somebody before and
counted after is so exact, for nobody else's is hashed meanwhile. Who may wait is
bounded: whoever logs in as fast as they can makes others wait for seconds at most, and
one more is told to try again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, VerifyMismatchError
from gevent.lock import Semaphore

from geventchat.errors import StoreError
from geventchat.journal.thread import StoreThread

log = logging.getLogger(__name__)

BUSY = "too many people are logging in; try again"
_NO_MEMORY = "no memory for passwords; try again"


class Parameters(NamedTuple):
    """How dear a hash is. A hash that was made with others is made anew at the next login."""

    memory_kib: int
    passes: int
    lanes: int


# OWASP, Password Storage Cheat Sheet: argon2id with m = 19 MiB, t = 2, p = 1 at least.
OWASP = Parameters(memory_kib=19 * 1024, passes=2, lanes=1)


class Hashing:
    """Makes hashes and compares them, one at a time; callers wait.

    waiting_max  how many may wait for their turn, as it is now
    in_thread    whether a hash takes long enough for a thread; without, nobody waits
    Methods but `turn` are to be called in a turn.
    """

    def __init__(
        self,
        waiting_max: Callable[[], int],
        parameters: Parameters = OWASP,
        in_thread: bool = True,
    ) -> None:
        self._hasher = PasswordHasher(parameters.passes, parameters.memory_kib, parameters.lanes)
        self._thread = StoreThread(in_thread)
        self._waiting_max = waiting_max
        self._one = Semaphore(1)
        self._open = 0
        # What takes the place of a hash where there is none: it costs the same to compare.
        self._nobodys = self._hasher.hash(b"nobody")

    @contextmanager
    def turn(self, known: bool = False) -> Iterator[None]:
        """Wait for a turn. Raises `StoreError` at once when too many wait.

        The last quarter of the places is for those who are `known`: whoever fills the
        others keeps strangers waiting only.
        """
        most = self._waiting_max()
        if self._open >= (most if known else most - most // 4):
            raise StoreError(BUSY)
        self._open += 1
        try:
            with self._one:
                yield
        finally:
            self._open -= 1

    def make(self, password: str) -> str:
        """The hash of a password. Raises `StoreError`."""
        return self._thread.call(self._make, password.encode())

    def is_right(self, password: str, hashed: str | None) -> bool:
        """Whether a password is the one that was hashed; as slow for no hash as for any.

        Raises `StoreError`.
        """
        right = self._thread.call(self._compare, password.encode(), hashed or self._nobodys)
        if right is None:
            log.error("a password's hash in the database is damaged: nobody can log in with it")
        return bool(right and hashed)

    def is_old(self, hashed: str) -> bool:
        """Whether a hash that was compared was made with other parameters."""
        return self._hasher.check_needs_rehash(hashed)

    def close(self, timeout_s: float | None = None) -> bool:
        """Wait for the last call and end the thread; whether that came about in time."""
        return self._thread.join(timeout_s)

    # In the thread, where nothing may be logged: the log's locks are greenlets'.

    def _make(self, password: bytes) -> str:
        try:
            return self._hasher.hash(password)
        except Argon2Error:
            raise StoreError(_NO_MEMORY) from None

    def _compare(self, password: bytes, hashed: str) -> bool | None:
        try:
            return self._hasher.verify(hashed, password)
        except VerifyMismatchError:
            return False
        except (Argon2Error, ValueError):
            if hashed == self._nobodys:
                raise StoreError(_NO_MEMORY) from None
            self._compare(password, self._nobodys)
            return None
