"""Conversations of a bot with a server that says what the test tells it to say."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from geventchat.client.bot import Chat, Disconnected, Gap, Line, Refused, connect
from geventchat.client.bot.feed import Feed

WELCOME = (
    b"\xff\xfd\x00\r"
    b"Welcome to test. You are guest1 in #lobby (2 here). /nick NAME to choose a name.\r\n"
    b"[11:59] <old> said before\r\n-- end of history --\r\n"
)


class Server:
    """One connection. Expects lines in order, byte for byte, and says what it is given."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def hears(self, *lines: str) -> None:
        for line in lines:
            assert (await self.reader.readline()).decode() == line + "\r\n"

    def says(self, *lines: str) -> None:
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())

    async def greets(self, nick: str = "bot") -> None:
        await self.hears(f"/nick {nick}", "/ping")
        self.writer.write(WELCOME)
        self.says(f"*** guest1 is now known as {nick}.", "-> pong")


Script = Callable[[Server], Awaitable[None]]


@asynccontextmanager
async def talk(script: Script) -> AsyncIterator[str]:
    """Serve the script to one client; what failed in it fails the test."""
    ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await script(Server(reader, writer))
            ended.set_result(None)
        except asyncio.CancelledError:
            ended.cancel()  # the bot has failed already, and nobody asks for this any more
        except BaseException as why:
            ended.set_exception(why)
        finally:
            writer.close()

    server = await asyncio.start_server(client, "127.0.0.1", 0)
    async with server, asyncio.timeout(10):
        host, port = server.sockets[0].getsockname()
        yield f"{host}:{port}"
        await ended


def run(script: Script, bot: Callable[[Chat], Awaitable[None]]) -> None:
    async def conversation() -> None:
        async with talk(script) as address, connect(address, nick="bot") as chat:
            await bot(chat)

    asyncio.run(conversation())


def test_the_feed_has_what_is_said_from_now_on_and_what_was_skipped() -> None:
    async def script(server: Server) -> None:
        await server.greets()
        await server.hears("/join #lobby", "/ping")
        server.says("-> Talking in #lobby.", "-> pong", "[12:01] <ann> hello")
        server.says("[12:01] #dev <bob> elsewhere", "-- 37 lines skipped; /history 37 --")
        server.says("[12:02] <ann> bye")
        await server.hears("/quit")

    async def bot(chat: Chat) -> None:
        heard = []
        async for item in chat.room("#lobby"):
            heard.append(item)
            if isinstance(item, Line) and item.text == "bye":
                break
        assert heard == [
            Line("#lobby", "ann", "hello", "12:01"),
            Gap("#lobby", 37),
            Line("#lobby", "ann", "bye", "12:02"),
        ]

    run(script, bot)


def test_history_of_a_room_is_not_heard() -> None:
    async def script(server: Server) -> None:
        await server.greets()
        await server.hears("/join #dev", "/ping")
        server.says("-> You are in #dev: no topic (2 here: ann, bot)", "[11:00] <ann> old")
        server.says("-- end of history --", "-> pong", "[12:00] <ann> new")

    async def bot(chat: Chat) -> None:
        async for item in chat.room("#dev"):
            assert item == Line("#dev", "ann", "new", "12:00")
            break

    run(script, bot)


def test_a_line_is_acknowledged_by_the_answer_behind_it() -> None:
    async def script(server: Server) -> None:
        await server.greets()
        await server.hears("one", "/ping", "two", "/ping", "//three", "/ping")
        server.says("[12:01] <ann> pong", "-> pong")
        server.says("-> Slow down: line not sent, try again in 2 s.", "-> pong")
        server.says("-> pong")

    async def bot(chat: Chat) -> None:
        first, second, third = (chat.say("#lobby", text) for text in ("one", "two", "/three"))
        assert not first.done()
        await first
        with pytest.raises(Refused, match="Slow down: line not sent"):
            await second
        await third

    run(script, bot)


def test_a_line_for_another_room_waits_until_that_room_is_talked_in() -> None:
    async def script(server: Server) -> None:
        await server.greets()
        await server.hears("/switch #dev", "/ping")
        server.says("-> Talking in #dev.", "-> pong")
        await server.hears("there", "/ping")
        server.says("-> pong")
        await server.hears("/switch #nope", "/ping")
        server.says("-> You are not in #nope. /join #nope", "-> pong")
        await server.hears("still there", "/ping")  # and "lost" went nowhere
        server.says("-> pong")

    async def bot(chat: Chat) -> None:
        said = [
            chat.say(room, text)
            for room, text in (("#dev", "there"), ("#nope", "lost"), ("#DEV", "still there"))
        ]
        outcomes = await asyncio.gather(*said, return_exceptions=True)
        assert [str(one) for one in outcomes] == [
            "None",
            "You are not in #nope. /join #nope",
            "None",
        ]

    run(script, bot)


