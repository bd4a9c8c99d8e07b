"""gevent: blocking code, patched to switch, and a Pool of K greenlets."""

# ruff: noqa: E402  patching comes before every other import
from gevent import monkey

monkey.patch_all()

from collections.abc import Sequence

from gevent.pool import Pool

from loadtest.models.clients.pages import Done, main
from loadtest.models.clients.sequential import fetch_one


def fetch(urls: Sequence[str], at_once: int, timeout_seconds: float, done: Done) -> None:
    pool = Pool(at_once)
    for outcome in pool.imap_unordered(lambda url: fetch_one(url, timeout_seconds), urls):
        done(outcome)


if __name__ == "__main__":
    main(fetch)
