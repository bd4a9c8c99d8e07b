"""A client of an echo: says a line, reads the answer, and compares every byte."""

import time
from array import array
from collections.abc import Iterable
from threading import Event

from loadtest.blocking_socket import BlockingSocket
from loadtest.client import Client
from loadtest.errors import ClientFailure, ErrorKind
from loadtest.options import Mode, Options
from loadtest.pace import NS, Pace
from loadtest.payload import hello, padded
from loadtest.witness import Witness

ANSWER_NS = 10 * NS


class EchoClient(Client):
    """One line in flight."""

    def __init__(self, options: Options, witness: Witness) -> None:
        super().__init__(options, witness)
        self._upper = options.mode is Mode.UPPER
        self._latencies_us: array[int] = array("q")
        self._last_heard_ns = 0

    def enter(self) -> None:
        self._socket = BlockingSocket(self.options.host, self.options.port)

    def talk(self, pace: Pace, over: Event) -> None:
        witness, number = self.witness, 0
        while not over.is_set():
            due_ns = pace.due_ns(witness.sender, number)
            now_ns = time.monotonic_ns()
            if due_ns >= pace.end_ns or now_ns >= pace.last_ns:
                return
            if due_ns > now_ns and over.wait((due_ns - now_ns) / NS):
                return
            line = padded(hello(witness.sender, number), self.options.size) + b"\n"
            witness.sent += 1
            answer = self._exchange(line)
            self._last_heard_ns = time.monotonic_ns()
            witness.answered += 1
            if answer != (line.upper() if self._upper else line):
                witness.altered = answer
                raise ClientFailure(ErrorKind.MISMATCH)
            self._latencies_us.append((self._last_heard_ns - due_ns) // 1000)
            number += 1

    def linger(self, home: Event) -> None:
        pass  # whatever was said has been answered, or never will be

    def _exchange(self, line: bytes) -> bytes:
        self.socket.send(line)
        deadline_ns = time.monotonic_ns() + ANSWER_NS
        answer = b""
        while len(answer) < len(line):
            answer += self.socket.read_by(deadline_ns)
        return answer

    @property
    def heard(self) -> int:
        return len(self._latencies_us)

    @property
    def last_heard_ns(self) -> int:
        return self._last_heard_ns

    def latencies_us(self) -> Iterable[int]:
        return self._latencies_us
