"""Accounts' passwords for tests: the server's own mechanism, with hashes that cost nothing."""

from __future__ import annotations

from collections.abc import Callable

from geventchat.authentication import Authentication
from geventchat.chat.state import ChatState
from geventchat.config import Config
from geventchat.journal.credentials import Credentials
from geventchat.journal.hashing import Hashing, Parameters
from geventchat.journal.store import Store
from geventchat.journal.thread import StoreThread
from geventchat.net.admission import Admission
from geventchat.net.attempts import Attempts

QUICK = Parameters(memory_kib=8, passes=1, lanes=1)


def quick_authentication(
    state: ChatState,
    store: Store,
    config: Callable[[], Config],
    clock: Callable[[], int],
) -> Authentication:
    """Hashes are made in microseconds and at once, so that nobody waits; all limits hold."""
    hashing = Hashing(lambda: config().passwords_waiting_max, QUICK, in_thread=False)
    credentials = Credentials(store, StoreThread(store.in_thread), hashing, clock)
    admission = Admission(config, lambda: clock() / 1000)
    return Authentication(state, credentials, Attempts(config, admission), config)
