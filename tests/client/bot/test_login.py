"""The way in past a password: never given unasked, and told when it is wrong."""

import asyncio

import pytest

from geventchat.client.bot import Disconnected, Refused, connect
from tests.client.bot.test_chat import WELCOME, Script, Server, talk

KNOCK = b"\xff\xf1"
ASKED = b"\xff\xfb\x01\xff\xfd\x00\r-> This server has a password.\r\nPassword: "


def enter(script: Script, password: str = "secret") -> str:
    """Come in and go; the room the bot talked in. What the script did not hear fails."""

    async def conversation() -> str:
        async with talk(script) as address, connect(address, "bot", password=password) as chat:
            return chat._parser.current

    return asyncio.run(conversation())


async def knocked(server: Server) -> None:
    assert await server.reader.readexactly(len(KNOCK)) == KNOCK


def test_it_is_given_where_it_is_asked_for() -> None:
    async def script(server: Server) -> None:
        await knocked(server)
        server.writer.write(ASKED)
        await server.hears("secret")
        server.writer.write(b"\r\n" + WELCOME)
        await server.hears("/nick bot", "/ping")
        server.says("*** guest1 is now known as bot.", "-> pong")
        await server.hears("/quit")

    assert enter(script) == "#lobby"


def test_it_is_not_said_where_there_is_none() -> None:
    async def script(server: Server) -> None:
        await knocked(server)
        server.writer.write(WELCOME)
        await server.hears("/nick bot", "/ping")
        server.says("*** guest1 is now known as bot.", "-> pong")
        await server.hears("/quit")

    assert enter(script) == "#lobby"


def test_a_wrong_one() -> None:
    async def script(server: Server) -> None:
        await knocked(server)
        server.writer.write(ASKED)
        await server.hears("secret")
        server.writer.write(b"\r\n-> Wrong password.\r\nPassword: ")
        assert await server.reader.read() == b""

    with pytest.raises(Refused, match=r"^Wrong password\.$"):
        enter(script)


def test_none_where_one_is_wanted() -> None:
    async def script(server: Server) -> None:
        await server.hears("/nick bot", "/ping")
        server.writer.write(ASKED)
        await server.reader.read()

    with pytest.raises(Refused, match=r"^This server has a password\.$"):
        enter(script, password="")


def test_a_server_that_hangs_up() -> None:
    async def script(server: Server) -> None:
        await knocked(server)

    with pytest.raises(Disconnected):
        enter(script)


def test_a_password_is_one_line() -> None:
    async def conversation() -> None:
        async with connect("127.0.0.1:1", password="two\nlines"):
            pass

    with pytest.raises(ValueError, match="one line"):
        asyncio.run(conversation())
