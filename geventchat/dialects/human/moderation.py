"""A room's order in people's words: who is meant, what was changed, how things are.

What IRC calls `+b m:bob!*@*` reads `muted bob` here.
"""

from __future__ import annotations

from collections.abc import Sequence

from geventchat.chat import masks
from geventchat.chat.events import Change, Identity, ModesSet
from geventchat.chat.events_accounts import Granted
from geventchat.chat.rooms import Room

# What somebody did who gave an account a rank for good.
_RANKS = {
    "owner": "gave {room} to {who}",
    "o": "made {who} an operator of {room} for good",
    "v": "gave {who} a voice in {room} for good",
    "": "took away the rank of {who} in {room}",
}
# And how it is where that is so already.
_HELD = {
    "owner": "{who} is the owner of {room} already",
    "o": "{who} is an operator of {room} for good already",
    "v": "{who} has a voice in {room} for good already",
    "": "{who} has no rank in {room} for good",
}

_ACCOUNT = "account:"
_FROM = "everybody from "
_EVERYBODY = "everybody"

# Of each change: what somebody did, and how it is where that would change nothing.
# {who} is whom it is about, {room} the room; a deed that names no room is told with it elsewhere.
_WORDS = {
    "+o": ("made {who} an operator", "{who} is an operator already"),
    "-o": ("took {who} off the operators", "{who} is not an operator"),
    "+v": ("gave {who} a voice", "{who} has a voice already"),
    "-v": ("took the voice of {who}", "{who} has no voice"),
    "+b": ("banned {who}", "{who} is banned already"),
    "-b": ("unbanned {who}", "{who} is not banned"),
    "+q": ("muted {who}", "{who} is muted already"),
    "-q": ("unmuted {who}", "{who} is not muted"),
    "+e": ("exempted {who} from bans", "{who} is exempt from bans already"),
    "-e": ("exempts {who} from bans no more", "{who} is not exempt from bans"),
    "+I": ("let {who} come in uninvited", "{who} may come in uninvited already"),
    "-I": ("lets {who} come in uninvited no more", "{who} may not come in uninvited"),
    "+m": (
        "moderated {room}: only operators and voices may speak",
        "{room} is moderated already",
    ),
    "-m": ("let everybody speak", "{room} is not moderated"),
    "+i": ("closed {room} to the uninvited", "{room} is closed to the uninvited already"),
    "-i": ("opened {room} to the uninvited", "{room} is open to the uninvited"),
    "+k": ("locked {room} with a key", "{room} is locked with that key already"),
    "-k": ("unlocked {room}", "{room} is not locked"),
    "+t": (
        "locked the topic of {room} to operators",
        "only operators set the topic of {room} already",
    ),
    "-t": (
        "opened the topic of {room} to everybody",
        "everybody may set the topic of {room} already",
    ),
    "+s": ("made {room} secret", "{room} is secret already"),
    "-s": ("made {room} known to everybody", "{room} is not secret"),
    "+n": ("closed {room} to words from outside", "{room} takes no words from outside already"),
    "-n": ("opened {room} to words from outside", "{room} takes words from outside already"),
    "+C": ("closed {room} to what programs ask", "{room} takes nothing programs ask already"),
    "-C": ("opened {room} to what programs ask", "{room} takes what programs ask already"),
    "+l": ("limited {room} to {who} people", "{room} is limited to {who} people already"),
    "-l": ("let as many into {room} as come", "{room} is not limited"),
}


def who_is_meant(mask: str) -> str:
    """A mask as people call it: `bob`, `account:bob`, `everybody from 192.0.2.0/24`."""
    mask = mask.removeprefix(masks.MUTE)
    if mask.startswith(masks.ACCOUNT):
        return _ACCOUNT + mask.removeprefix(masks.ACCOUNT)
    if mask == "*!*@*":
        return _EVERYBODY
    nick = mask.removesuffix("!*@*")
    if nick not in (mask, _EVERYBODY):  # Nobody is taken for everybody by their name.
        return nick
    return _FROM + mask.removeprefix("*!*@") if mask.startswith("*!*@") else mask


