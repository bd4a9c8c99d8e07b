"""One connection: its socket, its tail, and how its greenlet waits.

MUST: only the flusher, `write` and the write watcher use `send`, while there is
no tail (the watcher: while there is one), and none of them waits.
MUST: hold no more unsent bytes than one chunk; the rest stays in the room logs
or the session's outbox.
MUST: have the read watcher stopped, or harmless, while the greenlet waits for
anything else: it is level-triggered and would spin.
"""

from __future__ import annotations

import socket
from time import monotonic, perf_counter
from typing import Any

from gevent import get_hub
from greenlet import getcurrent

from geventchat.delivery.outbox import Outbox
from geventchat.errors import CloseReason
from geventchat.net.pool import to_hub
from geventchat.net.turns import Turns

_READ, _WRITE = 1, 2

# How long one client's commands may hold the loop before the others have their turn.
SLICE_S = 0.003
# Once the others have had all of a turn, a slice is no longer than this.
_GRAIN_S = 0.0005
# Who sends so much at once is read again when it is its turn.
_MUCH_BYTES = 4096
_TURNS = Turns()

# While a client is not read, how often it is looked at whether it is there.
LOOK_S = 1.0


class Connection:
    """A non-blocking socket with a tail.

    tail    what the kernel has not taken yet
    closed  why it ended, once it has
    close_requested  why the server wants it to end; its greenlet says so and hangs up
    """

    __slots__ = (
        "_much",
        "_parked",
        "_read_max",
        "_readable",
        "_since",
        "_stalled",
        "_turn",
        "_writable",
        "address",
        "close_requested",
        "closed",
        "outbox",
        "send",
        "sock",
        "tail",
    )

    def __init__(
        self, sock: Any, address: str, read_max_bytes: int, stalled: dict[Connection, float]
    ) -> None:
        """`stalled` is shared: connections with a tail, and when they last took something."""
        self.sock = sock
        self.address = address
        self.closed: CloseReason | None = None
        self.close_requested: CloseReason | None = None
        self.tail: memoryview | None = None
        self.outbox: Outbox | None = None
        self._stalled = stalled
        self.send = sock.send
        self._read_max = read_max_bytes
        self._readable = get_hub().loop.io(sock.fileno(), _READ)
        self._writable: Any = None
        self._parked: Any = None
        self._much = False
        self._since = 0.0
        self._turn = 0

    def read(self) -> bytes:
        """Wait for bytes and return them; empty once the connection has ended.

        Waiting before the first try saves a system call that nearly always says
        "not yet": 163 against 79 thousand echoes/s.
        """
        return self._read(None) or b""

    def read_within(self, seconds: float) -> bytes | None:
        """As `read`, but None when nothing came for so long."""
        # Not a gevent.Timeout: it would throw into a greenlet that is already
        # on its way because of bytes that came in the same turn of the loop.
        timer = get_hub().loop.timer(seconds)
        timer.start(self._unpark)
        try:
            return self._read(timer)
        finally:
            timer.stop()
            timer.close()

    def _read(self, timer: Any) -> bytes | None:
        if self._much:
            self._much = False
            _TURNS.wait()
        while self.closed is None and self.close_requested is None:
            if not self._readable.active:
                self._readable.start(self._on_readable)
            self._park()
            if self.closed is not None or self.close_requested is not None:
                break
            if timer is not None and not timer.active:
                return None
            try:
                data: bytes = self.sock.recv(self._read_max)
                self._much = len(data) >= _MUCH_BYTES
                return data
            except BlockingIOError:
                continue
            except OSError:
                self.abort(CloseReason.RESET)
        return b""

    def wait_drained(self) -> None:
        """Wait until everything that was to be sent to this client alone is on its way."""
        self._readable.stop()
        while self.tail is not None and self.closed is None and self.close_requested is None:
            self._park()

    def pause(self, seconds: float) -> None:
        """Wait for so long, but no longer than until the connection ends or is to end.

        What comes meanwhile stays with the kernel, so a reset must be asked for.
        """
        self._readable.stop()
        loop = get_hub().loop
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            if self.closed is not None or self.close_requested is not None:
                return
            timer = loop.timer(min(left, LOOK_S))
            timer.start(self._unpark)
            try:
                self._park()
            finally:
                timer.stop()
                timer.close()
            if self.closed is None and self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                self.abort(CloseReason.RESET)

    def _park(self) -> None:
        self._parked = getcurrent()
        try:
            to_hub()
        finally:
            self._parked = None
            self._turn = get_hub().loop.iteration
            self._since = perf_counter()

    def go_on(self) -> CloseReason | None:
        """Give the others their turn if this client has had a long one; why to stop, if so."""
        elapsed = perf_counter() - self._since
        if elapsed > _GRAIN_S:
            loop = get_hub().loop
            # What was waited for is nobody's slice: it counts within one turn of the loop.
            if loop.iteration == self._turn and (elapsed > SLICE_S or _TURNS.is_over()):
                _TURNS.wait()
            self._turn, self._since = loop.iteration, perf_counter()
        return self.closed or self.close_requested

    def _unpark(self) -> None:
        parked, self._parked = self._parked, None
        if parked is not None:
            get_hub().loop.run_callback(parked.switch)

    def _on_readable(self) -> None:
        if self._parked is None:
            self._readable.stop()
        else:
            self._parked.switch()

    def write(self, data: bytes) -> None:
        """Send what the kernel takes, keep the rest as the tail. There must be no tail yet."""
        try:
            sent = self.send(data)
        except OSError as error:
            self.failed(error, data)
        else:
            if sent != len(data):
                self.keep(data, sent)

    def failed(self, error: OSError, data: bytes) -> None:
        """Sending `data` raised: the kernel's buffer is full, or the connection is gone."""
        if isinstance(error, BlockingIOError):
            self.keep(data, 0)
        else:
            self.abort(CloseReason.RESET)

    def keep(self, data: bytes, sent: int) -> None:
        """Make what was not sent the tail, and go on when the kernel takes more."""
        self.tail = memoryview(data)[sent:]
        if self.outbox is not None:
            self.outbox.caught_up = False
        self._stalled[self] = get_hub().loop.now()
        if self._writable is None:
            self._writable = get_hub().loop.io(self.sock.fileno(), _WRITE)
        self._writable.start(self._on_writable)

    def attach(self, outbox: Outbox | None) -> None:
        """Deliver what is in that outbox from now on, or nothing."""
        self.outbox = outbox

    def deliver(self) -> None:
        """Send all this session has yet to be sent, as far as the kernel takes it."""
        outbox = self.outbox
        if self.closed is not None or outbox is None:
            return
        if self.tail is not None:
            return
        while chunk := outbox.next_chunk():
            self.write(chunk)
            if self.tail is not None or self.closed is not None:
                return
        outbox.sent()

    def _on_writable(self) -> None:
        assert self.tail is not None
        try:
            sent = self.send(self.tail)
        except BlockingIOError:
            return
        except OSError:
            self.abort(CloseReason.RESET)
            return
        self._stalled[self] = get_hub().loop.now()
        if sent < len(self.tail):
            self.tail = self.tail[sent:]
            return
        self.tail = None
        self.deliver()
        if self.tail is None and self.closed is None:
            self._writable.stop()
            del self._stalled[self]
            self._unpark()

    def abort(self, reason: CloseReason) -> None:
        """The connection is of no more use; its greenlet finds out at its next read."""
        if self.closed is None:
            self.closed = reason
            if self.outbox is not None:
                self.outbox.caught_up = False
            self.tail = None
            self._stalled.pop(self, None)
            self._readable.stop()
            if self._writable is not None:
                self._writable.stop()
            self._unpark()

    def request_close(self, reason: CloseReason) -> None:
        """Have the connection's greenlet end it in good order."""
        self.close_requested = reason
        self._unpark()

    def answer(self, reply: Any) -> None:
        """Answer bytes with `reply(bytes)` until the end, without switching to the greenlet.

        For dialects that are a function: reading and answering in the watcher's
        callback makes 199 against 163 thousand echoes/s.
        """
        self._readable.start(self._on_question, reply)
        while self.closed is None and self.close_requested is None:
            self._park()
            if self.closed is None:  # The tail is gone: listen again.
                self._readable.start(self._on_question, reply)

    def _on_question(self, reply: Any) -> None:
        try:
            data = self.sock.recv(self._read_max)
        except BlockingIOError:
            return
        except OSError:
            self.abort(CloseReason.RESET)
            return
        if not data:
            self.abort(CloseReason.EOF)
            return
        self.write(reply(data))
        if self.tail is not None:
            self._readable.stop()

    def close(self) -> None:
        """Give everything back. For good order see `closing.hang_up`."""
        self.abort(CloseReason.QUIT)
        self._readable.close()
        if self._writable is not None:
            self._writable.close()
        self.sock.close()
