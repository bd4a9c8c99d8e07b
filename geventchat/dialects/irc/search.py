"""SEARCH: `soju.im/search`, the search that IRC clients have (doc/ext/search.md of soju).

The batch has the latest lines that were found, in the order in which they were said. What
is found under `after` are the latest too: whoever wants the first reads from there.
"""

from __future__ import annotations

from dataclasses import replace

from geventchat.chat.events import Entry, Said
from geventchat.chat.history import HistoryRange
from geventchat.chat.names import fold, is_nick
from geventchat.chat.search import Findings, SearchQuery
from geventchat.dialects.base import ROWS_A_SLICE, Pause, Steps
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.markers import moment
from geventchat.dialects.irc.syntax import Message, number, parse_tags
from geventchat.dialects.irc.table import Table
from geventchat.dialects.questions import Search
from geventchat.dialects.search import sought

COMMANDS = Table()


class Bad(Exception):
    """An attribute that says nothing, by its name, and why."""


@COMMANDS.add(
    "SEARCH text=...;in=...;from=...;after=...;before=...;limit=...: find what was said",
    needs=1,
    capability="soju.im/search",
)
def _search(client: Client, message: Message) -> Steps:
    attributes = parse_tags(" ".join(message.params))
    try:
        query = _query(client, attributes)
    except Bad as error:
        name, why = error.args
        client.fail("SEARCH", "INVALID_PARAMS", name, why)
        return
    found = yield Search(query)
    if not isinstance(found, Findings):
        client.fail("SEARCH", "INTERNAL_ERROR", f"The search could not be run: {found}")
        return
    lines: list[str] = []
    for nth, entry in enumerate(reversed(found.entries), 1):
        lines += _shown(client, entry)
        if nth % ROWS_A_SLICE == 0:
            yield Pause()
    client.unit(client.batched("soju.im/search", [], lines))


def _query(client: Client, attributes: dict[str, str]) -> SearchQuery:
    """What the attributes ask for. Raises `Bad`."""
    config = client.config
    limit = config.search_max_lines
    if "limit" in attributes:
        asked = number(attributes["limit"])
        if not asked:
            raise Bad("limit", "Not a limit")
        limit = min(asked, config.history_max_lines)
    bounded = not attributes.keys().isdisjoint(("from", "in", "after", "before"))
    text = attributes.get("text", "")
    query, trouble = sought(text, config.search_max_words, limit, bounded)
    if trouble:
        raise Bad("text", trouble[0].upper() + trouble[1:])
    room, peer = _target(client, attributes.get("in", ""))
    # Both moments belong to what is searched.
    after = _moment(attributes, "after", 0) - 1
    before = _moment(attributes, "before", HistoryRange().before_at - 1) + 1
    author = fold(attributes.get("from", ""))
    within = HistoryRange(after_at=after, before_at=before)
    return query._replace(author=author, room=room, peer=peer, within=within)


def _target(client: Client, name: str) -> tuple[str, str]:
    """The keys of the room and of the nick in which is to be searched; one of them at most."""
    key = fold(name)
    if name[:1] == "#":
        if key not in client.me.rooms:
            raise Bad("in", "There is nothing for you to read")
        return key, ""
    if name and not is_nick(name, client.config.nick_max_chars):
        raise Bad("in", "Neither a channel nor a nick")
    return "", key


def _moment(attributes: dict[str, str], name: str, otherwise: int) -> int:
    try:
        return moment(attributes[name]) if name in attributes else otherwise
    except ValueError:
        raise Bad(name, "Not a timestamp") from None


def _shown(client: Client, entry: Entry) -> list[str]:
    """A line that was found; rooms are spelt as they are known now."""
    event = entry.event
    if isinstance(event, Said):
        room = client.state.room(event.room)
        if room is not None:
            entry = entry._replace(event=replace(event, room=room.name))
    return client.encoder.encode(entry)
