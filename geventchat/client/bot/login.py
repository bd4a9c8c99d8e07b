"""The way in past a server's password, before there is a chat."""

import asyncio

from geventchat.client.bot.errors import Disconnected, Refused
from geventchat.client.bot.lines import text_of

# Telnet's "no operation": a person's terminal may send it, so the server answers at once.
_KNOCK = b"\xff\xf1"
PASSWORD_WANTED = "This server has a password."
_WRONG = "Wrong password."


async def log_in(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, password: str
) -> bytes:
    """Give the password if the server asks for one; return the welcome, which was read by then.

    Never before it asks: to a server without a password it would be a line like any other.
    Raises Refused when the password is wrong.
    """
    try:
        writer.write(_KNOCK)
        line = await reader.readuntil(b"\n")
        if _told(line) != PASSWORD_WANTED:
            return line
        writer.write(f"{password}\r\n".encode())
        await reader.readuntil(b"\n")  # The prompt, and the end of the line behind it.
        line = await reader.readuntil(b"\n")
    except (OSError, asyncio.IncompleteReadError) as why:
        raise Disconnected("the server closed the connection") from why
    if _told(line) == _WRONG:
        raise Refused(_WRONG)
    return line


def _told(line: bytes) -> str:
    return text_of(line).strip().removeprefix("-> ")
