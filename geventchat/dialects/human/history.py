"""Commands that read back what was said."""

from __future__ import annotations

from geventchat.chat.history import PRIVATE_LINES, HistoryQuery, HistoryRange
from geventchat.chat.names import fold
from geventchat.chat.search import SearchQuery
from geventchat.dialects.base import ROWS_A_SLICE, Pause, Steps
from geventchat.dialects.history import FORMS, wanted
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.encoder import dated
from geventchat.dialects.human.search import page
from geventchat.dialects.human.table import READING, Table
from geventchat.dialects.questions import ReadHistory

COMMANDS = Table()


@COMMANDS.add(
    "/history [N or 2h] [#room]",
    "read earlier lines",
    READING,
    typed="/history 50",
    notes=(
        "/history 2h, /history since 14:00, /history yesterday, /history 2026-11-20:",
        "the last two hours, from that time on, that day. /history 50 #tea is of",
        "another room of yours, /history @bob of what you and bob wrote each other.",
        "/more goes on to earlier lines.",
    ),
)
def _history(client: Client, rest: str) -> Steps:
    config, look = client.config, client.look
    asked = wanted(rest.split(), client.now(), config.history_max_lines, look.zone)
    if asked.trouble:
        client.reply(f"{asked.trouble} Say {FORMS}.")
        return
    here = client.here
    where = f"@{asked.nick}" if asked.nick else fold(asked.room) or (here.key if here else "")
    if not asked.nick and where not in client.me.rooms:
        name = asked.room
        client.reply(f"You are not in {name}. /join {name}" if name else client.nowhere)
        return
    # The ends are excluded.
    within = HistoryRange(after_at=asked.since - 1, before_at=asked.until)
    yield from _page(client, where, within, asked.limit)


@COMMANDS.add("/more", "read still earlier ones, or find them", READING)
def _more(client: Client, rest: str) -> Steps:
    if isinstance(client.more, SearchQuery):
        yield from page(client, client.more)
        return
    where, before, limit = client.more or ("", 0, 0)
    if where[:1] != "@" and where not in client.me.rooms:
        client.reply("Nothing to go on from. /history or /search first.")
        return
    yield from _page(client, where, HistoryRange(before=before), limit)


def _page(client: Client, where: str, within: HistoryRange, limit: int) -> Steps:
    """The latest lines of that range, of a room (its key) or of a talk with `@nick`."""
    query = HistoryQuery(within, limit, latest=True, room=where)
    if where[:1] == "@":
        query = HistoryQuery(within, limit, True, "", fold(where[1:]), PRIVATE_LINES)
    found = yield ReadHistory(query)
    if not isinstance(found, list):
        client.reply(f"History cannot be read now: {found}.")
        return
    lines = [entry for entry in found if client.wants(entry)]
    if found:
        client.more = (where, found[0].number, limit)
    for start in range(0, len(lines), ROWS_A_SLICE):
        some = lines[start : start + ROWS_A_SLICE]
        client.write(*(line for entry in some for line in dated(entry, client.look)))
        yield Pause()
    count = "1 line" if len(lines) == 1 else f"{len(lines)} lines"
    if not found:
        count = "no lines" if within.before == HistoryRange().before else "no earlier lines"
    full = len(found) == limit
    client.write(f"-- {count}{', /more for earlier' if full else ''} --")
