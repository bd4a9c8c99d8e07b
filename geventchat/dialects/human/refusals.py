"""Refusals and last words, as a person reads them."""

from __future__ import annotations

from typing import Any
from unicodedata import category

from geventchat.chat.disclosure import discloses
from geventchat.chat.events import Event, Said, Told
from geventchat.chat.names import unfit_in
from geventchat.dialects.human import moderation
from geventchat.dialects.human.encoder import ago
from geventchat.errors import CloseReason, Reason, Refused

_REFUSALS = {
    Reason.NAME_KEPT: "You may not speak in {room}, so you keep your name. /part {room} first.",
    Reason.NAME_RESERVED: "{nick} is a reserved name: people would take you for somebody else.",
    Reason.NICK_REGISTERED: "{nick} is registered: /login {nick} PASSWORD",
    Reason.ACCOUNT_EXISTS: "{account} is registered already.",
    Reason.NO_SUCH_ACCOUNT: "Nobody has registered {account}.",
    Reason.LOGGED_IN: "You are logged in as {account} already. /logout first.",
    Reason.NOT_LOGGED_IN: "You are not logged in. /login NICK PASSWORD",
    Reason.NOT_OWNED: "{room} belongs to nobody: it forgets its ranks when it is empty.",
    Reason.NOT_OWNER: "Only the owner of {room} may do that.",
    Reason.ROOM_OWNER: "{account} is the owner of {room}.",
    Reason.BAD_METADATA: "{name} cannot be set: {why}.",
    Reason.BAD_REALNAME: "A real name must be visible and at most {limit} bytes.",
    Reason.BAD_ROOM_NAME: "{room} cannot be a room: # and a name without spaces or commas,"
    " up to {max_bytes} bytes, all of it to be seen and its letters of one script.",
    Reason.NO_SUCH_ROOM: "There is no room {room}. /rooms lists them, /join {room} makes it.",
    Reason.NO_SUCH_NICK: "{nick} is not here.",
    Reason.NOT_IN_ROOM: "You are not in {room}. /join {room}",
    Reason.ALREADY_IN_ROOM: "You are in {room} already. /switch {room} to talk there.",
    Reason.TOO_MANY_ROOMS: "You are in too many rooms: the limit is {limit:,}. /part one first.",
    Reason.NO_MORE_ROOMS: "{room} cannot be made: the server has all the rooms it may have,"
    " {limit:,}. /rooms lists them.",
    Reason.OWNS_TOO_MANY: "{account} owns as many rooms as one may: {limit:,}.",
    Reason.NOT_IN_THAT_ROOM: "{nick} is not in {room}.",
    Reason.ALREADY_IN_THAT_ROOM: "{nick} is in {room} already.",
    Reason.NOT_OPERATOR: "Only operators of {room} or of the server may do that.",
    Reason.BANNED: "You are banned from {room}.",
    Reason.INVITE_ONLY: "{room} is for invited people only.",
    Reason.BAD_KEY: "{room} is locked: /join {room} KEY",
    Reason.ROOM_FULL: "{room} is full.",
    Reason.MAY_NOT_SPEAK: "You may not speak in {room}: {why}. Your line was not sent.",
    Reason.TAKES_NO_CTCP: "{nick} takes no CTCP.",
    Reason.LIST_FULL: "{room} has {limit:,} bans and exceptions already; /unban somebody first.",
    Reason.UNKNOWN_MODE: "There is no mode {mode}.",
    Reason.BAD_MASK: "Not a valid mask: give a nick, an address, a network or a mask,"
    " without spaces.",
    Reason.BAD_KEY_FORM: "A key has up to {max_chars} letters and digits, no spaces or commas.",
    Reason.BAD_LIMIT: "{number} is not a number of members.",
    Reason.MAY_NOT_REDACT: "Only its author or an operator of {room} may take it back.",
    Reason.NOT_PRIVILEGED: "Only operators of the server may do that.",
    Reason.REGISTRATION_CLOSED: "Nobody can register here by themselves: ask who runs the server.",
    Reason.TOO_OFTEN: "There was too much of that from your address: try again later.",
    Reason.PASSWORD_TOO_SHORT: "That password is too short: it needs {min_chars} characters.",
    Reason.PASSWORD_TOO_LONG: "That password is too long: the limit is {max_bytes:,} bytes.",
    Reason.BAD_PASSWORD: "That cannot be a password: it has characters that nobody can see.",
    Reason.NOTHING_TO_SAY: "Nothing to say: that line has nothing anyone could see.",
    Reason.TOPIC_TOO_LONG: "That topic is too long: the limit is {limit:,} bytes.",
    Reason.TOO_MANY_DEVICES: "{nick} is on from {limit:,} devices already, which is the limit:"
    " leave from one of them first.",
    Reason.SESSION_GONE: "{nick} has just left: log in once more.",
    Reason.OTHER_DEVICES: "You are on as {nick} from other devices too: leave from here first.",
    Reason.GONE: "You are no longer here.",
}

