"""A new thread for every page, and a semaphore so that K of them are there at a time.

What a pool saves is making the thread: here every page pays for one.
"""

from collections.abc import Sequence
from threading import BoundedSemaphore, Lock, Thread

from loadtest.models.clients.pages import Done, main
from loadtest.models.clients.sequential import fetch_one


def fetch(urls: Sequence[str], at_once: int, timeout_seconds: float, done: Done) -> None:
    free, one_at_a_time = BoundedSemaphore(at_once), Lock()

    def work(url: str) -> None:
        try:
            outcome = fetch_one(url, timeout_seconds)
            with one_at_a_time:
                done(outcome)
        finally:
            free.release()

    threads: list[Thread] = []
    for url in urls:
        free.acquire()  # waits while K of them are under way
        threads.append(Thread(target=work, args=(url,)))
        threads[-1].start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(fetch)
