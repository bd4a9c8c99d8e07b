"""Twisted: an Agent that keeps connections, a DeferredSemaphore that lets K pages work."""

import warnings
from collections.abc import Sequence

from twisted.internet import reactor
from twisted.internet.defer import Deferred, DeferredSemaphore, gatherResults
from twisted.internet.task import react
from twisted.web.client import Agent, HTTPConnectionPool, readBody

from loadtest.models.clients.pages import BadAnswer, Done, Outcome, failure, main

# Agent's own transport lacks the method that readBody asks it for.
warnings.filterwarnings("ignore", "Using readBody", DeprecationWarning)


def fetch(urls: Sequence[str], at_once: int, timeout_seconds: float, done: Done) -> None:
    connections = HTTPConnectionPool(reactor)
    connections.maxPersistentPerHost = at_once
    agent = Agent(reactor, connectTimeout=timeout_seconds, pool=connections)
    free = DeferredSemaphore(at_once)

    async def page(url: str) -> bytes:
        answer = await agent.request(b"GET", url.encode())
        body: bytes = await readBody(answer)
        if answer.code != 200:
            raise BadAnswer(f"status {answer.code}")
        return body

    async def one(url: str) -> None:
        try:
            under_way = Deferred.fromCoroutine(page(url))
            done(Outcome(url, await under_way.addTimeout(timeout_seconds, reactor, late)))
        except Exception as why:  # Agent's failures have no class in common
            done(failure(url, why))

    def run(_reactor: object) -> Deferred[list[None]]:
        return gatherResults(
            [free.run(lambda url: Deferred.fromCoroutine(one(url)), url) for url in urls]
        )

    try:
        react(run)
    except SystemExit as end:  # how `react` returns
        if end.code:
            raise


def late(_cancelled: object, seconds: float) -> bytes:
    """Agent wraps the cancelling in an error of its own; say what it was."""
    raise TimeoutError(f"timed out after {seconds:g} s")


if __name__ == "__main__":
    main(fetch)