def test_commands_return_the_replies_and_hold_back_what_follows() -> None:
    async def script(server: Server) -> None:
        await server.greets()
        await server.hears("/names", "/ping")
        server.says("-> 2 in #lobby: ann, bot", "-> and nobody else", "-> pong")
        await server.hears("after", "/ping")
        server.says("-> pong")

    async def bot(chat: Chat) -> None:
        names = asyncio.create_task(chat.command("/names"))
        await asyncio.sleep(0)
        await chat.say("#lobby", "after")
        assert await names == ["2 in #lobby: ann, bot", "and nobody else"]

    run(script, bot)


def test_a_lost_connection_fails_what_waits_and_ends_the_feeds_with_the_reason() -> None:
    async def script(server: Server) -> None:
        await server.greets()
        await server.hears("/join #lobby", "/ping")
        server.says("-> Talking in #lobby.", "-> pong")
        await server.hears("hello", "/ping")
        server.says("-> The server is shutting down. Come back soon.")

    async def bot(chat: Chat) -> None:
        async def listen() -> None:
            async for _ in chat.room("#lobby"):
                pass

        listening = asyncio.create_task(listen())
        await asyncio.sleep(0.05)
        with pytest.raises(Disconnected, match="shutting down"):
            await chat.say("#lobby", "hello")
        with pytest.raises(Disconnected, match="shutting down"):
            await listening
        with pytest.raises(Disconnected):
            await chat.say("#lobby", "too late")

    run(script, bot)


def test_a_private_line_has_a_feed_of_its_own() -> None:
    async def script(server: Server) -> None:
        await server.greets()
        await server.hears("/away", "/ping")
        server.says("-> pong", "[PM from ann] psst")

    async def bot(chat: Chat) -> None:
        private = aiter(chat.private())
        first = asyncio.ensure_future(anext(private))
        await asyncio.sleep(0)
        assert await chat.command("/away") == []
        assert await first == Line("", "ann", "psst")

    run(script, bot)


@pytest.mark.parametrize("text", ["", "two\nlines", "a\rb", "a\0b"])
def test_what_is_not_one_line_is_not_sent(text: str) -> None:
    async def script(server: Server) -> None:
        await server.greets()
        await server.hears("/quit")

    async def bot(chat: Chat) -> None:
        with pytest.raises(ValueError, match="one line"):
            chat.say("#lobby", text)
        for command in ("names", "/names\n/quit", "/ping", "/pi"):
            with pytest.raises(ValueError, match=r"one line|ping already"):
                await chat.command(command)

    run(script, bot)


def test_a_nick_that_is_taken_is_refused() -> None:
    async def script(server: Server) -> None:
        await server.hears("/nick bot", "/ping")
        server.writer.write(WELCOME)
        server.says("-> bot is in use (online 3m).", "-> pong")

    async def bot(_chat: Chat) -> None:
        raise AssertionError("entered without its nick")

    with pytest.raises(Refused, match="in use"):
        run(script, bot)


def test_what_is_no_chat_server_is_told_in_time() -> None:
    async def script(server: Server) -> None:
        server.says("220 mail ready")
        await server.reader.read()

    async def conversation() -> None:
        async with talk(script) as address:
            with pytest.raises(Disconnected, match="does not answer"):
                async with connect(address, timeout_seconds=0.2):
                    raise AssertionError("entered")

    asyncio.run(conversation())


@pytest.mark.parametrize("address", ["", "host:port", "a:b:c", "host:99999999"])
def test_an_address_is_host_and_port(address: str) -> None:
    async def conversation() -> None:
        async with connect(address):
            raise AssertionError("entered")

    with pytest.raises(ValueError, match="is not host:port"):
        asyncio.run(conversation())


def test_a_feed_that_nobody_reads_is_bounded_and_says_what_went() -> None:
    async def conversation() -> None:
        feed = Feed("#lobby", kept_items=3)
        feed.put(Gap("#lobby", 5))
        for number in range(5):
            feed.put(Line("#lobby", "ann", str(number)))
        feed.end(None)
        items = [item async for item in feed]
        assert items[0] == Gap("#lobby", 5 + 2)
        assert [item.text for item in items[1:] if isinstance(item, Line)] == ["2", "3", "4"]

    asyncio.run(conversation())


def test_importing_it_brings_no_gevent_and_no_server() -> None:
    program = (
        "import sys; before = set(sys.modules); import geventchat.client.bot;"
        "new = sys.modules.keys() - before;"
        "print([m for m in new if m.split('.')[0] in ('gevent', 'greenlet', 'click')"
        " or m.startswith('geventchat.') and not m.startswith('geventchat.client')])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    assert ended.stdout.strip() == "[]"
