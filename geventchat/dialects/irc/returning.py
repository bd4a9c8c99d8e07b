"""Coming back under one's account: what was missed, for IRC clients.

Those that know CHATHISTORY read back by themselves, from where they know to be. The
others are given it: private lines when they come in, and a room's lines when they join.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from geventchat.chat import rights
from geventchat.chat.events import Entry, Said, Told
from geventchat.chat.names import fold
from geventchat.delivery.progress import PRIVATE
from geventchat.dialects.absence import Absence, Dismiss, Leave, Reading, ReadMissed, Resume, Shown
from geventchat.dialects.base import ROWS_A_SLICE, Pause, Steps
from geventchat.dialects.irc import markers
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.dated import dated, notices

_HEADING = "Said while you were away, times in UTC:"


def awaited(client: Client, account: str, device: str) -> Steps:
    """The connection is about to be an account's device: from here on it misses nothing."""
    absence: Any = yield Resume(fold(account), device or "irc")
    if isinstance(absence, Absence):
        client.markers = dict(absence.read)


def begun(client: Client, account: str) -> Steps:
    """The account has just been made: it has missed nothing, and will from here on."""
    yield from awaited(client, account, "")
    yield Dismiss(None)


def given_up(client: Client) -> Steps:
    """It is nobody's device any more, or has not become one."""
    yield Leave(became=client.session is not None)
    client.markers.clear()


def welcomed(client: Client) -> Steps:
    """It has come in: private lines that came meanwhile, and what other devices' rooms said.

    And how far the account has read: some of its rooms it may not be in by now.
    """
    markers.tell_all(client)
    yield from told(client, PRIVATE)
    for key in list(client.me.rooms):
        yield from told(client, key)


def holds(client: Client, key: str) -> bool:
    """Whether something was missed in a room that is yet to be told."""
    followed = client.audience.followed.get(client.outbox.number)
    return followed is not None and key in followed.held


def told(client: Client, target: str | None) -> Steps:
    """Give what was missed of a room (its key), in private, or (None) anywhere."""
    if target is not None and not holds(client, target):
        return
    if client.has("draft/chathistory") or client.me.identity.bot:
        yield Dismiss(target)
        return
    reading = yield ReadMissed(client.config.history_max_lines, target)
    if not isinstance(reading, Reading):
        client.send("NOTICE", client.nick, f"What you missed cannot be read now: {reading}")
        return
    entries = [entry for entry in reading.entries if not _is_request(entry)]
    for start in range(0, len(entries), ROWS_A_SLICE):
        client.unit(_lines(client, entries[start : start + ROWS_A_SLICE]))
        yield Pause()
    if reading.more:
        text = f"There is more that you missed: /msg {client.server} missed"
        client.send("NOTICE", client.nick, text)
    yield Shown(reading)


def _lines(client: Client, entries: list[Entry]) -> list[str]:
    """Lines of the past as this client can be told them: with their time, or as notices."""
    lines: list[str] = []
    if client.has("server-time"):
        for talk, some in groupby(entries, key=_talk):
            shown = [line for entry in some for line in client.encoder.encode(entry)]
            lines += client.batched("chathistory", [talk], shown)
        return lines
    for target in dict.fromkeys(_target(client, entry) for entry in entries):
        texts = [
            text for entry in entries if _target(client, entry) == target for text in dated(entry)
        ]
        lines += notices(client.server, target, [_HEADING, *texts])
    return lines


def _is_request(entry: Entry) -> bool:
    """What programs ask each other is not asked again."""
    return isinstance(entry.event, Said | Told) and rights.is_request(entry.event)


def _target(client: Client, entry: Entry) -> str:
    event = entry.event
    return event.room if isinstance(event, Said) else client.nick


def _talk(entry: Entry) -> str:
    """Where a client has it: in a room, or with somebody."""
    event = entry.event
    return event.room if isinstance(event, Said) else event.by.nick
