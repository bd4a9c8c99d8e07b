"""Redis from blocking code: a pool of connections, a hash written and read.

redis-server --port 6379 --save ""
python -m loadtest.models.databases.redis_hash redis://127.0.0.1:6379/0
"""

import argparse
import sys

import redis

TIMEOUT_SECONDS = 2.0


def main(url: str, key: str) -> None:
    # Without timeouts of its own a client waits as long as its library likes; say how long.
    pool = redis.ConnectionPool.from_url(
        url,
        decode_responses=True,
        max_connections=10,
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
    )
    # A client takes a connection out of the pool for each command, and puts it back.
    with redis.Redis(connection_pool=pool) as database:
        database.hset(key, mapping={"name": "Ann", "lines": 1})
        database.hincrby(key, "lines", 41)
        print(key, "is", database.hgetall(key))
        database.delete(key)
    pool.disconnect()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("url", nargs="?", default="redis://127.0.0.1:6379/0")
    parser.add_argument("--key", default="lesson:ann", help="written, read and deleted")
    given = parser.parse_args()
    try:
        main(given.url, given.key)
    except redis.RedisError as why:
        sys.exit(f"{given.url}: {why}")
