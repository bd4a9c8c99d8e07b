"""Credentials: the hashes of accounts' passwords, each under an id that tells nothing.

A hash stands in a table of its own, so that it is in no event, history or snapshot; an
account names its id. First the hash is saved, then the event proposed that names it: so
an account never names one that is not there. What comes to nothing in between, or was
an account's before its password changed, is an orphan, and dropped.

MUST: drop no credential that an event may still name. So orphans are an hour old at
least, and nothing is dropped where there are no accounts at all: that is rather a
database of which not all could be read.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from itertools import islice
from typing import Protocol

import gevent

from geventchat.journal.hashing import Hashing
from geventchat.journal.store import Store
from geventchat.journal.thread import StoreThread

_ID_BYTES = 16
_ORPHAN_MS = 3_600_000
_SLICE = 1000


class Named(Protocol):
    """An account, as far as it is asked here."""

    @property
    def credential(self) -> str:
        """The id of its credential."""


class Credentials:
    """Makes credentials and reads them. Methods wait, and raise `StoreError`.

    thread   the one in which the store is called
    hashing  makes and compares the hashes, in turns
    """

    def __init__(
        self,
        store: Store,
        thread: StoreThread,
        hashing: Hashing,
        clock: Callable[[], int],
    ) -> None:
        self._store = store
        self._thread = thread
        self._clock = clock
        self.hashing = hashing

    def save(self, hashed: str) -> str:
        """Save a hash durably; the id of the credential."""
        made = secrets.token_urlsafe(_ID_BYTES)
        self._thread.call(self._store.put_credential, made, hashed)
        return made

    def replace(self, credential: str, hashed: str) -> None:
        """Have another hash of the same password under an id."""
        self._thread.call(self._store.put_credential, credential, hashed)

    def find(self, credential: str) -> str | None:
        """The hash of that id, if there is one; it takes as long if there is none."""
        return self._thread.call(self._store.credential, credential)

    def drop(self, credentials: Collection[str]) -> None:
        """Forget credentials that no account names any more."""
        dropped = iter(credentials)
        while some := list(islice(dropped, _SLICE)):
            self._thread.call(self._store.drop_credentials, some)

    def sweep(self, accounts: Mapping[str, Named]) -> int:
        """Drop the orphans; how many there were. Others have their turns meanwhile."""
        if not accounts:
            return 0
        before = self._clock() - _ORPHAN_MS
        orphans = set(self._thread.call(self._store.credential_ids, before))
        named = iter(list(accounts.values()))
        while some := list(islice(named, _SLICE)):
            orphans.difference_update([account.credential for account in some])
            gevent.sleep(0)
        self.drop(orphans)
        return len(orphans)