def mask_of(who: str, listed: bool) -> str:
    """What people type for somebody as a mask; `listed` says that they read it in a list.

    There `everybody` is everybody. Elsewhere it may be somebody's name, whose ban must
    not put out all the others.
    """
    if listed and who == _EVERYBODY:
        return "*"
    who = who.removeprefix(_FROM)
    return masks.ACCOUNT + who.removeprefix(_ACCOUNT) if who.startswith(_ACCOUNT) else who


def changes_told(event: ModesSet, here: bool) -> str:
    """What somebody changed, without their name; `here` says that it is read in that room."""
    modes = {change.mode for change in event.changes}
    opened = {"-k", "-i"} if {"-k", "-i"} <= modes else set()  # Both are one fact.
    rest = [change for change in event.changes if change.mode not in opened]
    *firsts, last = [
        *(_told(change, event.room, 0) for change in rest),
        *([f"opened {event.room} to everybody"] if opened else []),
    ]
    told = f"{', '.join(firsts)} and {last}" if firsts else last
    names_it = opened or any("{room}" in _words(change)[0] for change in rest)
    return told if here or names_it else f"{told} in {event.room}"


def unchanged_told(room: str, changes: Sequence[Change]) -> str:
    """How it is already, where changes would make no difference; the first one's fact."""
    return f"{begun(_told(changes[0], room, 1))}." if changes else "It is so already."


def begun(told: str) -> str:
    """Words at the beginning of a line: a nick stays as it is."""
    return f"E{told[1:]}" if told.startswith(f"{_EVERYBODY} ") else told


def _told(change: Change, room: str, which: int) -> str:
    return _words(change)[which].format(who=who_is_meant(change.argument), room=room)


def _words(change: Change) -> tuple[str, str]:
    """What there is to say of a change; a key is not told."""
    mode = change.mode
    if change.argument.startswith(masks.MUTE):
        mode = {"+b": "+q", "-b": "-q"}.get(mode, mode)
    return _WORDS[mode]


def hush_told(room: Room, who: Identity, on: bool) -> list[str]:
    """What is told to whoever may not speak from now on, or may again."""
    if not on:
        return [f"You may speak in {room.name} again."]
    if room.modes.banned(who):  # They read that, and are put out.
        return []
    return [f"You are muted in {room.name}: others do not hear you."]


def holds_in(room: Room) -> list[str]:
    """What holds in a room, a fact a line."""
    flags, modes = room.modes.flags, room.modes
    facts = {
        "is moderated: only operators and voices may speak": "m" in flags,
        "is locked with a key": bool(modes.key),
        "is for invited people only": "i" in flags,
        "is secret: only who is in it knows of it": "s" in flags,
        f"takes {modes.limit:,} people at most": bool(modes.limit),
        "has a topic that only operators set": "t" in flags,
        "takes words from people who are not in it": "n" not in flags,
        "takes nothing that programs ask each other (CTCP)": "C" in flags,
    }
    found = [f"{room.name} {fact}." for fact, holds in facts.items() if holds]
    open_to_all = not (modes.strict or modes.key or modes.limit or "i" in flags)
    if open_to_all:
        found.insert(0, f"Everybody may come into {room.name}, and speak there.")
    bans = len(modes.lists.get("b", ()))
    if bans:
        found.append(f"{bans} banned or muted: /bans lists them.")
    return found


def held_told(room: str, who: str, rank: str) -> str:
    """Which rank somebody has for good, where giving it, or taking it, would change nothing."""
    return f"{_HELD[rank].format(who=who, room=room)}."


def rank_told(event: Granted) -> str:
    """What a room is told of a rank that was given for good."""
    who = event.by.nick or "The server"
    return f"{who} {_RANKS[event.rank].format(who=event.account, room=event.room)}."
