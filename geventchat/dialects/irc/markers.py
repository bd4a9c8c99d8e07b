"""How far somebody has read: MARKREAD (IRCv3 draft/read-marker).

An account's markers are kept, and are the same on all its devices; without one they last
as long as the connection. Each client has a copy to tell from, since a room is entered in
the midst of other lines, where nothing can be waited for.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from datetime import UTC, datetime
from typing import Any

from geventchat.chat.names import fold, is_nick, is_room
from geventchat.delivery.devices import outboxes_of
from geventchat.dialects.absence import SetMarker
from geventchat.dialects.base import Request, Steps
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.encoder import timestamp
from geventchat.dialects.irc.syntax import Message
from geventchat.dialects.irc.table import Table
from geventchat.errors import StoreError

CAPABILITY = "draft/read-marker"
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z", re.ASCII)
# Of one connection without an account the oldest go; an account must do with as many.
_MARKERS_MAX, _KEPT_MAX = 256, 1000

COMMANDS = Table()


def moment(text: str) -> int:
    """Milliseconds since 1970 of a `server-time` stamp. Raises `ValueError`."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(text)
    whole = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
    return int(whole.timestamp()) * 1000 + int((found[2] or "0").ljust(3, "0")[:3])


@COMMANDS.add("MARKREAD target [timestamp=...]: how far you have read", capability=CAPABILITY)
def _markread(client: Client, message: Message) -> Steps:
    if not message.params or not message.params[0]:
        client.fail("MARKREAD", "NEED_MORE_PARAMS", "Missing parameters")
        return
    target, *rest = message.params
    config = client.config
    if not (is_room(target, config.room_name_max_bytes) or is_nick(target, config.nick_max_chars)):
        client.fail("MARKREAD", "INVALID_PARAMS", target, "Neither a channel nor a nick")
        return
    if rest:
        kind, _, stamp = rest[0].partition("=")
        try:
            at = moment(stamp if kind == "timestamp" else "")
        except ValueError:
            client.fail("MARKREAD", "INVALID_PARAMS", target, "Not a timestamp")
            return
        why = yield from _set(client, target, at)
        if why:
            client.fail("MARKREAD", "INTERNAL_ERROR", target, why)
            return
    client.unit([tell_marker(client, target)])


def _set(client: Client, target: str, at: int) -> Generator[Request, Any, str]:
    """Move a marker, forwards only; why that is not possible, if it is not."""
    key, markers = fold(target), client.markers
    if at <= markers.get(key, 0):
        return ""
    account = client.state.account_of(client.me)
    if account is None:
        markers[key] = max(at, markers.pop(key, 0))
        if len(markers) > _MARKERS_MAX:
            del markers[next(iter(markers))]
        return ""
    if key not in markers and len(markers) >= _KEPT_MAX:
        return f"You have {_KEPT_MAX} markers, which is the most"
    failed = yield SetMarker(key, at)
    if isinstance(failed, StoreError):
        return str(failed)
    markers[key] = at
    for session in client.state.sessions_of(account):
        for outbox in outboxes_of(client.audience.outboxes, session):
            if outbox is not client.outbox:
                outbox.presenter.marked(target, at)
    return ""


def moved(client: Client, target: str, at: int) -> None:
    """Another device of the account has read so far."""
    key = fold(target)
    if at > client.markers.get(key, 0):
        client.markers[key] = at
        if client.has(CAPABILITY):
            client.outbox.put([tell_marker(client, target)])


def tell_all(client: Client) -> None:
    """Tell how far the account has read that the client has just logged in to."""
    state = client.state
    for key in client.markers if client.has(CAPABILITY) else ():
        room, session = state.rooms.get(key), state.nicks.get(key)
        name = room.name if room else session.nick if session else key
        client.unit([tell_marker(client, name)])


def tell_marker(client: Client, target: str) -> str:
    """The line that says how far a room or a talk was read."""
    at = client.markers.get(fold(target))
    stamp = "*" if at is None else f"timestamp={timestamp(at)}"
    return client.written(f":{client.server} MARKREAD {target} {stamp}")
