"""Words that answer from what the server knows right now."""

from __future__ import annotations

from geventchat import __version__
from geventchat.chat.events import Entry, Left
from geventchat.chat.modes import prefixes
from geventchat.chat.names import fold
from geventchat.chat.presence import Session
from geventchat.dialects.base import ReadSeen, Steps
from geventchat.dialects.human.conversation import Conversation
from geventchat.dialects.human.render import ago, local
from geventchat.dialects.human.word import Word


def _rooms(talk: Conversation, rest: str) -> None:
    rooms = sorted(talk.state.rooms.values(), key=lambda room: (-len(room.members), room.key))
    width = max((len(room.name) for room in rooms), default=0)
    lines = []
    for room in rooms:
        membership = talk.me.memberships.get(room.key)
        star = "*" if membership else " "
        unread = membership.room.log.head.shown - membership.mark.shown if membership else 0
        tail = f"  ({unread} unread)" if unread else ""
        line = f"{room.name:<{width}}  {len(room.members):>4}  {room.topic}{tail}".rstrip()
        lines.append(f"{star}{line}")
    talk.reply(*(lines or ["There are no rooms. /join #room makes one."]))


def _names(talk: Conversation, rest: str) -> None:
    here = talk.here.room if talk.here else None
    room = talk.state.room(rest) if rest else here
    if room is None:
        talk.reply(f"There is no room {rest}." if rest else "You are in no room.")
        return
    members = sorted(room.members.values(), key=lambda member: fold(member.session.nick))
    nicks = [prefixes(member.standing, False) + member.session.nick for member in members]
    talk.reply(f"{len(nicks)} in {room.name}: {', '.join(nicks)}")


def _who(talk: Conversation, rest: str) -> None:
    now = talk.now()
    rows = [("nick", "rooms", "on for", "idle", "via", "away")]
    sessions = sorted(talk.state.sessions.values(), key=lambda session: fold(session.nick))
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
        lines.append("  ".join(cells).rstrip()[: max(20, talk.columns - 3)])
    lines.append(f"{len(sessions)} {'user' if len(sessions) == 1 else 'users'} online.")
    talk.reply(*lines)


def _room_list(session: Session) -> str:
    return ",".join(membership.room.name for membership in session.memberships.values())


def _whois(talk: Conversation, nick: str) -> None:
    session = talk.state.session_of(nick)
    if session is None:
        talk.reply(f"{nick} is not here. /seen {nick} tells when they were.")
        return
    now = talk.now()
    talk.reply(
        f"{session.nick} is in {_room_list(session) or 'no room'}",
        f"{session.nick} comes via {session.via}",
        f"{session.nick} joined {ago(now - session.arrived_at)} ago",
        f"{session.nick} is idle for {ago(now - session.last_line_at)}",
    )
    if session.away:
        talk.reply(f"{session.nick} is away: {session.away}")


def _seen(talk: Conversation, nick: str) -> Steps:
    session = talk.state.session_of(nick)
    if session is not None:
        idle = ago(talk.now() - session.last_line_at)
        talk.reply(
            f"{session.nick} is here now, in {_room_list(session) or 'no room'} (idle {idle})."
        )
        return
    entry = yield ReadSeen(nick)
    if isinstance(entry, Entry):
        event = entry.event
        where = f" in {event.rooms[0]}" if isinstance(event, Left) and event.rooms else ""
        talk.reply(f"{event.by.nick} was last here {ago(talk.now() - entry.at)} ago{where}.")
    elif entry is None:
        talk.reply(f"{nick} has never been here.")
    else:
        talk.reply(f"History cannot be read now: {entry}.")


def _motd(talk: Conversation, rest: str) -> None:
    talk.reply(*(talk.config.motd.splitlines() or ["There is no message of the day."]))


def _rules(talk: Conversation, rest: str) -> None:
    talk.reply(*(talk.config.rules.splitlines() or ["There are no rules here but good manners."]))


def _version(talk: Conversation, rest: str) -> None:
    talk.reply(f"geventchat {__version__}")


def _uptime(talk: Conversation, rest: str) -> None:
    talk.reply(f"Up for {ago(talk.now() - talk.state.started_at)}.")


def _time(talk: Conversation, rest: str) -> None:
    talk.reply(f"{local(talk.now(), talk.look.zone):%A %Y-%m-%d %H:%M:%S %Z}")


def _ping(talk: Conversation, rest: str) -> None:
    talk.reply("pong")


WORDS = (
    Word("rooms", "/rooms", "list the rooms", _rooms, "Rooms", ("list",)),
    Word("names", "/names [#room]", "who is in a room", _names, "People"),
    Word("who", "/who", "everyone who is online", _who, "People"),
    Word("whois", "/whois NICK", "what is known of someone", _whois, "People", needs=True),
    Word("seen", "/seen NICK", "when someone was last here", _seen, "People", needs=True),
    Word("motd", "/motd", "the message of the day", _motd, "Server"),
    Word("rules", "/rules", "the house rules", _rules, "Server"),
    Word("version", "/version", "what runs here", _version, "Server"),
    Word("uptime", "/uptime", "how long it has run", _uptime, "Server"),
    Word("time", "/time", "what time it is", _time, "Server"),
    Word("ping", "/ping", "whether it hears you", _ping, "Server"),
)
