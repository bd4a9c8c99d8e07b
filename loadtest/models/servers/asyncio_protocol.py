"""An asyncio Protocol: the loop calls back with what came, and no task waits for it.

Faster than streams, and a conversation of several steps becomes a state machine.
"""

import asyncio

from loadtest.models.entry import BACKLOG, HOST, Reply, Served, served


class Echo(asyncio.Protocol):
    def __init__(self, reply: Reply) -> None:
        self.reply = reply

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

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
    asyncio.run(serve(served()))
