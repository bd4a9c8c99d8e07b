"""IRC clients that talk at once and write down what becomes of each line.

They say a few lines and a PING behind them. What comes back before the PONG is acknowledged: it is
kept, and everybody in the room is shown it. What does not is refused, with a word of why, and must
never be seen again. What was said before a server died may be either.

(A label for each line would tell the same, but answers to labels come apart from the room's lines.)
"""

import random
import select
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from loadtest.attacks.client import IrcClient
from loadtest.storage.errors import Stuck

CAPABILITIES = "echo-message message-tags"

# Cannot send; a standard reply; and what a server has to say of itself.
REFUSALS = {"404", "FAIL", "NOTICE"}


class Shown(NamedTuple):
    """A line that a client was shown, in its order; `number` is its msgid."""

    number: int
    room: str
    text: str


@dataclass
class Transcript:
    """What one client said and was told. `sent` are all its lines, in order."""

    nick: str
    sent: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    silently: list[str] = field(default_factory=list)  # refused without a word
    shown: list[Shown] = field(default_factory=list)


class Talker:
    """One client in one room, which says up to `most` lines at once, and more after a pause."""

    def __init__(self, port: int, nick: str, room: str, most: int, pause_s: float = 0.0) -> None:
        self.transcript = Transcript(nick)
        self.room = room
        self.most = most
        self.pause_s = pause_s
        self.gone = False
        self.waiting: list[str] = []  # of the lines said last, those that have no answer
        self.words: list[str] = []  # with which some of them were refused
        self.last_words = ""
        self.asked_at = 0.0
        self.answered_at = 0.0
        self.longest_wait = 0.0  # seconds
        self.ready = True
        self._client = IrcClient(port, nick, capabilities=CAPABILITIES)
        self._client.ask(f"JOIN {room}")
        self._client.lines.clear()
        self.sock = self._client.sock
        self.sock.setblocking(False)
        self._rest = b""
        self._unsent = b""

    def say(self, count: int) -> None:
        """Say so many lines in one packet, and ask whether that is all."""
        said = self.transcript.sent
        for _ in range(count):
            said.append(f"{self.transcript.nick}-{len(said)} says something of the usual length")
        self.waiting = said[-count:]
        self.words.clear()
        self.ready = False
        self.asked_at = time.monotonic()
        lines = [f"PRIVMSG {self.room} :{text}\r\n" for text in self.waiting]
        self.send("".join([*lines, "PING all\r\n"]).encode())

    def send(self, data: bytes) -> None:
        """Send bytes, now or when there is room for them."""
        self._unsent += data
        try:
            taken = self.sock.send(self._unsent)
        except BlockingIOError:
            return
        except OSError:
            self.gone = True
            return
        self._unsent = self._unsent[taken:]

    def hear(self) -> None:
        """Take down what has come."""
        try:
            data = self.sock.recv(1 << 18)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self.gone = self.gone or not data
        *lines, self._rest = (self._rest + data).split(b"\r\n")
        for line in lines:
            self._take(line.decode())
        if self._unsent:
            self.send(b"")

    def _take(self, line: str) -> None:
        tags: dict[str, str] = {}
        if line.startswith("@"):
            told, _, line = line[1:].partition(" ")
            tags = dict(one.partition("=")[::2] for one in told.split(";"))
        source, word, *rest = line.split(" ", 3)
        if word == "PRIVMSG":
            self._shown(source, Shown(int(tags["msgid"]), rest[0], rest[1].removeprefix(":")))
        elif word == "PONG":
            self._settled()
        elif word in REFUSALS:
            self.words.append(line)

    def _shown(self, source: str, line: Shown) -> None:
        self.transcript.shown.append(line)
        if source.startswith(f":{self.transcript.nick}!"):
            self.waiting.remove(line.text)  # A line of mine that I did not say is a ValueError.
            self.transcript.acknowledged.append(line.text)

    def _settled(self) -> None:
        self.transcript.refused += self.waiting
        if self.waiting and not self.words:
            self.transcript.silently += self.waiting
        self.waiting = []
        self.ready = True
        self.last_words = self.words[-1] if self.words else self.last_words
        self.answered_at = time.monotonic()
        self.longest_wait = max(self.longest_wait, self.answered_at - self.asked_at)

    def close(self) -> None:
        self._client.close()


def talk(
    talkers: Sequence[Talker],
    over: Callable[[], bool],
    dice: random.Random,
    between: Callable[[], None] = lambda: None,
    patience: float = 60.0,
) -> None:
    """Have them all talk until it is over or the server gone. Raises Stuck when neither comes."""
    poll = select.epoll()
    by_number = {one.sock.fileno(): one for one in talkers}
    for number in by_number:
        poll.register(number, select.EPOLLIN)
    deadline = time.monotonic() + patience
    try:
        while not (over() or all(one.gone for one in talkers)):
            if time.monotonic() > deadline:
                raise Stuck(f"nothing more happens after {patience:.0f} s")
            between()
            for one in talkers:
                if one.ready and not one.gone and time.monotonic() - one.answered_at >= one.pause_s:
                    one.say(dice.randint(1, one.most))
            _hear(poll, by_number, 0.005)
    finally:
        poll.close()


def hear_out(talkers: Sequence[Talker], seconds: float = 30.0) -> None:
    """Take down what is still to come, until the server has closed every connection."""
    deadline = time.monotonic() + seconds
    poll = select.epoll()
    left = {one.sock.fileno(): one for one in talkers if not one.gone}
    for number in left:
        poll.register(number, select.EPOLLIN)
    try:
        while left and time.monotonic() < deadline:
            _hear(poll, left, 0.05)
            left = {number: one for number, one in left.items() if not one.gone}
    finally:
        poll.close()
    if left:
        raise Stuck("connections outlive the server")


def _hear(poll: select.epoll, talkers: dict[int, Talker], seconds: float) -> None:
    for number, _ in poll.poll(seconds):
        one = talkers[number]
        one.hear()
        if one.gone:
            poll.unregister(number)
