"""An asyncio Protocol on uvloop: callbacks instead of coroutines, so no task per client.

The fastest Python can do here, and the price is that a conversation of several steps has
to be written as a state machine.
"""

import asyncio
from typing import cast

import uvloop

from loadtest.models.entry import BACKLOG, HOST, Reply, Served, served


class Echo(asyncio.Protocol):
    def __init__(self, reply: Reply) -> None:
        self.reply = reply

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's own class, not derived from asyncio.Transport, with the same methods.
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.transport.write(self.reply(data))

    # A client that does not read its answers is not read from either, or its answers
    # would pile up in this process.
    def pause_writing(self) -> None:
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        self.transport.resume_reading()


async def serve(model: Served) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Echo(model.reply), HOST, model.port, backlog=BACKLOG)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(served()))
