"""The same blocking call in K threads; each page calls back as it ends."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from loadtest.models.clients.pages import Done, Outcome, main
from loadtest.models.clients.sequential import fetch_one


def fetch(urls: Sequence[str], at_once: int, timeout_seconds: float, done: Done) -> None:
    one_at_a_time = Lock()

    def called_back(future: Future[Outcome]) -> None:
        # In the thread that fetched the page, hence the lock.
        with one_at_a_time:
            done(future.result())

    with ThreadPoolExecutor(at_once) as pool:
        for url in urls:
            pool.submit(fetch_one, url, timeout_seconds).add_done_callback(called_back)


if __name__ == "__main__":
    main(fetch)
