"""locust against a chat or an echo server: `locust -f loadtest/locustfile.py`.

Two kinds of users, in equal numbers unless one is named on the command line:

- **EchoUser** measures round trips: a line and its echo (row `echo`).
- **ChatUser** says a line and waits until the server has settled it (row `say`), and times each
  line it hears from another ChatUser, from being sent to being read (row `deliver`). Lines and
  readers must share a machine, as with `--processes`: its clock is in them.

Each user finds out what it is connected to (row `connect`) and does what fits: in a chat an
EchoUser measures `/ping` (row `ping`), at an echo a ChatUser echoes. So both kinds run against
either server, none of them fails for being in the wrong place, and the rows say what was done.
In a chat all sit in `#load`, or in the room that `--room` names, so that people hear nothing.

Locust is one Python thread a process: it is for ramps, the web page and many machines. For
delivery proved line by line, and latencies below a millisecond, there is `python -m loadtest`.
"""

import random
import re
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from urllib.parse import urlsplit

import gevent
from gevent.event import Event
from locust import User, between, events

PORT = 8080
# An answer that takes longer is a failure.
ANSWER_S = 10.0
# Every line wakes a greenlet for each user in the room, all in this one thread. ChatUsers keep
# the room near this rate, however many they are: latencies are the server's, not locust's.
DELIVERIES_PER_S = 10_000
# Set before locust forks its --processes, so they know each other's lines from older history.
RUN = secrets.token_hex(4).encode()

_SAID = re.compile(rb"<\S+> locust \d+ says hello \d+ %s\+(\d+)" % RUN)
_IN = re.compile(rb"(?:Welcome to .* You are \S+ in|-> You are in) (#[^\s:]+)")
_HERE = re.compile(rb"\(([\d,]+) here[:)]")


@events.init_command_line_parser.add_listener  # type: ignore[untyped-decorator]
def add_options(parser: Any) -> None:
    """What locust can be told besides its own options, on its web page too."""
    parser.add_argument("--room", default="#load", help="The room of a chat in which they talk")


