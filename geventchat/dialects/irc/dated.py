"""Lines of the past as words, for clients that would take them to be said now.

From the server's name as notices: programs do not obey those, and nobody is rung for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from geventchat.chat.events import Entry, Form, Said, Told
from geventchat.dialects.irc.encoder import LINE_MAX_BYTES
from geventchat.dialects.irc.pieces import split


def dated(entry: Entry, where: bool = False) -> list[str]:
    """A line with its time (UTC) and its author, and `where` it was said if that is wanted.

    Nothing for programs' requests.
    """
    event = entry.event
    if not isinstance(event, Said | Told) or event.text[:1] == "\x01":
        return []
    moment = datetime.fromtimestamp(entry.at // 1000, UTC)
    who = {Form.ACTION: f"* {event.by.nick}", Form.NOTICE: f"-{event.by.nick}-"}
    place = f"{event.room if isinstance(event, Said) else f'to {event.nick}'} " if where else ""
    start = f"[{moment:%Y-%m-%d %H:%M}] {place}{who.get(event.form, f'<{event.by.nick}>')}"
    return [f"{start} {text}" for text in event.text.split("\n")]


def notices(source: str, target: str, texts: list[str]) -> Iterator[str]:
    """Texts as notices from the server, none cut: what is too long for a line becomes several."""
    return beginning(f":{source} NOTICE {target} :", texts)


def beginning(start: str, texts: list[str]) -> Iterator[str]:
    """Texts as lines with that beginning, none cut."""
    for text in texts:
        for piece, _ in split(text, LINE_MAX_BYTES - 2 - len(start.encode())):
            yield start + piece
