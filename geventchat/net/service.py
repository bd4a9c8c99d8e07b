"""What happens on a connection: chat through a dialect, or the plain echo."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from itertools import islice
from typing import Any

from geventchat.config import Config
from geventchat.dialects.base import HangUp
from geventchat.dialects.echo import Answer
from geventchat.dialects.ports import Services
from geventchat.errors import CloseReason
from geventchat.net.closing import hang_up
from geventchat.net.connection import Connection
from geventchat.net.handler import ChatHandler, Doors

log = logging.getLogger(__name__)


# How many connections are looked at for one newcomer to a full server.
_LOOKED_AT = 64


class Connections:
    """Every open connection, which of them read nothing, and how the others ended.

    `config` gives the settings as they are now. `open` is in the order in which they
    came, but for those that were found not to be silent.
    """

    def __init__(self, config: Callable[[], Config]) -> None:
        self._config = config
        self.open: dict[Connection, None] = {}
        self.stalled: dict[Connection, float] = {}
        self.ended: Counter[CloseReason] = Counter()

    def begin(self, sock: Any, address: str) -> Connection:
        """Take up a connection."""
        connection = Connection(sock, address, self._config().read_max_bytes, self.stalled)
        self.open[connection] = None
        return connection

    def end(self, connection: Connection, reason: CloseReason) -> None:
        """Count how it ended."""
        self.open.pop(connection, None)
        self.ended[reason] += 1
        log.debug("%s: %s", connection.address, reason.value)

    def close_stalled(self, now: float) -> None:
        """Give up on clients that have taken nothing for the stall time; `now` in loop seconds."""
        timeout_s = self._config().stall_timeout_s
        for connection, since in list(self.stalled.items()):
            if now - since > timeout_s:
                log.info("%s: %s", connection.address, CloseReason.STALLED.value)
                connection.abort(CloseReason.STALLED)

    def close_longest(self, age: Callable[[Connection], float | None], grace: float) -> bool:
        """Have the one that is silent longest leave its place; False if none has been for `grace`.

        `age` says how long a connection has been silent, None if it is not to be asked.
        Those go to the back, so that they are not in the way the next time; only so many
        are looked at, and the next newcomer continues there.
        """
        for connection in list(islice(self.open, _LOOKED_AT)):
            silent = None
            if connection.closed is None and connection.close_requested is None:
                silent = age(connection)
            if silent is not None and silent < grace:
                return False  # Whoever came later is not silent longer.
            self.open[connection] = self.open.pop(connection)
            if silent is not None:
                connection.request_close(CloseReason.MADE_PLACE)
                return True
        return False

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
            hang_up(connection, b"")
            self._connections.end(connection, reason)


class ChatService:
    """Lets a dialect talk on each connection."""

    def __init__(
        self,
        connections: Connections,
        services: Services,
        doors: Doors,
        now: Callable[[], int],
    ) -> None:
        """`now` gives milliseconds since 1970."""
        self._connections = connections
        self._services = services
        self._doors = doors
        self._now = now

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

    def make_place(self) -> bool:
        """Have somebody who has never done anything leave a full server to a newcomer."""
        grace_ms = self._services.proposals.config.silent_grace_s * 1000
        return self._connections.close_longest(self._silent_ms, grace_ms)

    def _silent_ms(self, connection: Connection) -> float | None:
        """How long somebody is here and has done nothing; None for everybody else.

        Who has not come in yet has a time limit of its own.
        """
        number = -1 if connection.outbox is None else connection.outbox.number
        session = self._services.proposals.state.sessions.get(number)
        if session is None or not session.is_idle:
            return None
        return self._now() - session.arrived_at

    def _finish(self, handler: ChatHandler, connection: Connection, end: HangUp) -> None:
        try:
            handler.finish(end)
        except Exception:
            log.exception("%s: connection could not be ended in good order", connection.address)
        finally:
            self._connections.end(connection, end.reason)
