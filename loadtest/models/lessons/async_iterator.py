"""What stands behind `async for` and `async with`, by hand and then the short way."""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType

LINES = 99


class Lines:
    """`async for` calls `__aiter__` once and awaits `__anext__` until StopAsyncIteration."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self.reader = reader

    def __aiter__(self) -> "Lines":
        return self

    async def __anext__(self) -> str:
        line = await self.reader.readline()
        if not line:
            raise StopAsyncIteration
        return line.decode().rstrip()


class Connection:
    """`async with` awaits `__aenter__`, and `__aexit__` in any case: also after an error."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def __aenter__(self) -> Lines:
        reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return Lines(reader)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.writer.close()
        await self.writer.wait_closed()


@asynccontextmanager
async def connection(port: int) -> AsyncIterator[AsyncIterator[str]]:
    """Both again as generators: what is above the `yield` enters, what is below leaves."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield lines(reader)
    finally:
        writer.close()
        await writer.wait_closed()


async def lines(reader: asyncio.StreamReader) -> AsyncIterator[str]:
    while line := await reader.readline():
        yield line.decode().rstrip()


async def say_lines(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for number in range(1, LINES + 1):
        writer.write(b"line %d\n" % number)
        await writer.drain()
    writer.close()


async def main() -> None:
    server = await asyncio.start_server(say_lines, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    async with server:
        async with Connection(port) as by_hand:
            heard = [line async for line in by_hand]
        print(f"by hand: {len(heard)} lines, from {heard[0]!r} to {heard[-1]!r}")
        async with connection(port) as short:
            heard = [line async for line in short]
        print(f"as generators: {len(heard)} lines, from {heard[0]!r} to {heard[-1]!r}")


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    asyncio.run(main())
