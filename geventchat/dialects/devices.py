"""Several devices of one user: what every dialect does once it knows whose a connection is."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from geventchat.chat.names import fold
from geventchat.chat.sessions import Session
from geventchat.chat.state import ChatState
from geventchat.dialects.base import Attach, Request


def user_of(state: ChatState, account: str) -> Session | None:
    """Who is on under an account: a connection that has shown its password is to `attach` to them.

    Of several sessions (they logged in while none of them bore its name) the one that does.
    """
    known = state.accounts.get(fold(account))
    return None if known is None else next(state.sessions_of(known), None)


def attach(session: Session, label: str = "") -> Generator[Request, Any, bool]:
    """Make this connection one more of a session that is here, whose user has just shown who it is.

    `label` is what the client calls its device; without one it is called after its door.
    The connection is subscribed to all of the session's rooms, and has been greeted when
    this returns: `client.session` is that session then, whatever it was before, and nothing
    more is to be said. False if that came to nothing, which was told: the session has gone
    (then it may arrive by itself), it has too many devices, or nothing can be saved.
    """
    attached: bool = yield Attach(session, label)
    return attached


def others(session: Session, connection: int) -> list[str]:
    """What a session's other devices are called, each name once, the first one first."""
    devices = session.devices or {}
    return list(dict.fromkeys(label for number, label in devices.items() if number != connection))
