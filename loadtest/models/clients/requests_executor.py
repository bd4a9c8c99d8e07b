"""requests, which blocks, from asyncio, which must not: each call goes to a thread."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import requests

from loadtest.models.clients.pages import Done, Outcome, failure, main

# A session keeps its connections open, and is not to be shared between threads.
mine = threading.local()


def fetch(urls: Sequence[str], at_once: int, timeout_seconds: float, done: Done) -> None:
    asyncio.run(fetch_all(urls, at_once, timeout_seconds, done))


async def fetch_all(urls: Sequence[str], at_once: int, timeout_seconds: float, done: Done) -> None:
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(at_once) as pool:
        calls = [loop.run_in_executor(pool, fetch_one, url, timeout_seconds) for url in urls]
        for outcome in asyncio.as_completed(calls):
            done(await outcome)


def fetch_one(url: str, timeout_seconds: float) -> Outcome:
    if not hasattr(mine, "session"):
        mine.session = requests.Session()
    try:
        answer = mine.session.get(url, timeout=timeout_seconds)
        answer.raise_for_status()
        return Outcome(url, answer.content)
    except requests.RequestException as why:
        return failure(url, why)


if __name__ == "__main__":
    main(fetch)
