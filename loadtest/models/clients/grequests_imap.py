"""grequests: requests on gevent in one call. It patches the process as it is imported."""

# ruff: noqa: I001  patching comes before every other import
import grequests

from collections.abc import Sequence

import requests

from loadtest.models.clients.pages import Done, Outcome, failure, main


def fetch(urls: Sequence[str], at_once: int, timeout_seconds: float, done: Done) -> None:
    def failed(page: grequests.AsyncRequest, why: Exception) -> None:
        done(failure(page.url, why))

    # One session for all, so that connections are kept; it opens as many as are needed.
    with requests.Session() as session:
        session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=at_once))
        pages = (grequests.get(url, timeout=timeout_seconds, session=session) for url in urls)
        for answer in grequests.imap(pages, size=at_once, exception_handler=failed):
            try:
                answer.raise_for_status()
                done(Outcome(answer.url, answer.content))
            except requests.HTTPError as why:
                done(failure(answer.url, why))


if __name__ == "__main__":
    main(fetch)
