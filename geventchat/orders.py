"""Orders that other programs leave in the database: accounts made, changed and deleted.

`geventchat user` leaves them; whoever has the database open (a server, or the same program
where none runs) carries them out as events of the server's, and answers. So there is one
way in which accounts change.

MUST: carry out the same order twice as if once; a server may die before it has answered.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

from geventchat.chat import apply
from geventchat.chat.accounts import Account
from geventchat.chat.events import SERVER, Event, Renamed
from geventchat.chat.events_accounts import AccountSet, Deleted, PasswordSet, Registered
from geventchat.chat.names import fold
from geventchat.chat.sessions import Session
from geventchat.dialects.ending import end_session
from geventchat.dialects.human.refusals import refusal_line
from geventchat.dialects.ports import Services
from geventchat.errors import Reason, Refused, StoreError
from geventchat.journal.drafts import NOBODY
from geventchat.journal.store import Order, Store
from geventchat.journal.thread import StoreThread
from geventchat.journal.trouble import Trouble

log = logging.getLogger(__name__)

_ORDERS_A_LOOK = 20


class Orders:
    """Carries out what other programs want of the one that has the store open."""

    def __init__(
        self, store: Store, thread: StoreThread, services: Services, clock: Callable[[], int]
    ) -> None:
        self._store = store
        self._thread = thread
        self._services = services
        self._state = services.proposals.state
        self._clock = clock
        self._trouble = Trouble("orders were not looked for", clock)
        self._does: dict[str, Callable[[str, str], str]] = {
            "add": self._add,
            "passwd": self._passwd,
            "disable": self._disable,
            "enable": self._enable,
            "delete": self._delete,
        }

    def look(self) -> None:
        """Carry out the orders there are. Waits."""
        try:
            while orders := self._thread.call(self._store.orders, _ORDERS_A_LOOK):
                for order in orders:
                    answer = self._answer_to(order)
                    self._thread.call(self._store.answer_order, order.number, answer)
        except StoreError as error:
            self._trouble.failed(str(error))
        else:
            self._trouble.over()

    def _answer_to(self, order: Order) -> str:
        done, told = False, "the server does not know such an order"
        try:
            wanted: dict[str, Any] = json.loads(order.body)
            name, credential = str(wanted["account"]), str(wanted.get("credential", ""))
            told = self._does[order.name](name, credential)
            done = True
        except Refused as refusal:
            told = refusal_line(refusal, None, self._clock()).removeprefix("-> ")
        except (ValueError, TypeError, AttributeError, LookupError):
            log.warning("order %d makes no sense", order.number)
        else:
            log.info("by an order: %s", told)
        return json.dumps({"done": done, "told": told})

    def _add(self, name: str, credential: str) -> str:
        canon, key = self._services.proposals.canon, fold(name)
        account = self._state.accounts.get(key)
        if account is None or account.credential != credential:
            holder = self._state.nicks.get(key)
            register = Registered(SERVER, canon.nick(name), credential)
            apply.check(self._state, register)
            self._check(credential)
            if holder is not None:
                guest = self._services.proposals.guest_nick()
                self._services.proposals.propose(
                    Renamed(holder.identity, guest, holder.rooms_knowing)
                )
            self._propose(register)
            self._put_out(holder, name)
            self._has(name, credential)
        return f"{name} is registered."

    def _put_out(self, holder: Session | None, name: str) -> None:
        """Nobody may bear an account's name who is not its owner, not even if they may not
        change it, since they may not speak in some room."""
        if holder is not None and fold(holder.nick) == fold(name):
            self._end(holder, f"{name} is somebody's account now")

    def _passwd(self, name: str, credential: str) -> str:
        account = self._known(name)
        former = account.credential
        if former != credential:
            self._check(credential)
            self._propose(PasswordSet(SERVER, account.name, credential))
            self._has(name, credential)
            self._drop(account.name, former)
        return f"{account.name} has another password."

    def _disable(self, name: str, credential: str) -> str:
        account = self._known(name)
        self._set_disabled(account, True)
        self._end_all(account, "account disabled")
        return f"{account.name} is disabled."

    def _enable(self, name: str, credential: str) -> str:
        account = self._known(name)
        self._set_disabled(account, False)
        return f"{account.name} is enabled."

    def _set_disabled(self, account: Account, on: bool) -> None:
        if account.disabled is not on:
            self._propose(AccountSet(SERVER, account.name, "disabled", on))
        if account.disabled is not on:
            raise _not_saved()

    def _delete(self, name: str, credential: str) -> str:
        account = self._known(name)
        here = list(self._state.sessions_of(account))
        self._propose(Deleted(SERVER, account.name))
        if self._state.accounts.get(account.key) is account:
            raise _not_saved()
        for session in here:
            self._end(session, "account deleted")
        self._services.marks.forget(account.key)
        self._drop(account.name, account.credential)
        return f"{account.name} is deleted."

    def _known(self, name: str) -> Account:
        account = self._state.accounts.get(fold(name))
        if account is None:
            raise Refused(Reason.NO_SUCH_ACCOUNT, account=name)
        return account

    def _check(self, credential: str) -> None:
        """Whoever gave the order must have put the password's hash first."""
        if self._thread.call(self._store.credential, credential) is None:
            raise LookupError(credential)

    def _has(self, name: str, credential: str) -> None:
        account = self._state.accounts.get(fold(name))
        if account is None or account.credential != credential:
            raise _not_saved()

    def _drop(self, name: str, credential: str) -> None:
        try:
            self._services.passwords.drop(name, credential)
        except StoreError:
            pass  # It is dropped within an hour or two.

    def _propose(self, event: Event) -> None:
        apply.check(self._state, event)
        self._services.proposals.propose(event)
        self._services.journal.catch_up()

    def _end_all(self, account: Account, reason: str) -> None:
        for session in list(self._state.sessions_of(account)):
            self._end(session, reason)

    def _end(self, session: Session, reason: str) -> None:
        services = self._services
        if self._state.user(session.number) is session:
            end_session(services, NOBODY, session, reason, services.journal.catch_up)


def _not_saved() -> Refused:
    return Refused(Reason.NOT_SAVED, why="the database could not be written")
