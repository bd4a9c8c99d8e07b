"""aiohttp's own server: handlers are coroutines on one asyncio loop."""

import asyncio

from aiohttp import web

from loadtest.models.entry import BACKLOG, HOST, served
from loadtest.models.http.pages import MISSING, SLOW, SLOW_SECONDS, document


async def page(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name == MISSING:
        raise web.HTTPNotFound
    if name == SLOW:
        await asyncio.sleep(SLOW_SECONDS)
    return web.json_response(document(name))


def application() -> web.Application:
    app = web.Application()
    app.router.add_get("/{name}", page)
    return app


if __name__ == "__main__":
    web.run_app(application(), host=HOST, port=served().port, backlog=BACKLOG, print=None)
