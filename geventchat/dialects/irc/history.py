"""Reading back: CHATHISTORY and MARKREAD (IRCv3 chathistory, read-marker)."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any, NamedTuple

from geventchat.chat import history, visibility
from geventchat.chat.events import Entry, Said
from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.chat.names import fold, is_nick
from geventchat.delivery.subscription import Feed
from geventchat.dialects.base import ROWS_A_SLICE, Pause, Request, Steps
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.dated import dated, notices
from geventchat.dialects.irc.encoder import timestamp
from geventchat.dialects.irc.markers import moment
from geventchat.dialects.irc.returning import holds
from geventchat.dialects.irc.syntax import MSGID_MAX_DIGITS, Message, number
from geventchat.dialects.irc.table import Table
from geventchat.dialects.questions import ReadEvent, ReadHistory, ReadPeers
from geventchat.errors import StoreError

# With how many people one session can have talked, of whom TARGETS knows.
_PEERS_MAX = 10_000
# What is read: (whether of a private talk, whether events are wanted beside lines).
_KINDS = {
    (False, False): history.LINES,
    (False, True): history.REPLAYED,
    (True, False): history.PRIVATE_LINES,
    (True, True): history.PRIVATE_REPLAYED,
}
# How many references each way of asking needs, besides the target and the limit.
_REFERENCES = {"LATEST": 1, "BEFORE": 1, "AFTER": 1, "AROUND": 1, "BETWEEN": 2, "TARGETS": 2}

COMMANDS = Table()


class Point(NamedTuple):
    """A place in history: an event's number, or a moment (0 and -1: not that one)."""

    number: int = 0
    at: int = -1


class BadReference(Exception):
    """Not a `msgid=` or `timestamp=`; the code of the failure."""


def _point(reference: str) -> Point:
    kind, _, value = reference.partition("=")
    if kind == "msgid" and (msgid := number(value, MSGID_MAX_DIGITS)) is not None:
        return Point(number=msgid)
    if kind == "timestamp":
        try:
            return Point(at=moment(value))
        except ValueError:
            raise BadReference("INVALID_PARAMS") from None
    raise BadReference("UNKNOWN_MSGID" if kind == "msgid" else "INVALID_MSGREFTYPE")


def _after(within: HistoryRange, point: Point) -> HistoryRange:
    return (
        within._replace(after=point.number) if point.number else within._replace(after_at=point.at)
    )


def _before(within: HistoryRange, point: Point) -> HistoryRange:
    if point.number:
        return within._replace(before=point.number)
    return within._replace(before_at=point.at)


@COMMANDS.add(
    "CHATHISTORY LATEST|BEFORE|AFTER|AROUND|BETWEEN|TARGETS ...",
    needs=1,
    capability="draft/chathistory",
)
def _chathistory(client: Client, message: Message) -> Steps:
    way = message.params[0].upper()
    wants = _REFERENCES.get(way)
    if wants is None:
        client.fail("CHATHISTORY", "INVALID_PARAMS", message.params[0] or "*", "Unknown subcommand")
        return
    rest = message.params[1:]
    target = "" if way == "TARGETS" else rest.pop(0) if rest else ""
    if len(rest) < wants + 1:
        client.fail("CHATHISTORY", "NEED_MORE_PARAMS", way, "Missing parameters")
        return
    limit = number(rest[wants])
    if not limit:
        client.fail("CHATHISTORY", "INVALID_PARAMS", way, "Not a limit")
        return
    most = min(limit, client.config.history_max_lines)
    try:
        star = way == "LATEST" and rest[0] == "*"
        points = [] if star else [_point(reference) for reference in rest[:wants]]
    except BadReference as error:
        client.fail("CHATHISTORY", str(error), way, "Not a place in history")
        return
    if way == "TARGETS":
        yield from _targets(client, points, most)
    else:
        yield from _messages(client, way, target, points, most)


