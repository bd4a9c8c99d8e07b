"""Words that answer from what the server knows right now."""

from __future__ import annotations

from geventchat import __version__
from geventchat.chat.events import Entry, Left
from geventchat.chat.modes import prefixes
from geventchat.chat.names import fold
from geventchat.chat.presence import Session
from geventchat.dialects.base import ReadSeen, Steps
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.encoder import ago, local
from geventchat.dialects.human.table import Command


def _rooms(client: Client, rest: str) -> None:
    rooms = sorted(client.state.rooms.values(), key=lambda room: (-len(room.members), room.key))
    width = max((len(room.name) for room in rooms), default=0)
    lines = []
    for room in rooms:
        membership = client.me.memberships.get(room.key)
        star = "*" if membership else " "
        unread = membership.room.log.head.shown - membership.cursor.shown if membership else 0
        tail = f"  ({unread} unread)" if unread else ""
        line = f"{room.name:<{width}}  {len(room.members):>4}  {room.topic}{tail}".rstrip()
        lines.append(f"{star}{line}")
    client.reply(*(lines or ["There are no rooms. /join #room makes one."]))


def _names(client: Client, rest: str) -> None:
    here = client.here.room if client.here else None
    room = client.state.room(rest) if rest else here
    if room is None:
        client.reply(f"There is no room {rest}." if rest else "You are in no room.")
        return
    members = sorted(room.members.values(), key=lambda member: fold(member.session.nick))
    nicks = [prefixes(member.status, False) + member.session.nick for member in members]
    client.reply(f"{len(nicks)} in {room.name}: {', '.join(nicks)}")


def _who(client: Client, rest: str) -> None:
    now = client.now()
    rows = [("nick", "rooms", "on for", "idle", "via", "away")]
    sessions = sorted(client.state.sessions.values(), key=lambda session: fold(session.nick))
    rows += [
        (
            session.nick,
            _room_list(session),
            ago(now - session.arrived_at),
            ago(now - session.last_line_at),
            session.via,
            session.away,
        )
        for session in sessions
    ]
    widths = [min(30, max(len(row[column]) for row in rows)) for column in range(6)]
    lines = []
    for row in rows:
        cells = (f"{cell[:30]:<{width}}" for cell, width in zip(row, widths, strict=True))
        # The screen's width less the arrow before every line.
        lines.append("  ".join(cells).rstrip()[: max(20, client.columns - 3)])
    lines.append(f"{len(sessions)} {'user' if len(sessions) == 1 else 'users'} online.")
    client.reply(*lines)


def _room_list(session: Session) -> str:
    return ",".join(membership.room.name for membership in session.memberships.values())


def _whois(client: Client, nick: str) -> None:
    session = client.state.session_of(nick)
    if session is None:
        client.reply(f"{nick} is not here. /seen {nick} tells when they were.")
        return
    now = client.now()
    client.reply(
        f"{session.nick} is in {_room_list(session) or 'no room'}",
        f"{session.nick} comes via {session.via}",
        f"{session.nick} joined {ago(now - session.arrived_at)} ago",
        f"{session.nick} is idle for {ago(now - session.last_line_at)}",
    )
    if session.away:
        client.reply(f"{session.nick} is away: {session.away}")


def _seen(client: Client, nick: str) -> Steps:
    session = client.state.session_of(nick)
    if session is not None:
        idle = ago(client.now() - session.last_line_at)
        client.reply(
            f"{session.nick} is here now, in {_room_list(session) or 'no room'} (idle {idle})."
        )
        return
    entry = yield ReadSeen(nick)
    if isinstance(entry, Entry):
        event = entry.event
        where = f" in {event.rooms[0]}" if isinstance(event, Left) and event.rooms else ""
        client.reply(f"{event.by.nick} was last here {ago(client.now() - entry.at)} ago{where}.")
    elif entry is None:
        client.reply(f"{nick} has never been here.")
    else:
        client.reply(f"History cannot be read now: {entry}.")


def _motd(client: Client, rest: str) -> None:
    client.reply(*(client.config.motd.splitlines() or ["There is no message of the day."]))


def _rules(client: Client, rest: str) -> None:
    client.reply(
        *(client.config.rules.splitlines() or ["There are no rules here but good manners."])
    )


def _version(client: Client, rest: str) -> None:
    client.reply(f"geventchat {__version__}")


def _uptime(client: Client, rest: str) -> None:
    client.reply(f"Up for {ago(client.now() - client.state.started_at)}.")


def _time(client: Client, rest: str) -> None:
    client.reply(f"{local(client.now(), client.look.zone):%A %Y-%m-%d %H:%M:%S %Z}")


def _ping(client: Client, rest: str) -> None:
    client.reply("pong")


COMMANDS = (
    Command("rooms", "/rooms", "list the rooms", _rooms, "Rooms", ("list",)),
    Command("names", "/names [#room]", "who is in a room", _names, "People"),
    Command("who", "/who", "everyone who is online", _who, "People"),
    Command("whois", "/whois NICK", "what is known of someone", _whois, "People", needs=True),
    Command("seen", "/seen NICK", "when someone was last here", _seen, "People", needs=True),
    Command("motd", "/motd", "the message of the day", _motd, "Server"),
    Command("rules", "/rules", "the house rules", _rules, "Server"),
    Command("version", "/version", "what runs here", _version, "Server"),
    Command("uptime", "/uptime", "how long it has run", _uptime, "Server"),
    Command("time", "/time", "what time it is", _time, "Server"),
    Command("ping", "/ping", "whether it hears you", _ping, "Server"),
)
