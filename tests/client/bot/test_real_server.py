"""A bot in the real server, started as a process."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from geventchat.client.bot import Chat, Line, Refused, connect
from loadtest.compare.child import Child, free_port, running
from loadtest.compare.cores import pick
from loadtest.compare.targets import geventchat


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Child]:
    home: Path = tmp_path_factory.mktemp("server")
    port = free_port()
    target = geventchat("geventchat", "chat", durable=True)
    command = target.command(port, home)
    with running(command, port, pick(), target.home or home, home / "stderr") as child:
        yield child


async def answer_one_ping(chat: Chat, room: str, listening: asyncio.Event) -> Line:
    lines = chat.room(room)
    first = asyncio.ensure_future(anext(aiter(lines)))
    await chat.join(room)
    listening.set()
    line = await first
    assert isinstance(line, Line)
    await chat.say(line.room, f"{line.nick}: pong")
    return line


def test_a_bot_answers_in_its_room(server: Child) -> None:
    address = f"127.0.0.1:{server.port}"

    async def conversation() -> None:
        async with connect(address, nick="bot") as bot, connect(address, nick="ann") as ann:
            listening = asyncio.Event()
            answering = asyncio.create_task(answer_one_ping(bot, "#dev", listening))
            await listening.wait()
            await ann.join("#dev")
            hears = asyncio.ensure_future(anext(aiter(ann.room("#dev"))))
            await asyncio.sleep(0)
            await ann.say("#dev", "!ping")
            asked, answered = await answering, await hears
            assert (asked.room, asked.nick, asked.text) == ("#dev", "ann", "!ping")
            assert isinstance(answered, Line)
            assert (answered.room, answered.nick, answered.text) == ("#dev", "bot", "ann: pong")
            await asyncio.gather(*(ann.say("#dev", f"line {number}") for number in range(50)))
            with pytest.raises(Refused, match="Line too long"):
                await ann.say("#dev", "x" * 5000)
            with pytest.raises(Refused, match="not in #nowhere"):
                await ann.say("#nowhere", "x")

    asyncio.run(asyncio.wait_for(conversation(), 20))


def test_a_nick_in_use_is_refused(server: Child) -> None:
    address = f"127.0.0.1:{server.port}"

    async def conversation() -> None:
        async with connect(address, nick="one"):
            with pytest.raises(Refused, match="one is in use"):
                async with connect(address, nick="one"):
                    raise AssertionError("entered")

    asyncio.run(asyncio.wait_for(conversation(), 20))
