"""Processes times coroutines: a process per core, each with a loop for its own share of clients.

All accept from one listening socket, and the kernel gives each connection to one of them.
For threads besides, `run_in_executor` in any of them. They share no memory.
"""

import asyncio
import os
import socket

from loadtest.models.entry import BACKLOG, CHUNK_BYTES, HOST, Served, served
from loadtest.models.servers.pre_forked import run_workers

# Two on a machine with one core, too: this is about more than one.
PROCESSES = max(2, os.cpu_count() or 1)


def serve(model: Served) -> None:
    with socket.create_server((HOST, model.port), backlog=BACKLOG) as listener:
        # No loop and no thread exists yet: neither would come through a fork in one piece.
        run_workers(PROCESSES, lambda: asyncio.run(serve_share(listener, model)))


async def serve_share(listener: socket.socket, model: Served) -> None:
    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(CHUNK_BYTES):
                writer.write(model.reply(data))
                await writer.drain()
        except OSError:
            pass  # the client went away; nothing is owed to it
        finally:
            writer.close()

    server = await asyncio.start_server(client, sock=listener, backlog=BACKLOG)
    await server.serve_forever()


if __name__ == "__main__":
    serve(served())
