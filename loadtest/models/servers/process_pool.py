"""The network in one thread, the work in a `ProcessPoolExecutor`.

What it is for: the answer takes real computing, and a process can do it on another core.
For an upper-casing echo each answer pays two pipes and two switches for nothing.
"""

import asyncio
import signal
import sys
from concurrent.futures import Executor, ProcessPoolExecutor

from loadtest.models.entry import BACKLOG, CHUNK_BYTES, HOST, Served, served

PROCESSES = 2


async def serve(model: Served, pool: Executor) -> None:
    loop = asyncio.get_running_loop()

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(CHUNK_BYTES):
                writer.write(await loop.run_in_executor(pool, model.reply, data))
                await writer.drain()
        except OSError:
            pass  # the client went away; nothing is owed to it
        finally:
            writer.close()

    server = await asyncio.start_server(client, HOST, model.port, backlog=BACKLOG)
    await server.serve_forever()


if __name__ == "__main__":
    # Leaving the `with` below ends the workers; dying of the signal would leave them behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ProcessPoolExecutor(PROCESSES) as workers:
        asyncio.run(serve(served(), workers))
