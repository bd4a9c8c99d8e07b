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
from geventchat.dialects.pacing import PacedDriver
from geventchat.dialects.ports import Services
from geventchat.errors import CloseReason
from geventchat.net import detection
from geventchat.net.closing import hang_up
from geventchat.net.connection import Connection
from geventchat.net.detection import Protocol

# Who is not answered, whatever they want: our words would only confuse a program.
_HUNG_UP_ON = {
    Protocol.HTTP: CloseReason.HTTP,
    Protocol.FOREIGN: CloseReason.FOREIGN,
    Protocol.UNFINISHED: CloseReason.UNFINISHED,
}


@dataclass(frozen=True, slots=True)
class Doors:
    """The dialects there are, each made for a client at some address, and whom rates concern.

    A `pipe` is what says a person's line at once, before a person could have read anything.
    """

    human: Callable[[str], Dialect]
    pipe: Callable[[str], Dialect]
    irc: Callable[[str], Dialect]
    limited: Callable[[str], bool]


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
        begun = self._begin()
        end = begun if isinstance(begun, HangUp) else self._newcomer(begun)
        while end is None:
            data = self._connection.read()
            end = self._received(data) if data else self._finished()
        return end

    def finish(self, end: HangUp) -> None:
        """Take the session out of the chat and close in good order."""
        last_words = b""
        try:
            if self._driver is not None:
                last_words = self._driver.finish(end)
        finally:
            hang_up(self._connection, last_words)

    def _begin(self) -> HangUp | bytes | None:
        """Find out what is spoken and let it in; what is held back, if that is not known yet."""
        config, doors = self._config, self._doors
        found, data = detection.listen(
            self._connection, config.detection_silence_s, config.first_line_timeout_s
        )
        if found is Protocol.NOBODY:
            return self._ended()
        if found in _HUNG_UP_ON:
            return HangUp(_HUNG_UP_ON[found])
        make = {Protocol.IRC: doors.irc, Protocol.HUMAN: doors.pipe}.get(found, doors.human)
        end = self._open(make)
        if end is not None or found is Protocol.UNKNOWN:
            return end or data
        end = self._received(data)
        return end or (b"" if found is Protocol.TERMINAL else None)

    def _newcomer(self, held: bytes | None) -> HangUp | None:
        """Read with an eye on the clock, until all is known that is to be known of a newcomer.

        That is who speaks, while its first line is `held` back, and who it says it is;
        and until the others know that it is here. Most connections stay in here, silent:
        whatever is on this stack counts.
        """
        connection, late, since = self._connection, not held, time.monotonic()
        while held is not None or not self._arrived or self._hidden:
            patience_s = self._patience_s(held, late)
            if patience_s is None:
                data: bytes | None = connection.read()
            else:
                data = connection.read_within(max(0.0, since + patience_s - time.monotonic()))
            end: HangUp | None = None
            if data is None:
                end = self._waited(held, late, since)
                if self._hidden:  # It could not be saved; there is another time.
                    since = time.monotonic()
                elif not held:
                    since = 0.0  # No time is looked at any more.
            elif not data:
                end = self._finished(held)
            elif held is None:
                end = self._received(data)
            else:
                if not held and self._arrived:
                    since = time.monotonic()
                held = detection.begun_line(held + data)
                found = detection.protocol_of(held, late)
                end = self._judged(found, held)
                if found is Protocol.TERMINAL:
                    held = b""
                elif found is not Protocol.UNKNOWN:
                    held = None
            if end is not None:
                return end
        return None

    def _patience_s(self, held: bytes | None, late: bool) -> float | None:
        """How long to wait for what was begun; for words of somebody who is here, for ever."""
        config = self._config
        if not self._arrived:
            return config.registration_timeout_s
        begun = held and detection.is_begun(held, late)
        patience_s = [config.announce_after_s] if self._hidden else []
        if begun:
            patience_s.append(config.first_line_timeout_s)
        return min(patience_s, default=None)

    def _waited(self, held: bytes | None, late: bool, since: float) -> HangUp | None:
        """Somebody has let pass what patience there was."""
        if not self._arrived:
            return HangUp(CloseReason.NOT_REGISTERED)
        begun = held and detection.is_begun(held, late)
        if begun and time.monotonic() - since >= self._config.first_line_timeout_s:
            return HangUp(CloseReason.UNFINISHED)
        assert self._driver is not None
        self._driver.announce()
        return None

    def _judged(self, found: Protocol, data: bytes) -> HangUp | None:
        """It is known who speaks to somebody who was welcomed as a person."""
        if found is Protocol.UNKNOWN:
            return None
        if found in _HUNG_UP_ON:
            return HangUp(_HUNG_UP_ON[found])
        if found is Protocol.IRC:
            self._leave()
            end = self._open(self._doors.irc)
            if end is not None:
                return end
        return self._received(data)

    def _open(self, make: Callable[[str], Dialect]) -> HangUp | None:
        connection, services = self._connection, self._services
        dialect = make(connection.address)
        if self._doors.limited(connection.address):
            self._driver = PacedDriver(services, connection, dialect, time.monotonic)
        else:
            self._driver = Driver(services, connection, dialect)
        return self._driver.opened()

    def _leave(self) -> None:
        """End a person's session; the connection goes on as something else."""
        if self._driver is not None:
            self._driver.leave(HangUp(CloseReason.QUIT))

    @property
    def _arrived(self) -> bool:
        return self._driver is not None and self._driver.arrived

    @property
    def _hidden(self) -> bool:
        return self._driver is not None and self._driver.hidden

    def _received(self, data: bytes) -> HangUp | None:
        assert self._driver is not None
        return self._driver.received(data)

    def _finished(self, held: bytes | None = None) -> HangUp:
        """No more bytes come. What the client sent last may be a line without its end."""
        connection, driver = self._connection, self._driver
        end = None
        if driver is not None and connection.closed is None and connection.close_requested is None:
            if held and detection.protocol_of(held + b"\n", True) is Protocol.HUMAN:
                end = driver.received(held)
                held = None
            if end is None and held is None:
                end = driver.ended()
        return end or self._ended()

    def _ended(self) -> HangUp:
        connection = self._connection
        return HangUp(connection.closed or connection.close_requested or CloseReason.EOF)
