"""Servers to load that are right, or wrong in one known way; and a run of the generator."""

import json
import selectors
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

# What a member gets sent for one line of its room: usually that line.
Delivery = Callable[["Member", int, bytes], list[bytes]]


@dataclass
class Member:
    """A client as the fake server sees it."""

    socket: socket.socket
    number: int  # 0 is the first that ever connected
    room: bytes = b"#lobby"
    unread: bytes = b""
    heard: int = 0  # lines of its room that were due to it
    kept: list[bytes] = field(default_factory=list)  # for a delivery that needs to remember


def faithful(member: Member, nth: int, line: bytes) -> list[bytes]:
    return [line]


class FakeServer(threading.Thread):
    """A small server in a thread of its own. `mode` is echo, upper or chat."""

    def __init__(self, mode: str, deliver: Delivery, **faults: Any) -> None:
        super().__init__(daemon=True)
        self._mode = mode
        self._deliver = deliver
        self._faults = faults
        self._members: list[Member] = []
        self._accepted = self._said = 0
        self._over = False
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self.port: int = self._listener.getsockname()[1]

    def run(self) -> None:
        while not self._over:
            for key, _ in self._selector.select(0.05):
                if key.data is None:
                    self._welcome()
                else:
                    self._read(key.data)
        for member in list(self._members):
            self._drop(member)
        self._selector.close()
        self._listener.close()

    def stop(self) -> None:
        self._over = True
        self.join()

    def _welcome(self) -> None:
        client, _ = self._listener.accept()
        member = Member(client, self._accepted)
        self._accepted += 1
        self._members.append(member)
        self._selector.register(client, selectors.EVENT_READ, member)
        if self._mode != "chat":
            return
        if member.number >= self._faults.get("seats", 1_000_000):
            self._send(member, b"-> The server is full, try again later.\r\n")
            self._drop(member)
            return
        here = len(self._members)
        self._send(
            member,
            b"\xff\xfd\x00\r"
            b"Welcome to FAKE. You are guest%d in #lobby (%d here). /nick NAME to choose a name, "
            b"/help for commands.\r\nBe nice.\r\n[11:59] <bob> Thread-1 say hello 0 old+1\r\n"
            b"-- end of history --\r\n" % (member.number, here),
        )

    def _read(self, member: Member) -> None:
        try:
            data = member.socket.recv(65536)
        except OSError:
            data = b""
        if not data:
            self._drop(member)
        elif self._mode == "chat":
            *lines, member.unread = (member.unread + data).split(b"\n")
            for line in lines:
                if member in self._members:
                    self._obey(member, line.removesuffix(b"\r"))
        else:
            self._send(member, self._faults.get("echo", bytes)(data))

    def _obey(self, member: Member, line: bytes) -> None:
        word, _, rest = line.partition(b" ")
        if word == b"/ping":
            self._send(member, b"-> pong\r\n")
        elif word == b"/join":
            member.room = rest
            self._send(member, b"-> You are in %s: no topic (1 here: you)\r\n" % rest)
        elif word == b"/part":
            self._send(member, b"-> You left %s. Talking in %s.\r\n" % (rest, member.room))
        elif word == b"/quit":
            self._drop(member)
        else:
            self._say(member, line)

    def _say(self, speaker: Member, text: bytes) -> None:
        self._said += 1
        if refusal := self._faults.get("refuse", lambda said: b"")(self._said):
            self._send(speaker, refusal + b"\r\n")
            return
        if self._said == self._faults.get("hang_up_after"):
            self._send(speaker, self._faults.get("farewell", b""))
            self._drop(speaker)
        line = b"[12:01] <guest%d> %s\r\n" % (speaker.number, text)
        for member in list(self._members):
            if member is not speaker and member.room == speaker.room:
                self._send(member, b"".join(self._deliver(member, member.heard, line)))
                member.heard += 1

    def _send(self, member: Member, data: bytes) -> None:
        try:
            member.socket.sendall(data)
        except OSError:
            self._drop(member)

    def _drop(self, member: Member) -> None:
        if member in self._members:
            self._members.remove(member)
            self._selector.unregister(member.socket)
            member.socket.close()


ServerFactory = Callable[..., FakeServer]


@pytest.fixture
def fake() -> Iterator[ServerFactory]:
    """fake(mode, deliver, **faults): a running server, stopped after the test."""
    servers: list[FakeServer] = []

    def start(mode: str = "chat", deliver: Delivery = faithful, **faults: Any) -> FakeServer:
        server = FakeServer(mode, deliver, **faults)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.stop()


@dataclass(frozen=True)
class Run:
    """What a run of the generator left behind."""

    code: int
    out: str
    err: str
    figures: dict[str, Any]


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Run]:
    """load(server, *arguments): run the generator as a user would."""

    def run(server: FakeServer | int, *arguments: str) -> Run:
        port = server if isinstance(server, int) else server.port
        figures = tmp_path / "figures.json"
        command = [sys.executable, "-W", "error", "-m", "loadtest", "--port", str(port)]
        done = subprocess.run(
            [*command, "--json", str(figures), *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        found = json.loads(figures.read_text()) if figures.exists() else {}
        return Run(done.returncode, done.stdout, done.stderr, found)

    return run
