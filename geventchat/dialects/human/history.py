"""Commands that read back what was said."""

from __future__ import annotations

from geventchat.chat.names import fold
from geventchat.chat.search import SearchQuery
from geventchat.dialects.base import ROWS_A_SLICE, Pause, Steps
from geventchat.dialects.history import wanted
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.encoder import dated
from geventchat.dialects.human.search import page
from geventchat.dialects.human.table import READING, Table
from geventchat.dialects.questions import ReadLines

COMMANDS = Table()


@COMMANDS.add(
    "/history [N or 2h] [#room]",
    "read earlier lines",
    READING,
    typed="/history 50",
    notes=("/history 2h shows the last two hours, /history 50 #tea another room of yours.",),
)
def _history(client: Client, rest: str) -> Steps:
    asked = wanted(rest.split(), client.now(), client.config.history_max_lines)
    if asked is None:
        client.reply("Usage: /history [N or 2h] [#room]")
        return
    limit, since, room_name = asked
    key = fold(room_name) or (client.here.key if client.here else "")
    if key not in client.me.rooms:
        client.reply(f"You are not in {room_name}. /join {room_name}" if key else client.nowhere)
        return
    yield from _page(client, key, None, limit, since)


@COMMANDS.add("/more", "read still earlier ones, or find them", READING)
def _more(client: Client, rest: str) -> Steps:
    if isinstance(client.more, SearchQuery):
        yield from page(client, client.more)
        return
    if client.more is None or client.more[0] not in client.me.rooms:
        client.reply("Nothing to go on from. /history or /search first.")
        return
    yield from _page(client, *client.more, since=0)


def _page(client: Client, key: str, before: int | None, limit: int, since: int) -> Steps:
    found = yield ReadLines(key, before, limit)
    if not isinstance(found, list):
        client.reply(f"History cannot be read now: {found}.")
        return
    lines = [entry for entry in found if entry.at >= since and client.wants(entry)]
    if found:
        client.more = (key, (lines or found)[0].number, limit)
    for start in range(0, len(lines), ROWS_A_SLICE):
        some = lines[start : start + ROWS_A_SLICE]
        client.write(*(line for entry in some for line in dated(entry, client.look)))
        yield Pause()
    count = "1 line" if len(lines) == 1 else f"{len(lines)} lines"
    if not found:
        count = "no lines" if before is None else "no earlier lines"
    full = len(found) == limit
    client.write(f"-- {count}{', /more for earlier' if full else ''} --")
