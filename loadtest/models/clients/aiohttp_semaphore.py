"""aiohttp: a task per page, a semaphore that lets K of them work, results as they come."""

import asyncio
from collections.abc import Sequence

import aiohttp

from loadtest.models.clients.pages import Done, Outcome, failure, main


def fetch(urls: Sequence[str], at_once: int, timeout_seconds: float, done: Done) -> None:
    asyncio.run(fetch_all(urls, at_once, timeout_seconds, done))


async def fetch_all(urls: Sequence[str], at_once: int, timeout_seconds: float, done: Done) -> None:
    free = asyncio.Semaphore(at_once)
    timeout = aiohttp.ClientTimeout(total=timeout_seconds)
    async with aiohttp.ClientSession(timeout=timeout, raise_for_status=True) as session:

        async def fetch_one(url: str) -> Outcome:
            async with free:
                try:
                    async with session.get(url) as answer:
                        return Outcome(url, await answer.read())
                except (aiohttp.ClientError, TimeoutError) as why:
                    return failure(url, why)

        for outcome in asyncio.as_completed([fetch_one(url) for url in urls]):
            done(await outcome)


if __name__ == "__main__":
    main(fetch)
