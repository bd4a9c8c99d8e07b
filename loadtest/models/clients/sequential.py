"""One page after the other: the simplest, and its time is the sum of all waits."""

from collections.abc import Sequence
from http.client import HTTPException
from urllib.request import urlopen

from loadtest.models.clients.pages import Done, Outcome, failure, main


def fetch(urls: Sequence[str], at_once: int, timeout_seconds: float, done: Done) -> None:
    del at_once  # one, whatever was asked for
    for url in urls:
        done(fetch_one(url, timeout_seconds))


def fetch_one(url: str, timeout_seconds: float) -> Outcome:
    try:
        with urlopen(url, timeout=timeout_seconds) as answer:
            return Outcome(url, answer.read())
    except (OSError, HTTPException) as why:
        return failure(url, why)


if __name__ == "__main__":
    main(fetch)
