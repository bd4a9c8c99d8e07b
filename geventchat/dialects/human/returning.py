"""Coming back under one's account: into the rooms of last time, and what was missed there."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from geventchat.chat.names import fold
from geventchat.dialects.absence import (
    CountMissed,
    Dismiss,
    Leave,
    Missed,
    Reading,
    ReadMissed,
    Resume,
    Shown,
)
from geventchat.dialects.base import ROWS_A_SLICE, Pause, Request, Steps
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.missed import reminder, told_later
from geventchat.dialects.human.table import READING, Table
from geventchat.errors import StoreError

COMMANDS = Table()


def absence_of(client: Client, account: str) -> Generator[Request, Any, Any]:
    """How the device was away, asked before it logs in; None where that is not known now."""
    absence = yield Resume(fold(account), client.me.via)
    return None if isinstance(absence, StoreError) else absence


def begun(client: Client) -> Steps:
    """Somebody has just registered: from now on it is known what they miss."""
    account = client.me.identity.account
    if account:
        yield Resume(fold(account), client.me.via)
        yield Dismiss(None)  # There was nothing to miss before.


def told(client: Client, account: str, absence: Any) -> Steps:
    """Back in the rooms of last time, and told what was missed; all of it after a cut."""
    if fold(client.me.identity.account) != fold(account):
        yield Leave(became=False)
        return
    if absence is None:
        client.reply("What you missed cannot be told now; it is kept.")
        return
    yield from _rooms_of_last_time(client, absence.rooms)
    missed = yield CountMissed()
    if not isinstance(missed, Missed) or not missed.total:
        return
    if absence.cut and missed.total <= client.config.history_max_lines:
        yield from _show(client, None)
        return
    most_first = sorted(missed.rooms, key=lambda found: -found[1])
    names = [(client.state.rooms[key].name, lines) for key, lines in most_first]
    client.reply(*reminder(names, missed.private))


def _rooms_of_last_time(client: Client, rooms: tuple[str, ...]) -> Steps:
    current = client.current
    client.returning = True
    try:
        for key in rooms:
            room = client.state.rooms.get(key)
            if room is not None and key not in client.me.rooms:
                yield from client.join(room.name)
    finally:
        client.returning = False
    if current in client.me.rooms:
        client.switch(current)


@COMMANDS.add(
    "/missed [#room]",
    "read what was said while you were away",
    READING,
    typed="/missed",
    notes=("For those who have an account: see /help register.",),
)
def _missed(client: Client, rest: str) -> Steps:
    if not client.me.identity.account:
        client.reply("Only for those who are logged in is it known what they missed. /help login")
        return
    if rest and fold(rest) not in client.me.rooms:
        client.reply(f"You are not in {rest}. /join {rest}")
        return
    yield from _show(client, fold(rest) or None)


def _show(client: Client, target: str | None) -> Steps:
    reading = yield ReadMissed(client.config.history_max_lines, target)
    if not isinstance(reading, Reading):
        client.reply(f"History cannot be read now: {reading}.")
        return
    entries = [entry for entry in reading.entries if client.wants(entry)]
    for start in range(0, len(entries), ROWS_A_SLICE):
        some = entries[start : start + ROWS_A_SLICE]
        client.write(
            *(line for entry in some for line in told_later(entry, client.me, client.look))
        )
        yield Pause()
    yield Shown(reading)
    count = {0: "nothing missed", 1: "1 line missed"}.get(
        len(entries), f"{len(entries):,} lines missed"
    )
    client.write(f"-- {count}{', /missed for more' if reading.more else ''} --")
