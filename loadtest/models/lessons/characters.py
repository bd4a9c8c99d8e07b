"""A TCP server that answers a word with the characters whose names contain it.

python -m loadtest.models.lessons.characters 9000     # then: nc 127.0.0.1 9000
snowman
"""

import argparse
import asyncio
import sys
import unicodedata

MOST = 20


def named(word: str) -> list[str]:
    """Up to twenty characters with the word in their names."""
    found: list[str] = []
    words = word.upper().split()
    for number in range(32, sys.maxunicode + 1) if words else ():
        name = unicodedata.name(chr(number), "")
        if name and all(part in name.split() for part in words):
            found.append(f"U+{number:04X} {chr(number)} {name}")
            if len(found) == MOST:
                break
    return found


async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while line := await reader.readline():
            # A third of a second of looking through a million names: not in the loop.
            found = await asyncio.to_thread(named, line.decode(errors="replace"))
            writer.write("".join(f"{one}\n" for one in found or ["nothing found"]).encode())
            await writer.drain()
    except (OSError, ValueError):
        pass  # The client went away, or its line is longer than the reader keeps.
    finally:
        writer.close()


async def serve(port: int) -> None:
    server = await asyncio.start_server(client, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    try:
        asyncio.run(serve(parser.parse_args().port))
    except KeyboardInterrupt:
        sys.exit(130)
