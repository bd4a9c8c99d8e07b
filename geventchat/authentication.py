"""Whether a password is an account's, and what becomes of a new one.

MUST: neither what is answered nor how long it takes tells whether there is such an
account. So a password for an account that is not there, is disabled or has no credential
is counted, looked up and compared as any other, with a hash that is nobody's. (An account
whose hash was made with other parameters than today's takes another time, until its next
login.)
MUST: where no password counts, not even the right one does, and none is compared.
MUST: no password is in what is logged, raised or shown of an object.

How often somebody may try is `net/attempts.py`; the turns, the hashes and their bound are
`journal/hashing.py`; what a password may be is `chat/passwords.py`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import gevent

from geventchat.chat.names import fold
from geventchat.chat.passwords import canonical, checked
from geventchat.chat.state import ChatState
from geventchat.config import Config
from geventchat.errors import Refused, StoreError
from geventchat.journal.credentials import Credentials
from geventchat.journal.hashing import Hashing
from geventchat.journal.store import Store
from geventchat.journal.thread import StoreThread
from geventchat.net.admission import Admission
from geventchat.net.attempts import Attempts

log = logging.getLogger(__name__)

# No account's name is longer; all that are share the tries of one.
_NAME_MAX_CHARS = 64
# The id of no credential.
_NOBODYS = ""
# Each hour; the first time when what was ordered before the start has been done.
_SWEEP_TICKS, _FIRST_SWEEP_TICK = 3600, 60


def make_authentication(
    state: ChatState,
    store: Store,
    thread: StoreThread,
    admission: Admission,
    config: Callable[[], Config],
    clock: Callable[[], int],
) -> Authentication:
    """What checks passwords of the chat's accounts; `thread` is the one that calls the store."""
    hashing = Hashing(lambda: config().passwords_waiting_max)
    credentials = Credentials(store, thread, hashing, clock)
    return Authentication(state, credentials, Attempts(config, admission), config)


class Authentication:
    """Checks and makes passwords of accounts. Methods wait, and raise `StoreError`."""

    def __init__(
        self,
        state: ChatState,
        credentials: Credentials,
        attempts: Attempts,
        config: Callable[[], Config],
    ) -> None:
        self._state = state
        self._credentials = credentials
        self._hashing = credentials.hashing
        self._attempts = attempts
        self._config = config
        self._ticks = 0
        self._sweeping: gevent.Greenlet | None = None

    def make(self, password: str, address: str, registers: bool = False) -> str | Refused | None:
        """A credential for a new password; None from where too many were hashed.

        Or, of whoever `registers` with it, from where too many have registered.

        A `Refused` for a password that no account may have.
        """
        try:
            wanted = checked(password, self._config())
        except Refused as refusal:
            return refusal
        if registers and not self._attempts.may_register(address):
            return None
        with self._hashing.turn():
            if not self._attempts.may_hash(address):
                return None
            self._attempts.hashed(address)
            hashed = self._hashing.make(wanted)
        return self._credentials.save(hashed)

    def check(self, account: str, password: str, address: str) -> bool | None:
        """Whether that is the account's password; None if none counts from there for now."""
        key = fold(account) if len(account) <= _NAME_MAX_CHARS else ""
        if not self._attempts.may_try(key, address):
            return None
        wanted = canonical(password)
        if wanted is None:  # So it is nobody's, and nothing is hashed for it.
            self._attempts.failed(key, address)
            return False
        credential = self._credential(key)
        hashed = self._credentials.find(credential)
        with self._hashing.turn(self._attempts.is_own(key, address)):
            # Others have tried while this one waited; from here on nobody does.
            if not self._attempts.may_try(key, address):
                return None
            self._attempts.hashed(address)
            right = self._hashing.is_right(wanted, hashed)
            # Its password may have changed, or somebody disabled it.
            if not right or self._credential(key) != credential:
                self._attempts.failed(key, address)
                return False
            self._attempts.succeeded(key, address)
        if hashed is not None and self._hashing.is_old(hashed):
            self._renew(credential, wanted)
        return True

    def drop(self, account: str, credential: str) -> None:
        """Forget a credential that was made for an account, unless it names it now."""
        found = self._state.accounts.get(fold(account))
        if found is None or found.credential != credential:
            self._credentials.drop([credential])

    def known(self, account: str, address: str) -> None:
        """Who is at that address has registered that account."""
        self._attempts.registered(fold(account), address)

    def tick(self) -> None:
        """Give back what is over, and drop old credentials now and then. To be called each s."""
        self._attempts.sweep()
        self._ticks += 1
        if self._ticks % _SWEEP_TICKS == _FIRST_SWEEP_TICK:
            self._sweeping = gevent.spawn(self.sweep)

    def close(self, timeout_s: float) -> None:
        """End the thread, within so many seconds."""
        if self._sweeping is not None:
            self._sweeping.kill()
        self._hashing.close(timeout_s)

    def sweep(self) -> None:
        """Drop credentials that no account names."""
        try:
            dropped = self._credentials.sweep(self._state.accounts)
        except StoreError as error:
            log.warning("old credentials are still there: %s", error)
        else:
            if dropped:
                log.info("dropped %d old credentials", dropped)

    def _credential(self, key: str) -> str:
        found = self._state.accounts.get(key)
        return _NOBODYS if found is None or found.disabled else found.credential

    def _renew(self, credential: str, password: str) -> None:
        """Hash a password with today's parameters, under the id it has."""
        try:
            with self._hashing.turn():
                hashed = self._hashing.make(password)
            self._credentials.replace(credential, hashed)
        except StoreError:
            pass  # At the next login.
