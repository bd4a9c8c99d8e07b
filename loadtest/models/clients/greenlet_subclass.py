"""gevent: a page as an object, a Greenlet with a state of its own that others can link to."""

# ruff: noqa: E402  patching comes before every other import
from gevent import monkey

monkey.patch_all()

from collections.abc import Sequence

from gevent import Greenlet
from gevent.pool import Pool

from loadtest.models.clients.pages import Done, Outcome, main
from loadtest.models.clients.sequential import fetch_one


class Page(Greenlet):
    def __init__(self, url: str, timeout_seconds: float) -> None:
        super().__init__()
        self.url = url
        self.timeout_seconds = timeout_seconds

    def _run(self) -> Outcome:
        return fetch_one(self.url, self.timeout_seconds)


def fetch(urls: Sequence[str], at_once: int, timeout_seconds: float, done: Done) -> None:
    pool = Pool(at_once)
    for url in urls:
        page = Page(url, timeout_seconds)
        page.link_value(lambda ended: done(ended.value))
        pool.start(page)  # waits while K of them are under way
    pool.join()


if __name__ == "__main__":
    main(fetch)
