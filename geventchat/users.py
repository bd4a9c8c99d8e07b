"""What `geventchat user` does: accounts from the command line, with a server running or not.

An order is left in the database. A server that runs on it carries it out within about a
second. Where none does, this process opens the database as a server would, carries out what
is ordered, and closes it. So what changes an account is an event of the server's, always.

MUST: no password is in the order, in the arguments or in what is printed: it is hashed
here, and only the id of the hash is ordered.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

import gevent

from geventchat.app import open_store
from geventchat.assembly import Chat
from geventchat.chat.passwords import checked
from geventchat.chat.state import ChatState
from geventchat.config import Config
from geventchat.dialects.human.refusals import refusal_line
from geventchat.errors import NotDone, Refused, StartError, StoreError
from geventchat.journal.database.choice import backend_of
from geventchat.journal.database.counter import OrderCounter
from geventchat.journal.database.reader import DatabaseReader
from geventchat.journal.hashing import Hashing
from geventchat.journal.replay import Replay
from geventchat.net.admission import Admission
from geventchat.net.service import Connections
from geventchat.settings import Settings

# How long a server may take to answer; it looks for orders once a second.
ANSWER_S = 10.0
_LOOK_S = 0.1
_STOP_S = 10.0
_ALL = 1 << 62


class Listed(NamedTuple):
    """An account, as it is listed. Times are milliseconds since 1970; 0 if not known."""

    name: str
    registered_at: int
    last_seen_at: int
    rooms: list[str]
    disabled: bool
    oper: bool


def order(config: Config, name: str, account: str, password: str = "") -> str:
    """Have an account changed; what came of it, in a line. Raises `GeventchatError`."""
    counter = _counter(config)
    try:
        credential = _credential(counter, config, password) if password else ""
        number = counter.put_order(name, json.dumps({"account": account, "credential": credential}))
        try:
            if not counter.is_served:
                _serve_orders(config)
            answer = _wait(counter, number)
        except BaseException:
            # An order that nobody waits for must not be carried out some day.
            counter.withdraw_order(number)
            raise
    finally:
        counter.close()
    if answer is None:
        # Or it is at it just now. So the credential stays: if no account comes to name it, the
        # server drops it within an hour or two.
        raise NotDone(
            f"the server that runs on {counter.name} has not answered within {ANSWER_S:.0f} s;"
            " the order is taken back, unless it was being carried out: look before you try again"
        )
    told: dict[str, Any] = json.loads(answer)
    if not told["done"]:
        raise NotDone(told["told"])
    return str(told["told"])


def accounts(config: Config) -> Iterator[Listed]:
    """The accounts there are, by name. Nothing is ordered for it, only read."""
    counter = _counter(config)
    reader = counter.reader()
    try:
        replay = Replay(counter, partial(ChatState, config.lobby, config.departed_max))
        replay.run(counter.last())
        state = replay.state
        for key, account in sorted(state.accounts.items()):
            seen = reader.last_seen(key, _ALL)
            yield Listed(
                account.name,
                account.created_at,
                # Who has registered without having come in was there then.
                max(account.created_at, 0 if seen is None else seen.at),
                [state.rooms[room].name for room in account.rooms],
                account.disabled,
                account.oper,
            )
    finally:
        reader.close()
        counter.close()


@contextmanager
def reading(config: Config) -> Iterator[DatabaseReader]:
    """A connection that reads what was said, and cannot write."""
    counter = _counter(config)
    counter.close()
    reader = counter.reader()
    try:
        yield reader
    finally:
        reader.close()


def _counter(config: Config) -> OrderCounter:
    if config.database == "none":
        raise StartError("database 'none' is a server's memory, which nobody else can read")
    return OrderCounter(backend_of(config.database))


def _credential(counter: OrderCounter, config: Config, password: str) -> str:
    try:
        wanted = checked(password, config)
    except Refused as refusal:
        raise NotDone(refusal_line(refusal, None, 0).removeprefix("-> ")) from None
    credential = secrets.token_urlsafe(16)
    counter.put_credential(credential, Hashing(lambda: 1, in_thread=False).make(wanted))
    return credential


def _serve_orders(config: Config) -> None:
    """Be the server of this database for as long as it takes to carry out its orders."""
    settings = Settings(config)
    try:
        store = open_store(config)
    except StartError:
        return  # Somebody has opened it meanwhile, who takes the order.
    chat = Chat(settings, store, Connections(settings), Admission(settings))
    try:
        chat.start(lambda: None)
        chat.orders.look()
    finally:
        chat.stop(_STOP_S)


def _wait(counter: OrderCounter, number: int) -> str | None:
    """The answer to an order; if there is none in time, it is taken back."""
    until = time.monotonic() + ANSWER_S
    while True:
        try:
            answer: str | None = counter.answer_to(number)
        except StoreError:
            if time.monotonic() > until:
                raise
            answer = None
        if answer is not None:
            return answer
        if time.monotonic() > until:
            return None if counter.withdraw_order(number) else str(counter.answer_to(number))
        gevent.sleep(_LOOK_S)