_FAREWELLS = {
    CloseReason.NOT_REGISTERED: "-> You took too long to say who you are. Closing.",
    CloseReason.NOT_ADMITTED: "-> You cannot come in now; try again later.",
    CloseReason.KILLED: "-> An operator has ended your session.",
    CloseReason.WRONG_PASSWORD: "-> Too many wrong passwords. Closing.",
    CloseReason.LINE_TOO_LONG: "-> Line too long and without an end. Closing.",
    CloseReason.STALLED: "-> You have read nothing for too long. Closing.",
    CloseReason.MADE_PLACE: "-> The server is full and you have not said anything:"
    " your place is somebody else's now. Come back soon.",
    CloseReason.DRAIN: "-> The server is shutting down. Come back soon.",
    CloseReason.CRASH: "-> Something went wrong on our side; it has been logged. Closing.",
}


def refusal_line(refusal: Refused, event: Event | None, now: int) -> str:
    """One `-> ` line that says what was refused and what to do."""
    facts: dict[str, Any] = refusal.facts
    if refusal.reason is Reason.NICK_IN_USE:
        return f"-> {facts['nick']} is in use (online {ago(now - facts['since'])})."
    if refusal.reason is Reason.NOT_SAVED:
        what = "Your line was not sent." if isinstance(event, Said | Told) else "Nothing changed."
        return f"-> Not saved: {facts['why']}. {what}"
    if refusal.reason is Reason.UNCHANGED and "rank" in facts:
        return f"-> {moderation.held_told(facts['room'], facts['account'], facts['rank'])}"
    if refusal.reason is Reason.UNCHANGED:
        return f"-> {moderation.unchanged_told(facts['room'], facts.get('changes', ()))}"
    if refusal.reason is Reason.BAD_NICK:
        return f"-> {_bad_nick(facts['nick'], facts['max_chars'])}"
    return "-> " + _REFUSALS[refusal.reason].format_map(facts)


def _bad_nick(nick: str, max_chars: int) -> str:
    """Which rule a name breaks; marks and the like are not shown, but named."""
    unfit = unfit_in(nick)
    visible = nick.isprintable() and not any(category(char)[0] == "M" for char in nick)
    start = f"{nick if visible and len(nick) <= 40 else 'That'} cannot be a name:"
    if len(nick) > max_chars:
        return f"{start} it has {len(nick):,} characters, and {max_chars} are the most."
    if unfit:
        what = "a space" if unfit == " " else unfit if visible else f"U+{ord(unfit):04X}"
        return f"{start} {what} is not one of a-z, A-Z, 0-9 and -_[]{{}}|^`\\."
    return f"{start} it begins with a {'dash' if nick[:1] == '-' else 'digit'}."


def withheld(text: str, private: bool = False) -> str:
    """What is told of words that tell a password; empty if they do not.

    Who the operator is must not be told by what is refused.
    """
    found = discloses(text, private)
    if found is None:
        return ""
    return f"That looks like /{found.command} with a password. Your line was not sent."


def farewell_line(reason: CloseReason) -> str:
    """What someone reads before the server hangs up; empty when they hung up themselves."""
    return _FAREWELLS.get(reason, "")
