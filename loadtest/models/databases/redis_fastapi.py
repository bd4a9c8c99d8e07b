"""FastAPI with a pool of Redis connections: made at the start, lent to each request.

redis-server --port 6379 --save ""
python -m loadtest.models.databases.redis_fastapi 8000       # then:
curl -X PUT 'http://127.0.0.1:8000/people/ann?city=Bonn'; curl http://127.0.0.1:8000/people/ann
"""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import redis.asyncio
import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Request
from redis import RedisError

HOST = "127.0.0.1"
TIMEOUT_SECONDS = 2.0
CONNECTIONS = 10


def application(url: str) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # The eleventh request at a time waits for a connection; it is not refused.
        pool = redis.asyncio.BlockingConnectionPool.from_url(
            url,
            decode_responses=True,
            max_connections=CONNECTIONS,
            timeout=TIMEOUT_SECONDS,
            socket_timeout=TIMEOUT_SECONDS,
        )
        app.state.database = redis.asyncio.Redis(connection_pool=pool)
        yield
        await app.state.database.aclose()
        await pool.aclose()

    app = FastAPI(lifespan=lifespan)
    app.get("/")(hello)
    app.get("/slow")(slow)
    app.put("/people/{name}")(write)
    app.get("/people/{name}")(read)
    return app


async def database(request: Request) -> redis.asyncio.Redis:
    found: redis.asyncio.Redis = request.app.state.database
    return found


Database = Annotated[redis.asyncio.Redis, Depends(database)]


def hello() -> dict[str, str]:
    """A plain `def` may block: FastAPI runs it in a pool of threads."""
    return {"hello": "world"}


async def slow(seconds: float = 3.0) -> dict[str, float]:
    """An `async def` runs in the loop, and must only await."""
    await asyncio.sleep(min(seconds, 3.0))
    return {"waited": seconds}


async def write(name: str, city: str, people: Database) -> dict[str, str]:
    try:
        await people.hset(f"people:{name}", mapping={"city": city})
    except RedisError as why:
        raise HTTPException(503, f"no database: {why}") from why
    return {"name": name, "city": city}


async def read(name: str, people: Database) -> dict[str, str]:
    try:
        found: dict[str, str] = await people.hgetall(f"people:{name}")
    except RedisError as why:
        raise HTTPException(503, f"no database: {why}") from why
    if not found:
        raise HTTPException(404, f"nobody is called {name}")
    return {"name": name, **found}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("port", type=int)
    parser.add_argument("--redis", default="redis://127.0.0.1:6379/0", metavar="URL")
    given = parser.parse_args()
    uvicorn.run(application(given.redis), host=HOST, port=given.port, log_level="warning")
