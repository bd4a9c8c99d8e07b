"""Where passwords of accounts are checked, with a clock that stands and nobody else around."""

from __future__ import annotations

from typing import Any

import gevent

from geventchat.authentication import Authentication
from geventchat.chat.accounts import Account
from geventchat.chat.state import ChatState
from geventchat.config import Config
from geventchat.errors import StoreError
from geventchat.journal.credentials import Credentials
from geventchat.journal.hashing import Hashing, Parameters
from geventchat.journal.memory import MemoryStore
from geventchat.journal.thread import StoreThread
from geventchat.net.admission import Admission
from geventchat.net.attempts import Attempts
from tests.quick_authentication import QUICK

HOME, AWAY = "192.0.2.7", "198.51.100.9"
RIGHT = "correct horse"


class Watched(Hashing):
    """Tells whose hashes were compared, and waits in a turn as it is told."""

    def __init__(self, parameters: Parameters = QUICK) -> None:
        super().__init__(lambda: 8, parameters, in_thread=False)
        self.compared: list[bool] = []
        self.pause: gevent.event.Event | None = None

    def is_right(self, password: str, hashed: str | None) -> bool:
        self.compared.append(hashed is not None)
        if self.pause is not None:
            self.pause.wait()
        return super().is_right(password, hashed)


class Disk(MemoryStore):
    """Tells what was asked of it, and can fail."""

    fails = False

    def __init__(self) -> None:
        super().__init__(1000)
        self.asked: list[str] = []

    def credential(self, credential: str) -> str | None:
        self.asked.append(credential)
        if self.fails:
            raise StoreError("the database is locked")
        return super().credential(credential)


class Desk:
    """Authentication with its own state, store and limits."""

    def __init__(self, **settings: Any) -> None:
        self.config = Config(**settings)
        self.seconds = 0.0
        self.store = Disk()
        self.state = ChatState("#lobby", 9)
        self.use(Watched())

    def use(self, hashing: Watched) -> None:
        self.hashing = hashing
        credentials = Credentials(self.store, StoreThread(False), hashing, lambda: 1 << 60)
        admission = Admission(lambda: self.config, lambda: self.seconds)
        self.attempts = Attempts(lambda: self.config, admission)
        self.passwords = Authentication(self.state, credentials, self.attempts, lambda: self.config)

    def register(self, name: str, password: str = RIGHT) -> Account:
        made = self.passwords.make(password, HOME)
        assert isinstance(made, str)
        account = self.state.accounts[name] = Account(name, made, 0)
        return account

    def guess(self, times: int, name: str = "al", address: str = AWAY) -> list[bool | None]:
        return [self.passwords.check(name, f"guess number {n}", address) for n in range(times)]
