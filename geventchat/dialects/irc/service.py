"""The server's name as somebody to talk to: `/msg geventchat history 20 #lobby`.

For clients that have no CHATHISTORY. Answers are notices, which no program answers in
its turn, with a source like a user's: so clients show them where the question stands.
"""

from __future__ import annotations

from geventchat.chat.events import Form
from geventchat.chat.history import HistoryQuery, HistoryRange
from geventchat.chat.names import fold
from geventchat.chat.search import Findings
from geventchat.dialects.absence import CountMissed, Missed
from geventchat.dialects.base import ROWS_A_SLICE, Settle, Steps
from geventchat.dialects.history import FORMS, wanted
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc import returning
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.dated import beginning, dated, notices
from geventchat.dialects.irc.encoder import source_of
from geventchat.dialects.irc.oper import own
from geventchat.dialects.questions import ReadHistory, Search
from geventchat.dialects.search import USAGE, asked


def is_meant(client: Client, target: str) -> bool:
    """Whether a line is for the server, whose name nobody can take.

    Who bore it before it became the server's still hears what is for them.
    """
    return fold(target) == fold(client.server) and client.state.session_of(target) is None


def answer(client: Client, text: str, form: Form) -> Steps:
    """Answer a private line to the server; nothing answers a notice (RFC 2812 section 3.3.2)."""
    yield Settle()  # Lines that the client said just before are history already.
    if client.has("echo-message"):
        verb = "NOTICE" if form is Form.NOTICE else "PRIVMSG"
        start = f"{source_of(client.me.identity)}{verb} {client.server} :"
        for line in beginning(start, text.split("\n")):
            client.line(line)
    if form is Form.NOTICE:
        return
    if text[:1] == "\x01":
        client.reply(n.CANNOTSENDTOUSER, client.server, "The server takes no CTCP")
        return
    word, *rest = text.split() or [""]
    match word.lower().removeprefix("/"):
        case "history":
            yield from _history(client, rest)
        case "search":
            yield from _search(client, text.partition(word)[2])
        case "owner" if rest:
            yield from own(client, rest[0])
        case "missed":
            yield from _missed(client)
        case "help":
            _tell(client, *_help(client))
        case _:
            _tell(client, "The server knows only these words:", *_help(client))


def _help(client: Client) -> list[str]:
    return [
        "history [N or 2h] [#room]: what was said in a room you are in,"
        f" as in: history 20 {client.config.lobby}",
        "missed: what was said while you were away, if you have an account",
        f"{USAGE}: what was said in your rooms and to you, the latest last",
        "owner TOKEN: have your account rule the server; its start tells the token.",
        "help: these lines. /list shows the rooms, and /quote HELP the commands of IRC.",
    ]


def _missed(client: Client) -> Steps:
    if not client.me.identity.account:
        _tell(client, "Only of those who are logged in is it known what they missed.")
        return
    missed = yield CountMissed()
    if isinstance(missed, Missed) and not missed.total:
        _tell(client, "Nothing missed.")
        return
    yield from returning.told(client, None)


def _history(client: Client, words: list[str]) -> Steps:
    asked = wanted(words, client.now(), client.config.history_max_lines)
    if asked.trouble or asked.nick:
        _tell(client, f"{asked.trouble or 'Only rooms are read back here.'} Say {FORMS} (UTC).")
        return
    key = fold(asked.room) or _only_room(client)
    if not key:
        how_much = " ".join(words) or asked.limit
        _tell(client, f"Which room? As in: history {how_much} {client.config.lobby}")
        return
    if key not in client.me.rooms:
        _tell(client, f"You are not in {asked.room}. /join {asked.room}")
        return
    name = client.state.rooms[key].name  # It may be forgotten before all is told.
    within = HistoryRange(after_at=asked.since - 1, before_at=asked.until)
    found = yield ReadHistory(HistoryQuery(within, asked.limit, latest=True, room=key))
    if not isinstance(found, list):
        _tell(client, f"History cannot be read now: {found}.")
        return
    lines = [line for entry in found for line in dated(entry)]
    for nth, line in enumerate(lines, 1):
        _tell(client, line)
        if nth % ROWS_A_SLICE == 0:
            yield client.pause()
    noun = "line" if len(lines) == 1 else "lines"
    _tell(client, f"-- {len(lines) or 'no'} {noun} of {name}, times in UTC --")


def _search(client: Client, rest: str) -> Steps:
    config = client.config
    query, name, trouble = asked(
        rest, client.now(), config.search_max_words, config.search_max_lines
    )
    if trouble:
        _tell(client, f"Not searched: {trouble}." if rest.strip() else f"Usage: {USAGE}")
        return
    if name and fold(name) not in client.me.rooms:
        _tell(client, f"You are not in {name}. /join {name}")
        return
    found = yield Search(query)
    if not isinstance(found, Findings):
        _tell(client, f"Not searched: {found}.")
        return
    for entry in reversed(found.entries):
        _tell(client, *dated(entry, where=True))
    more = ", and there are earlier ones" if found.reached else ""
    _tell(client, f"-- {len(found.entries) or 'nothing'} found{more}, times in UTC --")


def _only_room(client: Client) -> str:
    """The key of the room that must be meant, if there is one."""
    rooms = list(client.me.rooms)
    return rooms[0] if len(rooms) == 1 else ""


def _tell(client: Client, *texts: str) -> None:
    server = client.server
    for line in notices(f"{server}!server@{server}", client.nick, list(texts)):
        client.line(line)
