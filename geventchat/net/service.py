"""What happens on a connection: chat through a dialect, or the plain echo."""

from __future__ import annotations

import logging
from collections import Counter
from typing import Any

from geventchat.config import Config
from geventchat.dialects.base import HangUp
from geventchat.dialects.echo import Answer
from geventchat.dialects.ports import Services
from geventchat.errors import CloseReason
from geventchat.net.connection import Connection
from geventchat.net.handler import ChatHandler, Doors

log = logging.getLogger(__name__)


class Connections:
    """Every open connection, which of them read nothing, and how the others ended."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self.open: dict[Connection, None] = {}
        self.stalled: dict[Connection, float] = {}
        self.ended: Counter[CloseReason] = Counter()

    def begin(self, sock: Any, address: str) -> Connection:
        """Take up a connection."""
        connection = Connection(sock, address, self._config.read_max_bytes, self.stalled)
        self.open[connection] = None
        return connection

    def end(self, connection: Connection, reason: CloseReason) -> None:
        """Count how it ended."""
        self.open.pop(connection, None)
        self.ended[reason] += 1
        log.debug("%s: %s", connection.address, reason.value)

    def close_stalled(self, now: float) -> None:
        """Give up on clients that have taken nothing for the stall time; `now` in loop seconds."""
        for connection, since in list(self.stalled.items()):
            if now - since > self._config.stall_timeout_s:
                log.info("%s: %s", connection.address, CloseReason.STALLED.value)
                connection.abort(CloseReason.STALLED)

    def drain(self) -> None:
        """Have every connection end because the server does."""
        for connection in list(self.open):
            connection.request_close(CloseReason.DRAIN)


class EchoService:
    """Answers bytes with bytes."""

    def __init__(self, connections: Connections, answer: Answer) -> None:
        self._connections = connections
        self._answer = answer

    def handle(self, sock: Any, address: str) -> None:
        """Serve one connection until it ends."""
        connection = self._connections.begin(sock, address)
        try:
            connection.answer(self._answer)
        finally:
            reason = connection.closed or connection.close_requested or CloseReason.CRASH
            connection.close(b"")
            self._connections.end(connection, reason)


class ChatService:
    """Lets a dialect talk on each connection."""

    def __init__(self, connections: Connections, services: Services, doors: Doors) -> None:
        self._connections = connections
        self._services = services
        self._doors = doors

    def handle(self, sock: Any, address: str) -> None:
        """Serve one connection until it ends."""
        connection = self._connections.begin(sock, address)
        handler = ChatHandler(self._services, self._doors, connection)
        end = HangUp(CloseReason.CRASH)
        try:
            end = handler.run()
        except Exception:
            # Our bug, one client's trouble: it is told, the others go on.
            log.exception("%s: connection failed", address)
        finally:
            self._finish(handler, connection, end)

    def _finish(self, handler: ChatHandler, connection: Connection, end: HangUp) -> None:
        try:
            handler.finish(end)
        except Exception:
            log.exception("%s: connection could not be ended in good order", connection.address)
        finally:
            self._connections.end(connection, end.reason)
