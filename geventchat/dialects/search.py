"""What to search for, as people ask for it in words: `deploy "last night" from:bob since:2d`."""

from __future__ import annotations

import re
from typing import NamedTuple

from geventchat.chat.history import HistoryRange
from geventchat.chat.names import fold
from geventchat.chat.search import SearchQuery
from geventchat.chat.terms import phrases_in
from geventchat.dialects.history import wanted

USAGE = "search WORDS [from:nick] [in:#room] [since:2d]"
# Beside the words, in any place. What stands in quotes is sought as it is.
_OPTION = re.compile(r'(?<!\S)(from|in|since):([^\s"]*)', re.IGNORECASE)


class Asked(NamedTuple):
    """What is to be searched, or why it cannot be; `name` is the room's as it was typed."""

    query: SearchQuery
    name: str = ""
    trouble: str = ""


def asked(text: str, now: int, words_max: int, limit: int) -> Asked:
    """What a text asks for at a moment (milliseconds since 1970)."""
    parts = text.split('"')
    options: dict[str, str] = {}
    for nth in range(0, len(parts), 2):
        options |= {found[1].lower(): found[2] for found in _OPTION.finditer(parts[nth])}
        parts[nth] = _OPTION.sub(" ", parts[nth])
    words = '"'.join(parts)
    query, trouble = sought(words, words_max, limit, "from" in options)
    if not trouble:
        trouble = next(
            (f"{name}: names nothing" for name, value in options.items() if not value), ""
        )
    where, since = options.get("in", ""), 0
    if "since" in options and not trouble:
        span = wanted([options["since"]], now, 1)
        if span.trouble or not span.since:
            trouble = "since: takes a span of time, as 30m, 2h or 5d"
        else:
            since = span.since
    author, within = fold(options.get("from", "")), HistoryRange(after_at=since - 1)
    query = query._replace(author=author, within=within)
    if where[:1] == "#":
        return Asked(query._replace(room=fold(where)), where, trouble)
    # As `/history @bob` has it.
    return Asked(query._replace(peer=fold(where.removeprefix("@"))), "", trouble)


def sought(text: str, words_max: int, limit: int, otherwise: bool) -> tuple[SearchQuery, str]:
    """A query for some words, and why it is none; without words if it is bounded `otherwise`."""
    phrases = phrases_in(text)
    query = SearchQuery(phrases, limit=limit)
    if sum(map(len, phrases)) > words_max:
        return query, f"that is too long: search for {words_max} words at most"
    if phrases or (otherwise and not text.strip(' "')):
        return query, ""
    if text.strip(' "'):
        return query, "there is no word, number or symbol in that"
    return query, "it takes words"
