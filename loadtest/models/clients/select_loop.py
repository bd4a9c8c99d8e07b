"""No framework: non-blocking sockets, `select`, and a callback for each state of a page."""

import select
import socket
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from loadtest.models.clients.pages import (
    BadAnswer,
    Done,
    Outcome,
    body_of,
    failure,
    main,
    request,
)


class Page:
    """A page under way. `ready` is what to call when its socket is; None once it ended.

    `select` takes whatever has a `fileno`, so it gets the pages themselves.
    """

    def __init__(self, url: str, timeout_seconds: float, done: Done) -> None:
        self.url = url
        self.done = done
        self.parts = urlsplit(url)
        self.answer = b""
        self.deadline = time.monotonic() + timeout_seconds
        self.sock = socket.socket()
        self.sock.setblocking(False)
        self.ready: Callable[[], None] | None = self.connected
        self.sock.connect_ex((self.parts.hostname, self.parts.port or 80))

    def fileno(self) -> int:
        return self.sock.fileno()

    def connected(self) -> None:
        # A failed connect shows here too, as the error of the send. The request is small
        # and the buffer new, so it goes in one piece.
        self.sock.send(request(self.parts.path, self.parts.netloc))
        self.ready = self.readable

    def readable(self) -> None:
        data = self.sock.recv(65536)
        self.answer += data
        if not data:
            self.end(Outcome(self.url, body_of(self.answer)))

    def end(self, outcome: Outcome) -> None:
        self.ready = None
        self.sock.close()
        self.done(outcome)

    def step(self, ready: bool) -> None:
        try:
            if ready and self.ready:
                self.ready()
            elif time.monotonic() > self.deadline:
                raise TimeoutError("timed out")
        except (OSError, BadAnswer) as why:
            self.end(failure(self.url, why))


def fetch(urls: Sequence[str], at_once: int, timeout_seconds: float, done: Done) -> None:
    waiting = iter(urls)
    pages: list[Page] = []
    while True:
        while len(pages) < at_once and (url := next(waiting, None)):
            pages.append(Page(url, timeout_seconds, done))
        if not pages:
            return
        connecting = [page for page in pages if page.ready == page.connected]
        reading = [page for page in pages if page.ready == page.readable]
        readable, writable, _ = select.select(reading, connecting, [], 0.05)
        ready = {*readable, *writable}
        for page in pages:
            page.step(page in ready)
        pages = [page for page in pages if page.ready]


if __name__ == "__main__":
    main(fetch)
