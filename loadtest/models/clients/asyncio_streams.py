"""HTTP by hand on asyncio streams: K workers take addresses from one iterator."""

import asyncio
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from loadtest.models.clients.pages import (
    BadAnswer,
    Done,
    Outcome,
    body_of,
    failure,
    main,
    request,
)


def fetch(urls: Sequence[str], at_once: int, timeout_seconds: float, done: Done) -> None:
    asyncio.run(fetch_all(iter(urls), at_once, timeout_seconds, done))


async def fetch_all(urls: Iterator[str], at_once: int, timeout_seconds: float, done: Done) -> None:
    async def worker() -> None:
        for url in urls:
            try:
                async with asyncio.timeout(timeout_seconds):
                    done(Outcome(url, await fetch_one(url)))
            except (OSError, BadAnswer) as why:
                done(failure(url, why))

    await asyncio.gather(*(worker() for _ in range(at_once)))


async def fetch_one(url: str) -> bytes:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
    try:
        writer.write(request(parts.path, parts.netloc))
        return body_of(await reader.read())
    finally:
        writer.close()


if __name__ == "__main__":
    main(fetch)
