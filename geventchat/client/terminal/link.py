"""The connection: getting one, and moving bytes between it and the conversation."""

from __future__ import annotations

import select
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress

from geventchat.client.terminal.address import Address
from geventchat.client.terminal.batches import BatchesOverflow
from geventchat.client.terminal.conversation import Conversation
from geventchat.client.terminal.errors import (
    ConnectionLost,
    NotEncrypted,
    NotLetIn,
    Unreachable,
    Untrusted,
)
from geventchat.client.terminal.events import Event
from geventchat.client.terminal.tls import Tls, encrypted
from geventchat.client.terminal.wire import LineReader, LineTooLong

CONNECT_S = 10.0
# A server that speaks TLS answers at once; one that does not may wait for the end of a line.
TLS_S = 5.0
WELCOME_S = 10.0
# After so much silence we ask for a sign of life, and wait as long for it.
PING_AFTER_S = 30.0
# More than a record of TLS (RFC 8446, 5.1), or what is left of one would wait unseen.
_READ_BYTES = 65536

Clock = Callable[[], float]


class Door:
    """How to get a connection to one server, again and again.

    MUST: no certificate that fails, and no server that spoke TLS once, is ever met without
    it; and no password travels in clear over a network unless `--tls off` says so.
    """

    def __init__(
        self, address: Address, tls: Tls, context: ssl.SSLContext, has_password: bool
    ) -> None:
        self.address = address
        self.is_encrypted = False
        self._tls = tls
        self._context = context
        self._has_password = has_password

    def open(self) -> socket.socket:
        """A connection, encrypted if that is what it is to be. Raises Unreachable."""
        if self._tls is Tls.OFF:
            return self._connected()
        sock = self._connected()
        sock.settimeout(TLS_S)
        try:
            secret = encrypted(sock, self._context, self.address.host)
        except NotEncrypted as error:
            if self._tls is Tls.ON:
                was = "it did before" if self.is_encrypted else "--tls off to do without"
                raise Untrusted(f"{self.address} does not speak TLS ({was})") from error
            if self._has_password and not self.address.is_here:
                raise Untrusted(
                    f"{self.address} does not speak TLS, and the password would be readable"
                    " on the way: --tls off to send it all the same"
                ) from error
            # Asked once: every call costs one of the connections a server allows an address.
            self._tls = Tls.OFF
            return self._connected()
        self._tls, self.is_encrypted = Tls.ON, True
        return secret

    def _connected(self) -> socket.socket:
        try:
            return socket.create_connection(self.address, CONNECT_S)
        except socket.gaierror as error:
            why = f"no such host ({error.strerror})"
        except ConnectionRefusedError:
            why = "nobody listens there"
        except TimeoutError:
            why = f"no answer within {CONNECT_S:.0f} s"
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or str(error)
        raise Unreachable(f"cannot connect to {self.address}: {why}")


class Link:
    """One connection that is up. Whoever has it calls `step` again and again."""

    def __init__(
        self, sock: socket.socket, conversation: Conversation, clock: Clock = time.monotonic
    ) -> None:
        self.conversation = conversation
        self._sock = sock
        self._clock = clock
        self._lines = LineReader()
        self._unsent = b""
        self._broken = ""
        self._heard_at = clock()
        self._asked_at = 0.0
        sock.setblocking(False)

    def step(self, timeout_s: float, also: int = -1) -> tuple[list[Event], bool]:
        """Send what is to be sent, take what has come; wait for either up to `timeout_s`.

        `also` is one more descriptor to wait for; whether it can be read is the second of
        what is returned. Raises ConnectionLost; Unreachable and NotLetIn before the welcome.
        """
        self._look_alive()
        self._unsent += self.conversation.outgoing()
        reads = [self._sock.fileno(), *([also] if also >= 0 else [])]
        readable, writable, _ = select.select(reads, self._writes(), [], timeout_s)
        if writable:
            self._write()
        told: list[Event] = []
        if self._sock.fileno() in readable:
            told = self._read()
            # What it asks for goes out with the next step, for which `wait` must not wait.
            self._unsent += self.conversation.outgoing()
        return told, also in readable

    def wait(self, timeout_s: float, also: int) -> None:
        """Wait until `step` has something to do, or `also` can be read; touch nothing."""
        select.select([self._sock.fileno(), also], self._writes(), [], timeout_s)

    def _writes(self) -> list[int]:
        return [self._sock.fileno()] if self._unsent and not self._broken else []

    def close(self) -> None:
        """Hang up."""
        self._sock.close()

    def _look_alive(self) -> None:
        silent_s = self._clock() - self._heard_at
        if silent_s > PING_AFTER_S and self._asked_at <= self._heard_at:
            self._asked_at = self._clock()
            self.conversation.ping()
        elif silent_s > 2 * PING_AFTER_S:
            raise ConnectionLost(f"no sign of life for {silent_s:.0f} s")

    def _write(self) -> None:
        try:
            self._unsent = self._unsent[self._sock.send(self._unsent) :]
        except (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass  # Not now.
        except OSError as error:
            # What the server said before it hung up may still be read, and says more.
            self._broken = error.strerror or str(error)

    def _read(self) -> list[Event]:
        try:
            data = self._sock.recv(_READ_BYTES)
        except (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return []
        except OSError as error:
            raise self._lost(error.strerror or str(error)) from None
        if not data:
            raise self._lost(self._broken or "the server closed the connection")
        self._heard_at = self._clock()
        told: list[Event] = []
        try:
            for line in self._lines.feed(data):
                if line:
                    told += self.conversation.take(line)
        except (LineTooLong, BatchesOverflow) as error:
            if not self.conversation.is_ready:
                raise Unreachable(f"that is not a chat server: it sends {error}") from None
            raise ConnectionLost(f"the server sent {error}") from None
        return told

    def _lost(self, why: str) -> ConnectionLost:
        return ConnectionLost(self.conversation.last_words or why)


def come_in(link: Link, within_s: float = WELCOME_S, clock: Clock = time.monotonic) -> list[Event]:
    """Everything up to the end of the welcome, in `within_s` at most. Raises Unreachable."""
    end = clock() + within_s
    told: list[Event] = []
    try:
        while not link.conversation.is_ready:
            if (left := end - clock()) <= 0:
                raise _not_welcome(link.conversation.last_notice, within_s)
            told += link.step(left)[0]
    except ConnectionLost as error:
        raise Unreachable(f"not let in: {error}") from None
    return told


def _not_welcome(said: str, within_s: float) -> Unreachable:
    why = f"no welcome within {within_s:.0f} s"
    if said:
        return NotLetIn(f"{why}; the server says: {said}")
    return Unreachable(f"that is not a chat server: {why}")


def say_goodbye(link: Link, reason: str = "", within_s: float = 2.0) -> None:
    """Leave politely, if the other end lets us; then hang up."""
    end = time.monotonic() + within_s
    with suppress(ConnectionLost, OSError, ValueError):
        link.conversation.quit(reason)
        while (left := end - time.monotonic()) > 0:
            link.step(left)
    link.close()
