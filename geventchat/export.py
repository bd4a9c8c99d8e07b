"""What `geventchat history export` does: what was said, as lines of a file.

It reads beside the server, on a connection that cannot write, some lines at a time: neither
is the server held up, nor does an export of ten million lines take more memory than one of
ten. What is redacted while it runs may be left out or not; what was before is not in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from heapq import merge
from typing import NamedTuple

from geventchat.chat.events import Entry, Form, Said, Told
from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.chat.names import fold
from geventchat.chat.text import clean_for_terminal, lines_in
from geventchat.errors import NotDone
from geventchat.journal.database.reader import DatabaseReader

_LINES_A_READ = 1000
_EVENTS_A_READ = 5000


class Wanted(NamedTuple):
    """What is to be exported.

    room     all that was said there, or
    account  what an account said in rooms; with `private`, its private talk too
    since    milliseconds since 1970, the first that counts; and
    until    the first that does not
    """

    room: str = ""
    account: str = ""
    private: bool = False
    since: int = 0
    until: int = 1 << 62


def exported(reader: DatabaseReader, wanted: Wanted) -> Iterator[Entry]:
    """The lines that are wanted, in the order in which they were said."""
    after, before = reader.first_since(wanted.since) - 1, reader.first_since(wanted.until)
    if wanted.room:
        yield from _of_room(reader, fold(wanted.room), after, before)
    else:
        account = fold(wanted.account)
        said = _of_account(reader, account, after, before)
        told = _private(reader, account, after, before) if wanted.private else iter(())
        yield from merge(said, told)


def _of_room(reader: DatabaseReader, room: str, after: int, before: int) -> Iterator[Entry]:
    while True:
        within = HistoryRange(after, before)
        found = reader.history(HistoryQuery(within, _LINES_A_READ, False, room), "")
        if not found:
            return
        yield from found
        after = found[-1].number


def _of_account(reader: DatabaseReader, account: str, after: int, before: int) -> Iterator[Entry]:
    """No index leads to an account's words: all that was said is looked through."""
    while after + 1 < before:
        after, found = reader.said_by(account, after, before, _EVENTS_A_READ)
        yield from found


def _private(reader: DatabaseReader, owner: str, after: int, before: int) -> Iterator[Entry]:
    while found := reader.told(owner, after, before, _LINES_A_READ):
        yield from (entry for entry in found if isinstance(entry.event, Told))
        after = found[-1].number


def as_json(entry: Entry) -> str:
    """A line of JSON; times in UTC as ISO 8601 has them."""
    event = entry.event
    assert isinstance(event, Said | Told)
    where = {"room": event.room} if isinstance(event, Said) else {"to": event.nick}
    told = {
        "number": entry.number,
        "time": _time(entry.at, "milliseconds"),
        **where,
        "nick": event.by.nick,
        "account": event.by.account,
        "form": event.form.value,
        "text": "\n".join(lines_in(event.text, event.joined)),
    }
    # What a terminal could take for a command is escaped, and all else of that line with it.
    plain = f"{event.text}{event.by.nick}".replace("\n", "").isprintable()
    return json.dumps(told, ensure_ascii=not plain)


def as_text(entry: Entry) -> str:
    """Lines for people, with nothing in them that a terminal could take for a command."""
    event = entry.event
    assert isinstance(event, Said | Told)
    nick = event.by.nick
    to = "" if isinstance(event, Said) else f" -> {event.nick}:"
    start = f"* {nick}" if event.form is Form.ACTION else f"<{nick}>"
    moment = _time(entry.at, "seconds")
    lines = lines_in(event.text, event.joined)
    return "\n".join(clean_for_terminal(f"{moment}{to} {start} {line}") for line in lines)


def moment_of(text: str) -> int:
    """Milliseconds since 1970 of a date or a time in UTC. Raises `NotDone`."""
    try:
        moment = datetime.fromisoformat(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return int(aware.timestamp() * 1000)
    except (ValueError, OverflowError):
        raise NotDone(f"{text!r} is no date: as in 2026-11-01 or 2026-11-01T18:30:00Z") from None


def _time(at: int, exactly: str) -> str:
    moment = datetime.fromtimestamp(at / 1000, UTC)
    return moment.isoformat(timespec=exactly).replace("+00:00", "Z")
