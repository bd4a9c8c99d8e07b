"""A reader and a writer task per client, and a queue per member between them.

The queue frees the sender from waiting for a slow member; unbounded, it also keeps every
line such a member never reads. Bounded, it has to drop one or close.
"""

import asyncio

from loadtest.models.entry import BACKLOG, HOST, Served, served

QUEUE_LINES = 1024
room: dict[asyncio.StreamWriter, asyncio.Queue[bytes]] = {}


async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    queue: asyncio.Queue[bytes] = asyncio.Queue(QUEUE_LINES)
    queue.put_nowait(b"joined\n")
    room[writer] = queue
    sender = asyncio.create_task(send_queued(writer, queue))
    try:
        while line := await reader.readline():
            tell_others(writer, line)
    except OSError:
        pass  # the client went away; nothing is owed to it
    finally:
        room.pop(writer, None)
        sender.cancel()
        writer.close()


async def send_queued(writer: asyncio.StreamWriter, queue: asyncio.Queue[bytes]) -> None:
    while True:
        writer.write(await queue.get())
        await writer.drain()


def tell_others(author: asyncio.StreamWriter, line: bytes) -> None:
    for writer, queue in list(room.items()):
        if writer is not author:
            if queue.full():
                writer.close()  # it does not read; the room goes on without it
            else:
                queue.put_nowait(line)


async def serve(model: Served) -> None:
    server = await asyncio.start_server(client, HOST, model.port, backlog=BACKLOG)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(served()))
