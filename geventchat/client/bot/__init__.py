"""A chat client for asyncio programs: bots, bridges, monitors.

    async with connect("localhost:8080", nick="bot") as chat:
        async for line in chat.room("#lobby"):
            if isinstance(line, Line) and line.text == "!ping":
                await chat.say("#lobby", f"{line.nick}: pong")

`say` returns a future. Awaited, it says that the line is in the room and, where the server
keeps one, in the history; it raises Refused with the server's words when it is not. Lines
that were said before the bot came are not delivered to it.

Standard library only.
"""

from geventchat.client.bot.chat import Chat, connect
from geventchat.client.bot.errors import ChatError, Disconnected, Refused
from geventchat.client.bot.lines import Form, Gap, Line

__all__ = [
    "Chat",
    "ChatError",
    "Disconnected",
    "Form",
    "Gap",
    "Line",
    "Refused",
    "connect",
]
