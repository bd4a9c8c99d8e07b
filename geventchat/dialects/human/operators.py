"""Words of those who rule a room; the rules are those of all dialects."""

from __future__ import annotations

from collections.abc import Callable

from geventchat.chat import commands as chat
from geventchat.chat import masks
from geventchat.chat.events import Change
from geventchat.chat.modes import KEY_MAX_CHARS
from geventchat.chat.names import fold
from geventchat.chat.presence import Room
from geventchat.dialects.base import Settle, Steps
from geventchat.dialects.human.conversation import Conversation
from geventchat.dialects.human.render import ago
from geventchat.dialects.human.word import Word

Run = Callable[[Conversation, str], Steps]


def _here(talk: Conversation) -> Room | None:
    if talk.here is None:
        talk.reply("You are in no room.")
        return None
    return talk.here.room


def _change(talk: Conversation, room: Room, change: Change) -> Steps:
    if not change.session and not room.rules.changes(change):
        talk.reply("It is so already.")
        return
    talk.ask(chat.SetModes(room.name, (change,)))
    yield Settle()


def _standing(mode: str) -> Run:
    """A word that changes what somebody is in the room."""

    def run(talk: Conversation, nick: str) -> Steps:
        room, target = _here(talk), talk.state.session_of(nick)
        if room is None:
            return
        if target is None:
            talk.reply(f"{nick} is not here.")
            return
        yield from _change(talk, room, Change(mode, target.nick, target.identity.session))

    return run


def _flag(mode: str) -> Run:
    """A word that changes the room itself."""

    def run(talk: Conversation, rest: str) -> Steps:
        room = _here(talk)
        if room is not None:
            yield from _change(talk, room, Change(mode))

    return run


def _listed(mode: str, prefix: str = "") -> Run:
    """A word that bans or mutes: a nick, `account:NAME`, an address, a network or a mask."""

    def run(talk: Conversation, rest: str) -> Steps:
        room = _here(talk)
        if room is None:
            return
        who, _, more = rest.partition(" ")
        if more:
            # A ban for a time must not quietly become one for ever.
            talk.reply("Name one nick, address or network. Times and reasons are not kept yet.")
            return
        if who.startswith("account:"):
            who = masks.ACCOUNT + who.removeprefix("account:")
        mask = prefix + masks.full(who)
        entries = room.rules.lists.get("b", {})
        mask = entries[fold(mask)].mask if fold(mask) in entries else mask
        yield from _change(talk, room, Change(mode, mask))

    return run


def _bans(talk: Conversation, rest: str) -> None:
    room = _here(talk)
    if room is None:
        return
    entries = room.rules.lists.get("b", {}).values()
    for entry in entries:
        what = "muted" if entry.mask.startswith(masks.MUTE) else "banned"
        when = ago(talk.now() - entry.at)
        talk.reply(f"{entry.mask.removeprefix(masks.MUTE)} {what} by {entry.by} {when} ago")
    if not entries:
        talk.reply(f"Nobody is banned from {room.name}.")


def _kick(talk: Conversation, rest: str) -> Steps:
    room = _here(talk)
    nick, _, why = rest.partition(" ")
    if room is not None:
        talk.ask(chat.Kick(room.name, nick, why))
        yield Settle()


def _invite(talk: Conversation, rest: str) -> Steps:
    nick, _, name = rest.partition(" ")
    here = talk.here.room.name if talk.here else ""
    room = (name if name.startswith("#") else f"#{name}") if name else here
    target = talk.state.session_of(nick)
    if talk.ask(chat.Invite(nick, room)) and target is not None:
        yield Settle()
        talk.reply(f"{target.nick} is invited to {room}.")


def _lock(talk: Conversation, key: str) -> Steps:
    room = _here(talk)
    if room is None:
        return
    if len(key) > KEY_MAX_CHARS or not key.isascii() or any(char in key for char in " ,:"):
        talk.reply(f"A key has up to {KEY_MAX_CHARS} letters and digits, no spaces or commas.")
        return
    yield from _change(talk, room, Change("+k", key) if key else Change("+i"))


def _unlock(talk: Conversation, rest: str) -> Steps:
    room = _here(talk)
    if room is None:
        return
    changes = [Change("-k", room.rules.key)] if room.rules.key else []
    changes += [Change("-i")] if "i" in room.rules.flags else []
    if changes:
        talk.ask(chat.SetModes(room.name, tuple(changes)))
        yield Settle()
    else:
        talk.reply("It is so already.")


_GROUP = "Room operators"
WORDS = (
    Word(
        "op", "/op NICK", "make somebody an operator of the room", _standing("+o"), _GROUP, (), True
    ),
    Word("deop", "/deop NICK", "end that", _standing("-o"), _GROUP, (), True),
    Word(
        "voice",
        "/voice NICK",
        "let somebody speak when moderated",
        _standing("+v"),
        _GROUP,
        (),
        True,
    ),
    Word("devoice", "/devoice NICK", "end that", _standing("-v"), _GROUP, (), True),
    Word("invite", "/invite NICK [#room]", "ask somebody in", _invite, _GROUP, (), True),
    Word("kick", "/kick NICK [WHY]", "put somebody out", _kick, _GROUP, (), True),
    Word(
        "ban",
        "/ban WHO",
        "keep somebody out: nick, address, network",
        _listed("+b"),
        _GROUP,
        (),
        True,
    ),
    Word("unban", "/unban WHO", "end that", _listed("-b"), _GROUP, (), True),
    Word("bans", "/bans", "who is banned or muted", _bans, _GROUP),
    Word(
        "mute",
        "/mute WHO",
        "let somebody be here, not speak",
        _listed("+b", "m:"),
        _GROUP,
        (),
        True,
    ),
    Word("unmute", "/unmute WHO", "end that", _listed("-b", "m:"), _GROUP, (), True),
    Word("lock", "/lock [KEY]", "only for who is invited, or has the key", _lock, _GROUP),
    Word("unlock", "/unlock", "end both", _unlock, _GROUP),
    Word("moderate", "/moderate", "only operators and voices speak", _flag("+m"), _GROUP),
    Word("unmoderate", "/unmoderate", "end that", _flag("-m"), _GROUP),
)
