"""A bot that is stopped while its line is under way, as by Ctrl-C."""

from __future__ import annotations

import gc

import pytest

from geventchat.client.bot import Chat
from tests.client.bot.test_chat import Server, run


def test_a_line_that_nobody_waits_for_any_more_fails_in_silence(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def script(server: Server) -> None:
        await server.greets()
        await server.hears("/quit")

    async def bot(chat: Chat) -> None:
        chat.say("#lobby", "hello").cancel()

    run(script, bot)
    gc.collect()  # asyncio tells of an exception that nobody asked for when it goes.
    assert caplog.records == []
