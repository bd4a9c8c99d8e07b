"""Ending somebody's session on the server's or an operator's word."""

from __future__ import annotations

from collections.abc import Callable

from geventchat.chat.sessions import Session
from geventchat.delivery.devices import outboxes_of
from geventchat.dialects.ports import Services
from geventchat.errors import CloseReason


def end_session(
    services: Services, connection: int, target: Session, reason: str, settle: Callable[[], None]
) -> None:
    """Have a session leave, for that reason, and all its connections end. Waits.

    `connection` is whose word it is, 0 the server's; `settle` waits until that has happened.
    """
    outboxes = services.audience.outboxes
    for outbox in outboxes_of(outboxes, target):
        outbox.presenter.killed(reason)
    services.proposals.kill(connection, target, reason)
    settle()
    for outbox in outboxes_of(outboxes, target):
        if outbox.sink is not None:
            outbox.sink.request_close(CloseReason.KILLED)
