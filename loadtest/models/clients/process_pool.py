"""The same blocking call in processes: for pages that cost computing, not for waiting.

A process costs far more than a thread, so there are at most as many as make sense here.
"""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed

from loadtest.models.clients.pages import Done, main
from loadtest.models.clients.sequential import fetch_one

MOST_PROCESSES = 8


def fetch(urls: Sequence[str], at_once: int, timeout_seconds: float, done: Done) -> None:
    with ProcessPoolExecutor(min(at_once, MOST_PROCESSES)) as pool:
        under_way = [pool.submit(fetch_one, url, timeout_seconds) for url in urls]
        for future in as_completed(under_way):
            done(future.result())


if __name__ == "__main__":
    main(fetch)
