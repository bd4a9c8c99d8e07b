"""What all fetching clients share: the outcome of a page, and the command line."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from tqdm import tqdm


@dataclass(frozen=True)
class Outcome:
    """One address: its body, or why there is none."""

    url: str
    body: bytes = b""
    error: str = ""


Done = Callable[[Outcome], None]


class Fetch(Protocol):
    def __call__(
        self, urls: Sequence[str], at_once: int, timeout_seconds: float, done: Done
    ) -> None: ...


class BadAnswer(Exception):
    """The server answered, and not with the page."""


def failure(url: str, error: BaseException) -> Outcome:
    """Every library has its own words; keep theirs, and the kind of error with them."""
    words = " ".join(str(error).split())[:200]
    if not words:
        words = "timed out" if isinstance(error, TimeoutError) else "no more is known"
    return Outcome(url, error=f"{type(error).__name__}: {words}")


def request(path: str, host: str) -> bytes:
    """The bytes of a request, for the clients that speak HTTP by hand.

    Version 1.0: the body ends where the connection does, with no chunks to take apart.
    """
    return f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode()


def body_of(answer: bytes) -> bytes:
    """The body of a whole answer; BadAnswer when its status is not 200."""
    head, blank, body = answer.partition(b"\r\n\r\n")
    status = head.split(b"\r\n")[0].decode("latin-1").partition(" ")[2]
    if not blank:
        raise BadAnswer("the connection ended before the head did")
    if not status.startswith("200"):
        raise BadAnswer(f"status {status}")
    return body


def main(fetch: Fetch) -> None:
    """Fetch the pages the command line asks for; say what failed, and how long all took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("base", help="such as http://127.0.0.1:9000")
    parser.add_argument("names", nargs="*", help="pages; without any, page0, page1, …")
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--at-once", type=int, default=50)
    parser.add_argument("--timeout-seconds", type=float, default=10.0)
    given = parser.parse_args()
    names = given.names or [f"page{number}" for number in range(given.pages)]
    failed: dict[str, str] = {}
    # disable=None: no bar where nobody watches, that is when stderr is not a terminal.
    with tqdm(total=len(names), unit="page", disable=None) as bar:

        def done(outcome: Outcome) -> None:
            bar.update()
            if outcome.error:
                failed[outcome.url] = outcome.error
                tqdm.write(f"{outcome.url}: {outcome.error}", file=sys.stderr)

        start = time.monotonic()
        fetch(
            [f"{given.base}/{name}" for name in names], given.at_once, given.timeout_seconds, done
        )
        seconds = time.monotonic() - start
    print(json.dumps({"pages": len(names), "seconds": seconds, "failed": failed}))
    sys.exit(1 if failed else 0)