class Line:
    """A blocking connection that reads whole lines (blocking for this greenlet only)."""

    def __init__(self, host: str) -> None:
        address = urlsplit(host if "//" in host else f"tcp://{host}")
        where = (address.hostname or "127.0.0.1", address.port or PORT)
        self._socket = socket.create_connection(where, timeout=ANSWER_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._unread = b""

    def send(self, text: bytes) -> None:
        self._socket.sendall(text + b"\r\n")

    def read(self) -> bytes:
        """The next line without its end. Raises OSError when there is none."""
        while b"\n" not in self._unread:
            data = self._socket.recv(65536)
            if not data:
                raise ConnectionResetError("the server closed the connection")
            self._unread += data
        line, _, self._unread = self._unread.partition(b"\n")
        return line.removesuffix(b"\r")

    def be_patient(self) -> None:
        """A quiet room is no failure: from here on reading waits for ever."""
        self._socket.settimeout(None)

    def close(self) -> None:
        self._socket.close()


@contextmanager
def measured(kind: str, name: str) -> Iterator[None]:
    """One operation, one row: its time in ms, or its failure. Lets no OSError out."""
    started = time.perf_counter()
    failure: OSError | None = None
    try:
        yield
    except OSError as error:
        failure = error
    report(kind, name, (time.perf_counter() - started) * 1000, failure)


def report(kind: str, name: str, milliseconds: float, failure: OSError | None = None) -> None:
    events.request.fire(
        request_type=kind,
        name=name,
        response_time=milliseconds,
        response_length=0,
        exception=failure,
        context={},
    )


class ServerUser(User):  # type: ignore[misc]  # locust.* is not followed, see setup.cfg
    """What both kinds share: a connection, and knowing what is at its other end."""

    abstract = True
    host = f"tcp://127.0.0.1:{PORT}"
    room_size: ClassVar[int] = 1  # as the last welcome told it

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line: Line | None = None
        self.chats = False
        self._shouts = False
        self._number = 0
        self._reader: gevent.Greenlet | None = None
        self._pong = Event()
        self._broken: OSError | None = None

    def on_start(self) -> None:
        self.connect()

    def on_stop(self) -> None:
        self.hang_up()

    def connect(self) -> None:
        """Connect and say `/ping`: an echo comes back as it is, a chat welcomes and says pong."""
        with measured("tcp", "connect"):
            line = Line(self.host)
            try:
                self._meet(line)
            except OSError:
                line.close()
                raise
            self.line, self._broken = line, None
            if self.chats:
                line.be_patient()
                self._reader = gevent.spawn(self._listen, line)

    def _meet(self, line: Line) -> None:
        line.send(b"/ping")
        # Telnet's requests may stand before the first words, which are written over them.
        first = line.read().rpartition(b"\r")[2]
        self.chats = first.startswith(b"Welcome to ")
        self._shouts = first == b"/PING"
        if not self.chats and first.lower() != b"/ping":
            raise ConnectionRefusedError(first[:80].decode(errors="replace"))
        if not self.chats:
            return
        self._welcomed(line, first)
        lobby, room = _IN.match(first), self.environment.parsed_options.room.encode()
        if lobby and lobby[1] != room:
            line.send(b"/join %s\r\n/part %s\r\n/ping" % (room, lobby[1]))
            if not self._welcomed(line):
                raise ConnectionRefusedError(f"cannot join {room.decode()}")

    def _welcomed(self, line: Line, text: bytes = b"") -> bool:
        """Read on to the pong: the message of the day, the history. Whether we are in a room."""
        welcomed = False
        while not text.startswith(b"-> pong"):
            if _IN.match(text):
                welcomed = True
                if here := _HERE.search(text):
                    ServerUser.room_size = int(here[1].replace(b",", b""))
            text = line.read()
        return welcomed

    def hang_up(self) -> None:
        if self._reader is not None:
            self._reader.kill(block=False)
            self._reader = None
        if self.line is not None:
            self.line.close()
            self.line = None

    def _listen(self, line: Line) -> None:
        """In a chat, a greenlet of its own reads: lines come when they come."""
        try:
            while True:
                text = line.read()
                if text.startswith(b"-> pong"):
                    self._pong.set()
                else:
                    self.heard(text)
        except OSError as error:
            self._broken = error
            self._pong.set()

    def heard(self, text: bytes) -> None:
        """A line of the room. An EchoUser does not care."""

    def settled(self, *lines: bytes) -> None:
        """Send lines and wait for the pong behind them: the server has dealt with them all."""
        assert self.line is not None
        self._pong.clear()
        if self._broken is None:
            self.line.send(b"\r\n".join((*lines, b"/ping")))
            if not self._pong.wait(ANSWER_S):
                raise TimeoutError("no pong")
        if self._broken is not None:
            raise self._broken

    def echoed(self) -> None:
        assert self.line is not None
        text = self.words()
        self.line.send(text)
        answer = self.line.read()
        if answer != (text.upper() if self._shouts else text):
            raise ConnectionAbortedError("the echo differs from what was sent")

    def words(self) -> bytes:
        self._number += 1
        return b"locust %d says hello %d %s+%d" % (
            id(self) % 1_000_000,
            self._number,
            RUN,
            time.monotonic_ns(),
        )

    def do(self, kind: str, name: str, action: Callable[[], None]) -> None:
        """One measured operation. A failed one costs the connection; the next task reconnects."""
        if self.line is None:
            self.connect()
            return
        done = False
        with measured(kind, name):
            action()
            done = True
        if not done:
            self.hang_up()


def round_trip(user: ServerUser) -> None:
    if user.chats:
        user.do("chat", "ping", user.settled)
    else:
        user.do("tcp", "echo", user.echoed)


def say(user: "ChatUser") -> None:
    if user.chats:
        user.do("chat", "say", lambda: user.settled(user.words()))
    else:
        user.do("tcp", "echo", user.echoed)


def room_pace(user: "ChatUser") -> float:
    """Seconds until the next line: the fuller the room, the less each one talks."""
    mean_s: float = max(1.0, user.room_size**2 / DELIVERIES_PER_S) if user.chats else 0.2
    return mean_s * random.uniform(0.5, 1.5)


class EchoUser(ServerUser):
    """Sends a line and reads it back; in a chat, pings."""

    tasks: ClassVar = [round_trip]
    wait_time = between(0.1, 0.3)


class ChatUser(ServerUser):
    """Says something now and then, and listens; at an echo, echoes."""

    tasks: ClassVar = [say]

    def wait_time(self) -> float:
        return room_pace(self)

    def heard(self, text: bytes) -> None:
        if said := _SAID.search(text):
            report("chat", "deliver", (time.monotonic_ns() - int(said[1])) / 1e6)