def _messages(client: Client, way: str, target: str, points: list[Point], most: int) -> Steps:
    room = client.state.room(target)
    peer = "" if target[:1] == "#" else fold(target)
    if (peer and not is_nick(target, client.config.nick_max_chars)) or (
        not peer and (room is None or room.key not in client.me.rooms)
    ):
        text = "There is nothing for you to read"
        client.fail("CHATHISTORY", "INVALID_TARGET", way, target or "*", text)
        return
    kinds = _KINDS[bool(peer), client.has("draft/event-playback")]
    key = "" if room is None or peer else room.key
    found: list[Entry] = []
    if way == "BETWEEN" and bool(points[0].number) != bool(points[1].number):
        first = yield from _dated(points[0])
        points = [first, (yield from _dated(points[1]))]
    for within, limit, latest in _ranges(way, points, most):
        left = limit - len(found) if way == "AROUND" else limit
        query = HistoryQuery(within, left, latest, key, peer, kinds)
        some: Any = yield ReadHistory(query)
        if isinstance(some, StoreError):
            client.fail("CHATHISTORY", "MESSAGE_ERROR", way, target, str(some))
            return
        found += some
    name = room.name if room is not None else target
    lines: list[str] = []
    for nth, entry in enumerate(found, 1):
        lines += _shown(client, entry, name)
        if nth % ROWS_A_SLICE == 0:
            yield Pause()
    client.unit(client.batched("chathistory", [target], lines))


def _dated(point: Point) -> Generator[Request, Any, Point]:
    """A point as a moment, so that it can be compared with one."""
    if point.number:
        entry = yield ReadEvent(point.number)
        return Point(at=entry.at if isinstance(entry, Entry) else 0)
    return point


def _ranges(way: str, points: list[Point], most: int) -> list[tuple[HistoryRange, int, bool]]:
    """What to read, one after the other: a range, how much at most, and whether its latest."""
    everything = HistoryRange()
    if way == "LATEST":
        return [(_after(everything, points[0]) if points else everything, most, True)]
    if way == "BEFORE":
        return [(_before(everything, points[0]), most, True)]
    if way == "AFTER":
        return [(_after(everything, points[0]), most, False)]
    if way == "BETWEEN":
        first, second = points
        if first <= second:
            return [(_before(_after(everything, first), second), most, False)]
        return [(_before(_after(everything, second), first), most, True)]
    (point,) = points
    # The one asked for counts to what comes after.
    itself = Point(point.number - 1, point.at) if point.number else Point(at=point.at - 1)
    following = _after(everything, itself)
    if most < 2:
        return [(following, most, False)]
    return [(_before(everything, point), most // 2, True), (following, most, False)]


def recent_lines(client: Client, feed: Feed, before: int) -> list[str]:
    """A room's last lines before event number `before`, for who cannot ask for them.

    They bear their time, or would seem to be said now. What programs ask each other is not
    asked again, and bots shall not obey the words of yesterday.
    """
    if client.has("draft/chathistory") or holds(client, feed.room.key):
        return []
    lines = 0 if client.me.identity.bot else client.config.irc_history_on_join_lines
    name = feed.room.name
    first = visibility.reads_from(client.state, client.me, feed.room.key)
    recent = feed.recent(lines, before, first)
    if not client.has("server-time"):
        texts = [text for entry in recent for text in dated(entry)]
        heading = ["Said here before you came, times in UTC:"] if texts else []
        return list(notices(client.server, name, heading + texts))
    shown = [
        line
        for entry in recent
        if isinstance(entry.event, Said) and entry.event.text[:1] != "\x01"
        for line in _shown(client, entry, name)
    ]
    return client.batched("chathistory", [name], shown) if shown else []


def _shown(client: Client, entry: Entry, room: str) -> list[str]:
    """A line of history; rooms are spelt as they are known now."""
    if isinstance(entry.event, Said):
        entry = entry._replace(event=replace(entry.event, room=room))
    return client.encoder.encode(entry)


def _targets(client: Client, points: list[Point], most: int) -> Steps:
    """Rooms and people of whom the latest line lies between two moments, oldest first.

    Of the latest of all, so that whoever pages backwards is not told of a room on each page.
    """
    if any(point.number for point in points):
        text = "TARGETS lie between timestamps"
        client.fail("CHATHISTORY", "INVALID_MSGREFTYPE", "TARGETS", text)
        return
    first, second = sorted(point.at for point in points)
    found: list[tuple[int, str]] = []
    for room in client.state.rooms_of(client.me):
        some = yield ReadHistory(HistoryQuery(HistoryRange(), 1, True, room.key))
        if isinstance(some, list) and some:
            found.append((some[0].at, room.name))
    peers = yield ReadPeers(HistoryRange(), _PEERS_MAX)
    if isinstance(peers, list):
        found += [(at, nick) for nick, at in peers]
    between = sorted((at, name) for at, name in found if first < at < second)
    # Whoever names the later moment first wants those next to it, as with BETWEEN.
    chosen = between[:most] if points[0].at <= points[1].at else between[-most:]
    lines = [f":{client.server} CHATHISTORY TARGETS {name} {timestamp(at)}" for at, name in chosen]
    client.unit(client.batched("draft/chathistory-targets", [], lines))
