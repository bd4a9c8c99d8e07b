"""asyncio streams: a coroutine per client; `await` marks every place where others may run."""

import asyncio

from loadtest.models.entry import BACKLOG, CHUNK_BYTES, HOST, Served, served


async def serve(model: Served) -> None:
    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(CHUNK_BYTES):
                writer.write(model.reply(data))
                await writer.drain()
        except OSError:
            pass  # the client went away; nothing is owed to it
        finally:
            writer.close()

    server = await asyncio.start_server(client, HOST, model.port, backlog=BACKLOG)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(served()))
