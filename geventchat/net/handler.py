"""One chat connection, from its first byte to its last, in its own greenlet.

It finds out what is spoken, has a `Driver` drive that dialect, and reads. The
greenlet is the one place that may wait.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from geventchat.config import Config
from geventchat.dialects.base import Dialect, HangUp
from geventchat.dialects.driver import Driver
from geventchat.dialects.ports import Services
from geventchat.errors import CloseReason
from geventchat.net import detection
from geventchat.net.connection import Connection


@dataclass(frozen=True, slots=True)
class Doors:
    """The dialects there are; each is made for a client at some address."""

    human: Callable[[str], Dialect]
    irc: Callable[[str], Dialect]


class ChatHandler:
    """Serves one connection."""

    __slots__ = ("_connection", "_doors", "_driver", "_services")

    def __init__(self, services: Services, doors: Doors, connection: Connection) -> None:
        self._services = services
        self._doors = doors
        self._connection = connection
        self._driver: Driver | None = None

    @property
    def _config(self) -> Config:
        return self._services.proposals.config

    def run(self) -> HangUp:
        """Talk until one side ends it; return why."""
        end = self._begin() or self._await_arrival()
        driver = self._driver
        while end is None and driver is not None:
            data = self._connection.read()
            if not data:
                return self._ended()
            end = driver.received(data)
        return end or self._ended()

    def finish(self, end: HangUp) -> None:
        """Take the session out of the chat and close in good order."""
        last_words = b""
        try:
            if self._driver is not None:
                last_words = self._driver.finish(end)
        finally:
            self._connection.close(last_words)

    def _begin(self) -> HangUp | None:
        """Find out what is spoken, and take in the first words."""
        config, connection, doors = self._config, self._connection, self._doors
        found, data = detection.listen(
            connection, config.detection_silence_s, config.first_line_timeout_s
        )
        if found is detection.Protocol.UNKNOWN:
            end = self._open(doors.human)
            if end is not None:
                return end
            found, data = detection.listen_late(connection)
            if found is detection.Protocol.IRC:
                self._leave()
                end = self._open(doors.irc)
        elif not data:
            return self._ended()
        elif found is detection.Protocol.HTTP:
            return HangUp(CloseReason.HTTP)
        else:
            end = self._open(doors.irc if found is detection.Protocol.IRC else doors.human)
        if end is not None or self._driver is None:
            return end
        return self._driver.received(data) if data else self._ended()

    def _open(self, make: Callable[[str], Dialect]) -> HangUp | None:
        connection = self._connection
        self._driver = Driver(self._services, connection, make(connection.address))
        return self._driver.opened()

    def _leave(self) -> None:
        """End a person's session; the connection goes on as something else."""
        if self._driver is not None:
            self._driver.leave(HangUp(CloseReason.QUIT))

    def _await_arrival(self) -> HangUp | None:
        """Listen to an IRC client until it has said who it is, but not for ever."""
        until = time.monotonic() + self._config.registration_timeout_s
        driver = self._driver
        while driver is not None and not driver.arrived:
            data = self._connection.read_within(max(0.0, until - time.monotonic()))
            if data is None:
                return HangUp(CloseReason.NOT_REGISTERED)
            if not data:
                return self._ended()
            end = driver.received(data)
            if end is not None:
                return end
        return None

    def _ended(self) -> HangUp:
        connection = self._connection
        return HangUp(connection.closed or connection.close_requested or CloseReason.EOF)
