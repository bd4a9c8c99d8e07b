"""Searching what was said, and going on where a search ended."""

from __future__ import annotations

from geventchat.chat.names import fold
from geventchat.chat.search import Findings, SearchQuery
from geventchat.dialects.base import Pause, Steps
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.missed import told_later
from geventchat.dialects.human.table import READING, Table
from geventchat.dialects.questions import Search
from geventchat.dialects.search import USAGE, asked

COMMANDS = Table()
_LINES_A_SLICE = 50


@COMMANDS.add(
    "/search WORDS [from:nick]",
    "find what was said",
    READING,
    typed="/search lunch since:2d",
    notes=(
        "in:#tea, in:bob (what you two wrote each other) and since:2h narrow it too.",
        'Lines with all the words, the latest first; "in quotes" they stand together.',
        "Searched are your rooms and your private lines. /more shows earlier ones.",
    ),
)
def _search(client: Client, rest: str) -> Steps:
    config = client.config
    query, name, trouble = asked(
        rest, client.now(), config.search_max_words, config.search_max_lines
    )
    if trouble:
        client.reply(f"Not searched: {trouble}." if rest.strip() else f"Usage: /{USAGE}")
        return
    if name and fold(name) not in client.me.rooms:
        client.reply(f"You are not in {name}. /join {name}")
        return
    yield from page(client, query)


def page(client: Client, query: SearchQuery) -> Steps:
    """Show what is found, and remember where /more goes on."""
    found = yield Search(query)
    if not isinstance(found, Findings):
        client.reply(f"Not searched: {found}.")
        return
    within = query.within._replace(before=found.reached)
    client.more = query._replace(within=within) if found.reached else None
    entries = [entry for entry in found.entries if client.wants(entry)]
    for start in range(0, len(entries), _LINES_A_SLICE):
        some = entries[start : start + _LINES_A_SLICE]
        client.write(
            *(line for entry in some for line in told_later(entry, client.me, client.look))
        )
        yield Pause()
    count = f"{len(entries) or 'nothing'} found"
    if not found.reached:
        client.write(f"-- {count} --")
    elif len(found.entries) < query.limit:
        client.write(f"-- {count} so far: this takes long, /more goes on --")
    else:
        client.write(f"-- {count}, /more for earlier --")
