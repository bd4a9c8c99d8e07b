"""Commands about people: one's own name and whereabouts, and those of others."""

from __future__ import annotations

from geventchat.chat import commands, visibility
from geventchat.chat.cloaks import may_know_address
from geventchat.chat.events import Entry, Left
from geventchat.chat.names import fold
from geventchat.chat.sessions import AWAY, Session
from geventchat.dialects.base import ROWS_A_SLICE, HangUp, Pause, Settle, Steps
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.encoder import ago, why_away
from geventchat.dialects.human.table import PEOPLE, YOU, Table
from geventchat.dialects.questions import ReadSeen
from geventchat.errors import CloseReason

# How people are here, in words; a table has no place for them.
_DOORS = {"telnet": "is at a terminal", "irc": "uses an IRC client", "web": "is on the web"}

COMMANDS = Table()


@COMMANDS.add("/nick NAME", "choose a name", YOU, "name")
def _nick(client: Client, nick: str) -> Steps:
    if nick == client.me.nick:
        client.reply(f"You are {nick} already.")
    elif client.ask(commands.SetNick(nick)) and not client.announced:
        yield Settle()
        client.announce()


@COMMANDS.add("/away [REASON]", "tell that you are away", YOU, typed="/away lunch")
def _away(client: Client, reason: str) -> None:
    client.ask(commands.SetAway(reason or AWAY))


@COMMANDS.add("/back", "tell that you are back", YOU)
def _back(client: Client, rest: str) -> None:
    if client.me.away:
        client.ask(commands.SetAway(""))
    else:
        client.reply("You are not away.")


@COMMANDS.add("/quit [REASON]", "leave", YOU, "exit", "bye")
def _quit(client: Client, reason: str) -> Steps:
    online = ago(client.now() - client.me.arrived_at)
    noun = "line" if client.lines_said == 1 else "lines"
    client.reply(f"Bye. Online {online}, {client.lines_said:,} {noun}.")
    yield HangUp(CloseReason.QUIT, reason)


@COMMANDS.add("/who", "everyone who is online", PEOPLE)
def _who(client: Client, rest: str) -> Steps:
    rows: list[tuple[str, ...]] = [("nick", "rooms", "on for", "idle", "via", "away")]
    for nth, key in enumerate(sorted(client.state.nicks), 1):
        session = client.state.nicks.get(key)
        if session is not None and visibility.may_see(client.me, session):
            rows.append(_who_row(client, session))
        if nth % ROWS_A_SLICE == 0:
            yield Pause()
    widths = [min(30, max(map(len, column))) for column in zip(*rows, strict=True)]
    width = max(20, client.columns - 3)  # The screen's, less the arrow before every line.
    for start in range(0, len(rows), ROWS_A_SLICE):
        lines = []
        for row in rows[start : start + ROWS_A_SLICE]:
            cells = (f"{cell[:30]:<{wide}}" for cell, wide in zip(row, widths, strict=True))
            lines.append("  ".join(cells).rstrip()[:width])
        client.reply(*lines)
        yield Pause()
    count = len(rows) - 1
    client.reply(f"{count} {'user' if count == 1 else 'users'} online.")


def _who_row(client: Client, session: Session) -> tuple[str, ...]:
    now = client.now()
    return (
        session.nick,
        _room_list(client, session, ","),
        ago(now - session.arrived_at),
        ago(now - session.last_line_at),
        session.via,
        session.away,
    )


def _room_list(client: Client, session: Session, between: str = ", ") -> str:
    rooms = visibility.rooms_known(client.state, client.me, session)
    return between.join(room.name for room in rooms)


@COMMANDS.add("/whois NICK", "what is known of someone", PEOPLE)
def _whois(client: Client, nick: str) -> None:
    session = client.state.session_of(nick)
    if session is None:
        account = client.state.accounts.get(fold(nick))
        if account is not None:
            nick = account.name
            client.reply(f"{nick} is registered. /msg {nick} TEXT is read at the next login.")
        client.reply(f"{nick} is not here. /seen {nick} tells when they were.")
        return
    now = client.now()
    client.reply(
        f"{session.nick} is in {_room_list(client, session) or 'no room'}",
        f"{session.nick} {_DOORS.get(session.via, f'comes via {session.via}')}",
        f"{session.nick} has been here for {ago(now - session.arrived_at)}",
        f"{session.nick} has been idle for {ago(now - session.last_line_at)}",
    )
    who = session.identity
    if may_know_address(client.me, who):
        client.reply(f"{session.nick} comes from {who.address}")
    elif who.host != who.address:  # A cloak, by which a room's operator can ban them.
        client.reply(f"{session.nick} comes from {who.host}")
    client.reply(*_told_of(client, session))
    if session.away:
        client.reply(f"{session.nick} is away{why_away(session.away)}")


def _told_of(client: Client, session: Session) -> list[str]:
    """Whose account it is, and what they tell of themselves."""
    nick, account = session.nick, session.identity.account
    told = [
        f"{nick} has {name}: {value}" for name, value in client.state.metadata_of(session).items()
    ]
    if not account:
        return told
    same = fold(account) == fold(nick)
    return [f"{nick} is registered" if same else f"{nick} is logged in as {account}", *told]


@COMMANDS.add("/seen NICK", "when someone was last here", PEOPLE)
def _seen(client: Client, nick: str) -> Steps:
    session = client.state.session_of(nick)
    if session is not None:
        idle = ago(client.now() - session.last_line_at)
        where = _room_list(client, session) or "no room"
        client.reply(f"{session.nick} is here now, in {where} (idle {idle}).")
        return
    entry = yield ReadSeen(nick)
    if isinstance(entry, Entry):
        event = entry.event
        # What a room was then is not known any more; it is named to whoever is in it.
        rooms = event.rooms if isinstance(event, Left) else ()
        shared = [key for key in rooms if key in client.me.rooms]
        where = f" in {client.state.rooms[shared[0]].name}" if shared else ""
        client.reply(f"{event.by.nick} was last here {ago(client.now() - entry.at)} ago{where}.")
    elif entry is None:
        client.reply(f"{nick} has never been here.")
    else:
        client.reply(f"History cannot be read now: {entry}.")
