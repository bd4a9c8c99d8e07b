"""Two Redis databases at the same time, with asyncio: while one answers, the other works.

redis-server --port 6379 --save ""
python -m loadtest.models.databases.redis_pair redis://127.0.0.1:6379/0 redis://127.0.0.1:6379/1
"""

import argparse
import asyncio
import sys

import redis.asyncio
from redis import RedisError

TIMEOUT_SECONDS = 2.0


async def visit(url: str, key: str) -> str:
    """Each visit prints what it does, so that the turns can be seen."""
    database = redis.asyncio.from_url(url, decode_responses=True, socket_timeout=TIMEOUT_SECONDS)
    async with database:
        print("writing to", url)
        await database.hset(key, mapping={"where": url, "lines": 1})
        print("reading from", url)
        found = await database.hgetall(key)
        await database.delete(key)
        return f"{url} had {found}"


async def main(urls: list[str], key: str) -> None:
    for told in await asyncio.gather(*(visit(url, key) for url in urls)):
        print(told)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("urls", nargs="*", metavar="URL", help="two of them, or more")
    parser.add_argument("--key", default="lesson:pair", help="written, read and deleted")
    given = parser.parse_args()
    urls = given.urls or [f"redis://127.0.0.1:6379/{number}" for number in (0, 1)]
    try:
        asyncio.run(main(urls, given.key))
    except RedisError as why:
        sys.exit(f"redis: {why}")
